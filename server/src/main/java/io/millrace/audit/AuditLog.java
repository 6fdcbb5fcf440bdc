package io.millrace.audit;

import io.millrace.callrecord.CallKinds;
import io.millrace.callrecord.CallRecord;
import io.millrace.callrecord.UnsignedCalls;
import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.storage.Sweeper;
import io.millrace.wire.CallObserver;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;

/// A durable record of calls, as CloudTrail has them, by account and time. Thread-safe.
///
/// A record is durable before its call is answered. It is a transaction of its own, which shares
/// its sync with whatever else is being written; so a crash between the two may leave a change
/// without a record, but no answer.
public final class AuditLog implements CallObserver, AutoCloseable {
    private final AuditOptions options;
    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final Sweeper sweeper;
    private final UnsignedCalls unsigned;

    /// Records of an account, the newest first.
    ///
    /// @param nextToken where older ones are; null when there are none
    record Page(List<String> records, @Nullable String nextToken) {}

    public AuditLog(AuditOptions options, Store store, InstantSource clock, Ids ids) {
        this.options = options;
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.unsigned = new UnsignedCalls(clock);
        this.sweeper =
                new Sweeper(
                        store, "audit", AuditKeys.records(), AuditLimits.SWEEP_PAUSE, this::sweep);
    }

    /// Begins to remove what is older than the retention.
    public void start() {
        sweeper.start();
    }

    boolean isOn() {
        return options.mode() != AuditOptions.Mode.OFF;
    }

    @Override
    public boolean observes(String service, String operation) {
        return switch (options.mode()) {
            case OFF -> false;
            case MANAGEMENT -> !CallKinds.isData(service, operation);
            case ALL -> true;
        };
    }

    @Override
    public void answered(Call call) {
        if (unsigned.admits(call)) {
            record(call);
        }
    }

    @Override
    public boolean observesDenials() {
        return isOn();
    }

    @Override
    public void denied(Call call) {
        if (unsigned.admits(call)) {
            record(call);
        }
    }

    /// Requests without a valid signature that were not recorded since the server was started.
    long omittedCount() {
        return unsigned.omittedCount();
    }

    private void record(Call call) {
        Instant now = clock.instant();
        byte[] record = CallRecord.of(call, now, ids.uuid()).getBytes(StandardCharsets.UTF_8);
        String account = CallRecord.accountId(call);
        byte[] key = AuditKeys.record(account, now.toEpochMilli(), call.caller().requestId());
        store.write(tx -> {
            tx.put(key, record);
            return key;
        });
    }

    /// @param since null for the oldest that there is
    /// @param until null for the newest
    /// @param token of the page before; null for the first
    /// @throws IllegalArgumentException when the token is none
    Page page(
            String accountId,
            @Nullable Instant since,
            @Nullable Instant until,
            int limit,
            @Nullable String token,
            Predicate<String> filter) {
        Instant kept = clock.instant().minus(options.retention());
        Instant oldest = since == null || since.isBefore(kept) ? kept : since;
        byte[] from = AuditKeys.from(accountId, Math.max(0, oldest.toEpochMilli()));
        byte[] all = AuditKeys.records(accountId);
        byte[] to =
                until == null
                        ? Bytes.prefixEnd(all)
                        : AuditKeys.from(accountId, Math.max(0, until.toEpochMilli() + 1));
        if (token != null) {
            byte[] last = Base64.getUrlDecoder().decode(token);
            if (last.length <= all.length
                    || !Arrays.equals(last, 0, all.length, all, 0, all.length)) {
                throw new IllegalArgumentException("the token is none");
            }
            to = last;
        }
        byte[] end = to;
        return Arrays.compareUnsigned(from, end) >= 0
                ? new Page(List.of(), null)
                : store.read(snapshot -> page(snapshot, from, end, limit, filter));
    }

    private static Page page(
            Snapshot snapshot, byte[] from, byte[] to, int limit, Predicate<String> filter) {
        List<String> records = new ArrayList<>();
        byte[] last = null;
        int looks = 0;
        try (Cursor cursor = snapshot.range(from, to, Snapshot.Direction.BACKWARD)) {
            while (cursor.next()) {
                if (last != null
                        && (records.size() == limit || looks == AuditLimits.LOOKS_PER_PAGE)) {
                    return new Page(
                            records, Base64.getUrlEncoder().withoutPadding().encodeToString(last));
                }
                looks++;
                last = cursor.key();
                String record = new String(cursor.value(), StandardCharsets.UTF_8);
                if (filter.test(record)) {
                    records.add(record);
                }
            }
        }
        return new Page(records, null);
    }

    /// Removes what is too old, account by account.
    boolean sweep() {
        long oldest = Math.max(0, clock.instant().minus(options.retention()).toEpochMilli());
        byte[] next = AuditKeys.records();
        byte[] end = Bytes.prefixEnd(next);
        boolean any = false;
        for (int i = 0; i < AuditLimits.ACCOUNTS_PER_SWEEP; i++) {
            byte[] from = next;
            String account =
                    store.<@Nullable String>read(snapshot -> {
                        try (Cursor cursor =
                                snapshot.range(from, end, Snapshot.Direction.FORWARD)) {
                            return cursor.next() ? AuditKeys.readAccount(cursor.key()) : null;
                        }
                    });
            if (account == null) {
                return any;
            }
            any = true;
            byte[] all = AuditKeys.records(account);
            store.write(tx -> {
                tx.deleteRange(all, AuditKeys.from(account, oldest));
                return account;
            });
            next = Bytes.prefixEnd(all);
        }
        return any;
    }

    @Override
    public void close() {
        sweeper.close();
    }
}
