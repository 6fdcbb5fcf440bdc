package io.millrace.service.kms;

import java.security.PrivateKey;
import java.security.PublicKey;

import javax.crypto.SecretKey;

/// A key's material, opened: what the JDK's cryptography takes.
sealed interface Material {

    /// Of symmetric and HMAC keys.
    record Secret(SecretKey key) implements Material {}

    record Pair(PrivateKey privateKey, PublicKey publicKey) implements Material {}
}
