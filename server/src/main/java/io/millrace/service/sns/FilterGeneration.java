package io.millrace.service.sns;

import io.millrace.engine.Bytes;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;

import java.nio.charset.StandardCharsets;

/// How often the filter policies of a topic have changed, and how many there are.
///
/// @param number 0 when there never was one
record FilterGeneration(long number, long count) {

    static FilterGeneration of(Snapshot snapshot, long topic) {
        byte[] value = snapshot.get(SnsKeys.filterGeneration(topic));
        return value == null
                ? new FilterGeneration(0, 0)
                : new FilterGeneration(Bytes.readLong(value, 0), Bytes.readLong(value, Long.BYTES));
    }

    /// @param more 1, 0 or -1
    /// @throws io.millrace.wire.ServiceException `FilterPolicyLimitExceeded`
    FilterGeneration next(int more) {
        if (more > 0 && count >= SnsLimits.FILTER_POLICIES) {
            throw SnsErrors.filterPolicyLimitExceeded();
        }
        return new FilterGeneration(number + 1, count + more);
    }

    /// Writes it, and to which subscription it is due.
    void put(Transaction tx, long topic, String subscriptionId) {
        byte[] value = new byte[2 * Long.BYTES];
        Bytes.writeLong(value, 0, number);
        Bytes.writeLong(value, Long.BYTES, count);
        tx.put(SnsKeys.filterGeneration(topic), value);
        tx.put(
                SnsKeys.filterChange(topic, number),
                subscriptionId.getBytes(StandardCharsets.UTF_8));
        if (number > SnsLimits.CHANGES_KEPT) {
            tx.delete(SnsKeys.filterChange(topic, number - SnsLimits.CHANGES_KEPT));
        }
    }
}
