package io.millrace.service.pipes;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// The pipes in the store. Stateless but for the codec's cache.
final class StoredPipes {
    private static final ResourceCodec<StoredPipe> CODEC = new ResourceCodec<>(StoredPipe.class);
    private static final String PIPE = "pipe/";

    private StoredPipes() {}

    /// The caller's pipe of that name.
    ///
    /// @throws io.millrace.wire.ServiceException `NotFoundException`
    static StoredPipe require(Snapshot tx, Caller caller, String name) {
        StoredPipe pipe = find(tx, caller.accountId(), caller.region(), name);
        if (pipe == null) {
            throw PipesErrors.notFound(name);
        }
        return pipe;
    }

    /// As [#require(Snapshot, Caller, String)], by the pipe's ARN.
    static StoredPipe requireArn(Snapshot tx, Caller caller, String text) {
        Arn arn =
                Arn.parse(text)
                        .filter(a -> a.service().equals("pipes") && a.resource().startsWith(PIPE))
                        .orElseThrow(() -> PipesErrors.validation("Invalid pipe ARN: " + text));
        String name = arn.resource().substring(PIPE.length());
        StoredPipe pipe =
                arn.accountId().equals(caller.accountId())
                        ? find(tx, arn.accountId(), arn.region(), name)
                        : null;
        if (pipe == null) {
            throw PipesErrors.notFound(name);
        }
        return pipe;
    }

    static @Nullable StoredPipe findArn(Snapshot tx, String text) {
        Arn arn = Arn.parse(text).orElse(null);
        return arn == null || !arn.resource().startsWith(PIPE)
                ? null
                : find(tx, arn.accountId(), arn.region(), arn.resource().substring(PIPE.length()));
    }

    static @Nullable StoredPipe find(Snapshot tx, String accountId, String region, String name) {
        return CODEC.decodeOrNull(tx.get(PipesKeys.pipe(accountId, region, name)));
    }

    /// The pipe as it is now; null when it is gone, or another has its name.
    static @Nullable StoredPipe current(Snapshot tx, StoredPipe pipe) {
        StoredPipe current = CODEC.decodeOrNull(tx.get(pipe.key()));
        return current == null || current.number() != pipe.number() ? null : current;
    }

    static void put(Transaction tx, StoredPipe pipe) {
        tx.put(pipe.key(), CODEC.encode(pipe));
        putWork(tx, pipe);
    }

    /// Puts a pipe that was not there.
    ///
    /// @throws io.millrace.wire.ServiceException `ServiceQuotaExceededException`
    static void add(Transaction tx, StoredPipe pipe) {
        long count = count(tx, pipe);
        if (count >= PipesLimits.PIPES_MAX) {
            throw PipesErrors.tooMany(pipe.name());
        }
        putCount(tx, pipe, count + 1);
        put(tx, pipe);
    }

    /// The first pipes that are wanted, in the order of their names, from this name on.
    static List<StoredPipe> page(
            Snapshot tx, Caller caller, String from, Predicate<StoredPipe> wanted, int countMax) {
        byte[] all = PipesKeys.pipes(caller.accountId(), caller.region());
        byte[] begin =
                from.isEmpty() ? all : PipesKeys.pipe(caller.accountId(), caller.region(), from);
        return read(tx, begin, Bytes.prefixEnd(all), wanted, countMax);
    }

    /// All pipes of this store.
    static List<StoredPipe> all(Snapshot tx) {
        byte[] all = PipesKeys.allPipes();
        return read(tx, all, Bytes.prefixEnd(all), _ -> true, Integer.MAX_VALUE);
    }

    /// The pipes at work, but for these; costs nothing for those that rest.
    static List<StoredPipe> atWork(Snapshot tx, Set<Long> without) {
        List<StoredPipe> pipes = new ArrayList<>();
        try (Cursor cursor = tx.prefix(PipesKeys.allWork())) {
            while (cursor.next()) {
                if (!without.contains(Bytes.readLong(cursor.value(), 0))) {
                    byte[] pipe = tx.get(PipesKeys.pipeOfWork(cursor.key()));
                    if (pipe != null) { // else deleted by a server that is older than the marks
                        pipes.add(CODEC.decode(pipe));
                    }
                }
            }
        }
        return pipes;
    }

