package io.millrace.service.kms;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/// The server's randomness, for the JDK's cryptography.
final class GivenRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final transient RandomGenerator random;

    /// @param random must not be guessed
    GivenRandom(RandomGenerator random) {
        super(null, null);
        this.random = random;
    }

    @Override
    public void nextBytes(byte[] bytes) {
        random.nextBytes(bytes);
    }
}
