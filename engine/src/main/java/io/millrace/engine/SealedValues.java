package io.millrace.engine;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/// Values sealed with AES-256-GCM under a data key, each bound to its key. Counters, which are
/// eight bytes and which the database itself adds up, stay as they are; so do empty values, and
/// keys, which must keep their order.
///
/// A sealed value:
///
/// | bytes | what |
/// |---|---|
/// | 1 | form 1, and flags: compressed, stamp in the key, stamp in the value |
/// | 2 | where the key's stamp stands, if it has one |
/// | 4 | where the value's stamp stands, if it has one |
/// | 8 | salt: drawn at each opening of the store, makes that opening's keys of the data key |
/// | 6 | number: counts the values that were sealed since the opening; the nonce |
/// | 8 | the value's stamp, if it has one |
/// | | the ciphertext |
/// | 16 | the tag |
///
/// A nonce never comes twice under one key, not even in two copies of one directory, since each
/// opening has keys of its own (HKDF-SHA-256, RFC 5869); two salts of 65,536 openings meet with a
/// chance of 2⁻³³. Flags, places of stamps and the key are authenticated with the value.
///
/// Values are sealed before the commit lock is taken, but stamps are known only under it. So the
/// key is authenticated with zeros for its stamp, and under the lock one block of AES, of the
/// number and the stamp under a key of its own, is added to the tag (exclusive or): with another
/// stamp the tag comes out as if at random. There is one stamp for a number, so nobody sees two
/// masks of one tag.
final class SealedValues implements StoredValues {
    private static final int FORM = 1;
    private static final int FORM_MASK = 0x0f;
    private static final int COMPRESSED = 0x10;
    private static final int KEY_STAMPED = 0x20;
    private static final int VALUE_STAMPED = 0x40;

    private static final int SALT_BYTES = Long.BYTES;
    private static final int NUMBER_BYTES = 6;
    private static final long NUMBER_MAX = (1L << (8 * NUMBER_BYTES)) - 1;
    private static final int PLAIN_OVERHEAD_BYTES =
            1 + SALT_BYTES + NUMBER_BYTES + ValueCipher.TAG_BYTES;
    private static final int STAMP_OVERHEAD_BYTES = Short.BYTES + Integer.BYTES + Long.BYTES;

    /// What is smaller gains too little.
    private static final int COMPRESSED_BYTES_MIN = 512;

    private static final int OPENINGS_MAX = 4096;
    private static final int KEY_BYTES_SHOWN_MAX = 16;

    private final byte[] dataKey;
    private final long salt;
    private final AtomicLong numbers = new AtomicLong();
    private final ConcurrentHashMap<Long, ValueCipher.Keys> openings = new ConcurrentHashMap<>();
    private final ValueCipher.Pool ciphers = new ValueCipher.Pool();

    SealedValues(byte[] dataKey, RandomGenerator random) {
        this.dataKey = dataKey;
        salt = random.nextLong();
    }

    /// Under which everything is sealed.
    byte[] dataKey() {
        return dataKey.clone();
    }

    @Override
    public int overheadBytesMax() {
        return PLAIN_OVERHEAD_BYTES + STAMP_OVERHEAD_BYTES + 1;
    }

    @Override
    public byte[] seal(byte[] key, byte[] value) {
        return sealStamped(key, Transaction.NO_STAMP, value, Transaction.NO_STAMP).bytes();
    }

    @Override
    public Stamped sealStamped(byte[] key, int keyStampOffset, byte[] value, int valueStampOffset) {
        if (value.length == 0) {
            return new Stamped(value, Transaction.NO_STAMP, -1); // its key says it all
        }
        long number = numbers.getAndIncrement();
        if (number > NUMBER_MAX) {
            throw new StoreException("too much was written since the store was opened");
        }
        boolean keyStamped = keyStampOffset != Transaction.NO_STAMP;
        boolean valueStamped = valueStampOffset != Transaction.NO_STAMP;
        ValueCipher cipher = ciphers.take();
        byte[] compressed =
                valueStamped || value.length < COMPRESSED_BYTES_MIN ? null : cipher.compress(value);
        byte[] packed = compressed == null ? value : compressed;
        int flags =
                FORM
                        | (compressed == null ? 0 : COMPRESSED)
                        | (keyStamped ? KEY_STAMPED : 0)
                        | (valueStamped ? VALUE_STAMPED : 0);
        ByteBuffer sealed =
                ByteBuffer.allocate(headerBytes(flags) + packed.length + ValueCipher.TAG_BYTES)
                        .put((byte) flags);
        if (keyStamped) {
            sealed.putShort((short) keyStampOffset);
        }
        if (valueStamped) {
            sealed.putInt(valueStampOffset);
        }
        int authenticated = sealed.position();
        sealed.putLong(salt).putShort((short) (number >>> Integer.SIZE)).putInt((int) number);
        int stampOffset = valueStamped ? sealed.position() : Transaction.NO_STAMP;
        byte[] bytes = sealed.array();
        cipher.begin(true, keys(salt), number, bytes, authenticated);
        cipher.authenticate(key, keyStampOffset);
        cipher.seal(packed, bytes, headerBytes(flags));
        ciphers.giveBack(cipher);
        return new Stamped(bytes, stampOffset, keyStamped || valueStamped ? number : -1);
    }

