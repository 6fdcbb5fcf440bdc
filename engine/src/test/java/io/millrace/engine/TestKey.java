package io.millrace.engine;

import java.security.SecureRandom;
import java.util.Arrays;

/// A key that wraps nearly nothing: enough to be the right one, or another.
///
/// @param id which key it is
record TestKey(byte id) implements KeyEncryptionKey {
    static final Encryption NONE = Encryption.none();
    static final Encryption ENCRYPTED = encryption(Encryption.Wanted.ALWAYS, 7);

    static Encryption encryption(Encryption.Wanted wanted, int id) {
        return new Encryption(wanted, new TestKey((byte) id), new SecureRandom());
    }

    @Override
    public byte[] wrap(byte[] dataKey) {
        byte[] wrapped = Arrays.copyOf(dataKey, dataKey.length + 1);
        wrapped[dataKey.length] = id;
        return wrapped;
    }

    @Override
    public byte[] unwrap(byte[] wrapped) {
        if (wrapped[wrapped.length - 1] != id) {
            throw new StoreException("the key is not the one");
        }
        return Arrays.copyOf(wrapped, wrapped.length - 1);
    }
}
