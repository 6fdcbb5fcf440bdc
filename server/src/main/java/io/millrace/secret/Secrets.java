package io.millrace.secret;

import io.millrace.engine.Store;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;

import javax.crypto.AEADBadTagException;

/// Seals secrets for the store and opens them: AES-256-GCM with a data key, which is itself in the
/// store, sealed with the [MasterKey]. Thread-safe.
///
/// A sealed text begins with the format's number and the data key's, then as [Sealing]. It is bound
/// to a context, as the ARN of what it belongs to: at another place it does not open.
public final class Secrets {
    private static final byte FORMAT = 1;
    private static final int DATA_KEY = 1;
    private static final int HEADER_BYTES = Byte.BYTES + Integer.BYTES;
    private static final byte[] DATA_KEY_CONTEXT =
            "millrace data key 1".getBytes(StandardCharsets.UTF_8);

    private final Store store;
    private final RandomGenerator random;
    private final MasterKey masterKey;
    private volatile byte @Nullable [] dataKey;

    /// @param random must not be guessed
    public Secrets(Store store, RandomGenerator random, MasterKey masterKey) {
        this.store = store;
        this.random = random;
        this.masterKey = masterKey;
    }

    /// Refuses a master key that is none, or not the one of the secrets that are there.
    ///
    /// @throws SecretException when it is refused
    public void check() {
        byte[] wrapped = wrapped();
        if (wrapped == null) {
            masterKey.find();
        } else {
            dataKey = unwrap(wrapped, masterKey);
        }
    }

    /// As [#check], of this master key or another: refuses two neither of which is the right one.
    ///
    /// @throws SecretException when they are refused
    public void checkEither(MasterKey other) {
        byte[] wrapped = wrapped();
        if (wrapped != null) {
            unwrapWithEither(wrapped, other);
        }
    }

    /// The store's key of the wrapped data key.
    public static byte[] wrappedKey() {
        return SecretKeys.dataKey(DATA_KEY);
    }

    /// Seals the data key with another master key, which alone opens the store's value of it when
    /// this returns; files may hold the replaced one until they are compacted. Repeating it is no
    /// error, and where there is no secret nothing is to do.
    ///
    /// @throws SecretException when neither key is the one of the secrets that are there
    public void rekey(MasterKey next) {
        byte[] wrapped = wrapped();
        if (wrapped == null) {
            return;
        }
        byte[] key = unwrapWithEither(wrapped, next);
        byte[] nonce = new byte[Sealing.NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] again = Sealing.seal(next.findOrMake(random), nonce, DATA_KEY_CONTEXT, key);
        store.write(tx -> {
            tx.put(SecretKeys.dataKey(DATA_KEY), again);
            return again.length;
        });
    }

    /// Seals a text. Outside of any transaction: the first one makes the data key.
    ///
    /// @param context what it belongs to
    public byte[] seal(byte[] plain, String context) {
        byte[] nonce = new byte[Sealing.NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] sealed = Sealing.seal(dataKeyOrNew(), nonce, bytes(context), plain);
        return ByteBuffer.allocate(HEADER_BYTES + sealed.length)
                .put(FORMAT)
                .putInt(DATA_KEY)
                .put(sealed)
                .array();
    }

    /// Opens what was sealed with the same context. Outside of any transaction.
    ///
    /// @throws SecretException when it was not, or not by us
    public byte[] open(byte[] sealed, String context) {
        if (sealed.length < HEADER_BYTES
                || sealed[0] != FORMAT
                || ByteBuffer.wrap(sealed).getInt(Byte.BYTES) != DATA_KEY) {
            throw new SecretException("the secret of " + context + " has an unknown format");
        }
        byte[] key = dataKey();
        if (key == null) {
            throw new SecretException("the key of the secret of " + context + " is not there");
        }
        try {
            byte[] body = Arrays.copyOfRange(sealed, HEADER_BYTES, sealed.length);
            return Sealing.open(key, bytes(context), body);
        } catch (AEADBadTagException e) {
            throw new SecretException("the secret of " + context + " does not open", e);
        }
    }

    private byte @Nullable [] dataKey() {
        byte[] known = dataKey;
        if (known != null) {
            return known;
        }
        byte[] wrapped = wrapped();
        if (wrapped == null) {
            return null;
        }
        byte[] unwrapped = unwrap(wrapped, masterKey);
        dataKey = unwrapped;
        return unwrapped;
    }

    /// Whoever is first makes the data key; the others take that one.
    private byte[] dataKeyOrNew() {
        byte[] known = dataKey();
        if (known != null) {
            return known;
        }
        byte[] made = new byte[Sealing.KEY_BYTES];
        random.nextBytes(made);
        byte[] nonce = new byte[Sealing.NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] wrapped;
        synchronized (this) { // the file must be made once
            wrapped = Sealing.seal(masterKey.findOrMake(random), nonce, DATA_KEY_CONTEXT, made);
        }
        byte[] stored =
                store.write(tx -> {
                    byte[] other = tx.get(SecretKeys.dataKey(DATA_KEY));
                    if (other == null) {
                        tx.put(SecretKeys.dataKey(DATA_KEY), wrapped);
                    }
                    return other == null ? wrapped : other;
                });
        byte[] key = unwrap(stored, masterKey);
        dataKey = key;
        return key;
    }

    private byte @Nullable [] wrapped() {
        return store.<byte @Nullable []>read(s -> s.get(SecretKeys.dataKey(DATA_KEY)));
    }

    private byte[] unwrapWithEither(byte[] wrapped, MasterKey other) {
        try {
            return unwrap(wrapped, other);
        } catch (SecretException _) {
            try {
                return unwrap(wrapped, masterKey);
            } catch (SecretException e) {
                throw masterKey.isThere() && other.isThere()
                        ? new SecretException(
                                "neither the old master key nor the new one is the one that the"
                                        + " secrets in the data directory are sealed with: a third"
                                        + " one is, that of an earlier rekey?",
                                e)
                        : e;
            }
        }
    }

    private static byte[] unwrap(byte[] wrapped, MasterKey masterKey) {
        byte[] master = masterKey.find();
        if (master == null) {
            throw new SecretException(
                    "there are secrets in the data directory, but no master key "
                            + masterKey.origin());
        }
        try {
            return Sealing.open(master, DATA_KEY_CONTEXT, wrapped);
        } catch (AEADBadTagException e) {
            throw new SecretException(
                    "the master key "
                            + masterKey.origin()
                            + " is not the one that the secrets in the data directory were sealed"
                            + " with"
                            + masterKey.advice(),
                    e);
        }
    }

    private static byte[] bytes(String context) {
        return context.getBytes(StandardCharsets.UTF_8);
    }
}
