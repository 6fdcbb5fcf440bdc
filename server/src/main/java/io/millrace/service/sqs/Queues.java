package io.millrace.service.sqs;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.storage.PageToken;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Finds queues by what callers say: a name, an ARN, or a URL.
///
/// Of a URL only the path counts, since the host may be any name of this server, or of the cloud
/// from which a configuration was copied: its last two parts are account and name; a bare name
/// without a host is the caller's own queue.
final class Queues {

    private static final ResourceCodec<Queue> CODEC = new ResourceCodec<>(Queue.class);

    /// A part of a listing.
    ///
    /// @param nextToken null at the end
    record Page(List<Queue> queues, @Nullable String nextToken) {}

    private Queues() {}

    /// The queue that a caller may use for what it asks for.
    ///
    /// @throws io.millrace.wire.ServiceException `InvalidAddress`, `QueueDoesNotExist`,
    ///   `AccessDenied`
    static Queue require(Snapshot tx, Caller caller, String queueUrl) {
        Arn arn = arn(caller, queueUrl);
        if (arn == null && !queueUrl.isEmpty()) {
            throw SqsErrors.invalidAddress(queueUrl);
        }
        Queue queue = arn == null ? null : byArn(tx, arn);
        if (queue == null) {
            throw SqsErrors.queueDoesNotExist();
        }
        Permission.check(caller, queue);
        return queue;
    }

    static @Nullable Queue byName(Snapshot tx, String accountId, String region, String name) {
        return CODEC.decodeOrNull(tx.get(SqsKeys.queue(accountId, region, name)));
    }

    static @Nullable Queue byArn(Snapshot tx, Arn arn) {
        return byName(tx, arn.accountId(), arn.region(), arn.resource());
    }

    static void put(Transaction tx, Queue queue) {
        tx.put(queue.key(), CODEC.encode(queue));
    }

    /// Every queue of every account.
    static List<Queue> all(Snapshot tx) {
        List<Queue> queues = new ArrayList<>();
        try (Cursor cursor = tx.prefix(new byte[] {SqsKeys.QUEUE})) {
            while (cursor.next()) {
                queues.add(CODEC.decode(cursor.value()));
            }
        }
        return queues;
    }

    /// An account's queues in the order of their names that pass `filter`.
    static Page list(
            Snapshot tx,
            String accountId,
            String region,
            @Nullable String nextToken,
            int countMax,
            Predicate<Queue> filter) {
        byte[] prefix = SqsKeys.queues(accountId, region);
        byte[] from = nextToken == null ? prefix : from(prefix, nextToken);
        List<Queue> queues = new ArrayList<>();
        try (Cursor cursor = tx.range(from, Bytes.prefixEnd(prefix), Snapshot.Direction.FORWARD)) {
            while (cursor.next()) {
                Queue queue = CODEC.decode(cursor.value());
                if (!filter.test(queue)) {
                    continue;
                }
                if (queues.size() == countMax) {
                    return new Page(queues, PageToken.of(prefix, queue.key()));
                }
                queues.add(queue);
            }
        }
        return new Page(queues, null);
    }

    /// The ARN of the queue that a URL means; null when it means none.
    static @Nullable Arn arn(Caller caller, String queueUrl) {
        String path = queueUrl;
        int scheme = path.indexOf("://");
        if (scheme >= 0) {
            int slash = path.indexOf('/', scheme + 3);
            path = slash < 0 ? "" : path.substring(slash + 1);
        }
        while (path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        String[] parts = path.split("/", -1);
        String name = parts[parts.length - 1];
        String account = parts.length > 1 ? parts[parts.length - 2] : "";
        if (name.isEmpty() || (scheme >= 0 && account.isEmpty())) {
            return null;
        }
        return Arn.of(
                "sqs", caller.region(), account.isEmpty() ? caller.accountId() : account, name);
    }

    private static byte[] from(byte[] prefix, String token) {
        byte[] key = PageToken.key(prefix, token);
        if (key == null) {
            throw SqsErrors.invalidNextToken();
        }
        return key;
    }
}
