package io.millrace.http;

import java.nio.file.Path;

/// What a server shows its clients, in PEM.
///
/// @param certificate the server's certificate, and those that lead to its root behind it
/// @param key its private key, PKCS #8 and not encrypted
public record TlsOptions(Path certificate, Path key) {}
