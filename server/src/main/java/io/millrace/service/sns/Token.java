package io.millrace.service.sns;

import io.millrace.storage.ResourceCodec;

import org.jspecify.annotations.Nullable;

/// What a confirmation link stands for.
///
/// @param removed the subscription that an unsubscription removed, which the link restores; null
///   for one that awaits its confirmation
record Token(String subscriptionArn, long expiresMillis, @Nullable Subscription removed) {

    static final ResourceCodec<Token> CODEC = new ResourceCodec<>(Token.class);

    /// Hexadecimal digits, as many as AWS's tokens have.
    static final int DIGITS = 288;
}