    /// Marks the pipes at work in a store that is older than the marks.
    static void markWork(Store store) {
        for (StoredPipe pipe : store.read(StoredPipes::unmarked)) {
            store.<@Nullable Void>write(tx -> {
                StoredPipe current = current(tx, pipe);
                if (current != null) {
                    putWork(tx, current);
                }
                return null;
            });
        }
    }

    private static List<StoredPipe> unmarked(Snapshot tx) {
        return all(tx).stream()
                .filter(pipe -> pipe.currentState().isAtWork() && tx.get(pipe.workKey()) == null)
                .toList();
    }

    private static void putWork(Transaction tx, StoredPipe pipe) {
        if (pipe.currentState().isAtWork()) {
            tx.put(pipe.workKey(), bytes(pipe.number()));
        } else {
            tx.delete(pipe.workKey());
        }
    }

    /// How many pipes the pipe's account has in its region. A store that is older than the count is
    /// counted once.
    private static long count(Snapshot tx, StoredPipe pipe) {
        byte[] count = tx.get(PipesKeys.count(pipe.accountId(), pipe.region()));
        if (count != null) {
            return Bytes.readLong(count, 0);
        }
        long counted = 0;
        try (Cursor cursor = tx.prefix(PipesKeys.pipes(pipe.accountId(), pipe.region()))) {
            while (cursor.next()) {
                counted++;
            }
        }
        return counted;
    }

    private static void putCount(Transaction tx, StoredPipe pipe, long count) {
        tx.put(PipesKeys.count(pipe.accountId(), pipe.region()), bytes(count));
    }

    private static byte[] bytes(long value) {
        byte[] bytes = new byte[Long.BYTES];
        Bytes.writeLong(bytes, 0, value);
        return bytes;
    }

    /// Why the last batch of the pipe failed; null when it did not.
    static @Nullable String trouble(Snapshot tx, StoredPipe pipe) {
        byte[] trouble = tx.get(PipesKeys.trouble(pipe.number()));
        return trouble == null ? null : new String(trouble, StandardCharsets.UTF_8);
    }

    /// @param reason null for none
    static void putTrouble(Transaction tx, StoredPipe pipe, @Nullable String reason) {
        byte[] key = PipesKeys.trouble(pipe.number());
        String before = trouble(tx, pipe);
        if (reason == null && before != null) {
            tx.delete(key);
        } else if (reason != null) {
            String cut = cut(reason);
            if (!cut.equals(before)) {
                tx.put(key, cut.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    /// Removes the pipe and all that belongs to it but its lease.
    static void remove(Transaction tx, StoredPipe pipe) {
        putCount(tx, pipe, count(tx, pipe) - 1);
        tx.delete(pipe.key());
        tx.delete(pipe.workKey());
        tx.delete(PipesKeys.trouble(pipe.number()));
        byte[] checkpoints = PipesKeys.checkpoints(pipe.number());
        tx.deleteRange(checkpoints, Bytes.prefixEnd(checkpoints));
    }

    static String cut(String reason) {
        return reason.length() <= PipesLimits.STATE_REASON_CHARS_MAX
                ? reason
                : reason.substring(0, PipesLimits.STATE_REASON_CHARS_MAX);
    }

    private static List<StoredPipe> read(
            Snapshot tx, byte[] from, byte[] to, Predicate<StoredPipe> wanted, int countMax) {
        List<StoredPipe> pipes = new ArrayList<>();
        try (Cursor cursor = tx.range(from, to, Snapshot.Direction.FORWARD)) {
            while (pipes.size() < countMax && cursor.next()) {
                StoredPipe pipe = CODEC.decode(cursor.value());
                if (wanted.test(pipe)) {
                    pipes.add(pipe);
                }
            }
        }
        return pipes;
    }
}