    @Override
    public void stamped(long sealNumber, long stamp, byte[] bytes, int end) {
        ValueCipher cipher = ciphers.take();
        cipher.mask(keys(salt), sealNumber, stamp, bytes, end - ValueCipher.TAG_BYTES);
        ciphers.giveBack(cipher);
    }

    @Override
    public byte[] open(byte[] key, byte[] stored) throws UnreadableException {
        if (stored.length == 0 || stored.length == Long.BYTES) {
            return stored; // nothing, or a counter
        }
        int flags = stored[0];
        if ((flags & FORM_MASK) != FORM
                || stored.length < headerBytes(flags) + ValueCipher.TAG_BYTES) {
            throw unreadable(key, "is not sealed");
        }
        ByteBuffer sealed = ByteBuffer.wrap(stored, 1, stored.length - 1);
        int keyStamp = (flags & KEY_STAMPED) == 0 ? Transaction.NO_STAMP : sealed.getShort();
        int valueStamp = (flags & VALUE_STAMPED) == 0 ? Transaction.NO_STAMP : sealed.getInt();
        int authenticated = sealed.position();
        ValueCipher.Keys keys = keys(sealed.getLong());
        long number = (long) (sealed.getShort() & 0xffff) << Integer.SIZE;
        number |= Integer.toUnsignedLong(sealed.getInt());
        long stamp = valueStamp == Transaction.NO_STAMP ? 0 : sealed.getLong();
        int valueBytes = sealed.remaining() - ValueCipher.TAG_BYTES;
        if (!isPlace(keyStamp, key.length) || !isPlace(valueStamp, valueBytes)) {
            throw unreadable(key, "does not open: it was altered, or is another key's");
        }
        long bound = keyStamp == Transaction.NO_STAMP ? stamp : Bytes.readLong(key, keyStamp);
        if (valueStamp != Transaction.NO_STAMP && bound != stamp) {
            throw unreadable(key, "does not open: it was altered, or is another key's");
        }
        ValueCipher cipher = ciphers.take();
        if (keyStamp != Transaction.NO_STAMP || valueStamp != Transaction.NO_STAMP) {
            cipher.mask(keys, number, bound, stored, stored.length - ValueCipher.TAG_BYTES);
        }
        cipher.begin(false, keys, number, stored, authenticated);
        cipher.authenticate(key, keyStamp);
        byte[] value = cipher.open(stored, sealed.position());
        if (value != null && (flags & COMPRESSED) != 0) {
            value = cipher.decompress(value);
        }
        ciphers.giveBack(cipher);
        if (value == null) {
            throw unreadable(key, "does not open: it was altered, or is another key's");
        }
        if (valueStamp != Transaction.NO_STAMP) {
            Bytes.writeLong(value, valueStamp, stamp);
        }
        return value;
    }

    private static boolean isPlace(int stampOffset, int length) {
        return stampOffset == Transaction.NO_STAMP
                || (stampOffset >= 0 && stampOffset <= length - Long.BYTES);
    }

    private static int headerBytes(int flags) {
        return PLAIN_OVERHEAD_BYTES
                - ValueCipher.TAG_BYTES
                + ((flags & KEY_STAMPED) == 0 ? 0 : Short.BYTES)
                + ((flags & VALUE_STAMPED) == 0 ? 0 : Integer.BYTES + Long.BYTES);
    }

    private ValueCipher.Keys keys(long ofSalt) {
        ValueCipher.Keys known = openings.get(ofSalt);
        if (known != null) {
            return known;
        }
        if (openings.size() >= OPENINGS_MAX) {
            openings.clear(); // they are derived again
        }
        return openings.computeIfAbsent(ofSalt, each -> ValueCipher.Keys.derive(dataKey, each));
    }

    private static UnreadableException unreadable(byte[] key, String what) {
        int shown = Math.min(key.length, KEY_BYTES_SHOWN_MAX);
        return new UnreadableException(
                "the value at key "
                        + HexFormat.of().formatHex(key, 0, shown)
                        + (shown < key.length ? "…" : "")
                        + " "
                        + what);
    }
}
