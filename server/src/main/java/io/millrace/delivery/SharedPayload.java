package io.millrace.delivery;

import io.millrace.engine.Bytes;
import io.millrace.engine.KeyWriter;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.storage.UnreadableException;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// A payload that recipients of one transaction share: stored once beside them, and found by the
/// stamp that they have in common and a number.
///
/// It lives while one of its *holders* does: entries that the same transaction writes under keys
/// with its stamp. Since nothing can come to be under such a key later, a payload of which no
/// holder is left is garbage for good, and [SharedPayloads] removes it. Whoever moves what a holder
/// says to another key takes a copy of the payload along.
///
/// For one run of one transaction's body.
public final class SharedPayload {
    private final byte[] bytes;
    private final long number;
    private final List<KeyWriter> holders = new ArrayList<>();

    /// @param number random
    public SharedPayload(byte[] bytes, long number) {
        this.bytes = bytes;
        this.number = number;
    }

    public byte[] bytes() {
        return bytes;
    }

    public long number() {
        return number;
    }

    /// Keeps the payload for as long as there is an entry under this key.
    ///
    /// @param key has the stamp of the transaction
    public void heldBy(KeyWriter key) {
        holders.add(key);
    }

    /// Stores the payload, unless nothing holds it. To be called once, after all holders.
    public void put(Transaction tx, long nowMillis) {
        if (holders.isEmpty()) {
            return;
        }
        KeyWriter payload = DeliveryKeys.newPayload(number);
        tx.putStamped(payload.toBytes(), payload.stampOffset(), bytes, Transaction.NO_STAMP);
        KeyWriter holding = DeliveryKeys.newHolders(nowMillis, number);
        tx.putStamped(
                holding.toBytes(), holding.stampOffset(), encodeHolders(), Transaction.NO_STAMP);
    }

    /// For each: where its stamp stands, its length, the key with zeroes for the stamp.
    private byte[] encodeHolders() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(32 * holders.size());
        for (KeyWriter holder : holders) {
            byte[] key = holder.toBytes();
            out.write(holder.stampOffset());
            out.write(key.length >>> 8);
            out.write(key.length);
            out.writeBytes(key);
        }
        return out.toByteArray();
    }

    /// Whether any holder of a payload is there.
    ///
    /// @param holders as [#put] wrote them
    static boolean isHeld(Snapshot snapshot, long stamp, byte[] holders) {
        ByteBuffer in = ByteBuffer.wrap(holders);
        while (in.hasRemaining()) {
            int stampOffset = Byte.toUnsignedInt(in.get());
            byte[] key = new byte[Short.toUnsignedInt(in.getShort())];
            in.get(key);
            Bytes.writeLong(key, stampOffset, stamp);
            if (snapshot.get(key) != null) {
                return true;
            }
        }
        return false;
    }

    /// The payload of a transaction's entry.
    ///
    /// @param stamp the commit sequence number of that transaction
    /// @throws UnreadableException when there is none
    public static byte[] read(Snapshot snapshot, long stamp, long number) {
        byte[] payload = snapshot.get(DeliveryKeys.payload(stamp, number));
        if (payload == null) {
            throw new UnreadableException("a shared payload is missing: " + stamp);
        }
        return payload;
    }
}
