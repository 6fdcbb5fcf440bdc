package io.millrace.engine;

import java.util.random.RandomGenerator;

/// Whether the values of a store are encrypted on the disk, and under what. Keys are not: see
/// [SealedValues].
///
/// @param wanted what is done with which directory
/// @param key wraps the data key, and is asked only where there is one, or is to be one
/// @param random makes data keys and salts; must not be guessed
public record Encryption(Wanted wanted, KeyEncryptionKey key, RandomGenerator random) {

    /// What an operator wants. A store is encrypted, or not, for as long as it lives.
    public enum Wanted {
        /// What is there stays as it is; a new store is not encrypted.
        AS_IT_IS,
        /// What is there stays as it is; a new store is encrypted.
        WHEN_NEW,
        /// A new store is encrypted; one that is not is refused.
        ALWAYS,
        /// A new store is not encrypted; one that is is refused.
        NEVER
    }

    /// For who has no key: a store that is encrypted is refused.
    static Encryption none() {
        KeyEncryptionKey absent =
                new KeyEncryptionKey() {
                    @Override
                    public byte[] wrap(byte[] dataKey) {
                        throw new StoreException("no key was given");
                    }

                    @Override
                    public byte[] unwrap(byte[] wrapped) {
                        throw new StoreException("it is encrypted, and no key was given");
                    }
                };
        return new Encryption(Wanted.AS_IT_IS, absent, RandomGenerator.getDefault());
    }
}
