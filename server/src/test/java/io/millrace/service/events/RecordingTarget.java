package io.millrace.service.events;

import io.millrace.delivery.Message;
import io.millrace.delivery.StoreTarget;
import io.millrace.engine.Cursor;
import io.millrace.engine.KeyWriter;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.storage.ResourceCodec;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Queues of a kind: keeps what is delivered in the store, so that what is not committed was not
/// delivered. Refuses what it is told to refuse.
final class RecordingTarget implements StoreTarget {

    record Delivery(
            String target,
            String body,
            Map<String, String> attributes,
            @Nullable String groupId,
            @Nullable String traceHeader) {}

    private static final int PREFIX = 0xf0;
    private static final ResourceCodec<Delivery> CODEC = new ResourceCodec<>(Delivery.class);

    final Set<String> refused = new HashSet<>();
    final Set<String> denied = new HashSet<>();
    final Set<String> broken = new HashSet<>(); // by our own fault

    @Override
    public Outcome deliver(Transaction transaction, Arn target, Message message) {
        if (refused.contains(target.toString())) {
            return new Outcome.Refused("NO_RESOURCE", "The queue does not exist.");
        }
        if (denied.contains(target.toString())) {
            return new Outcome.Refused("AccessDenied", "Access to the queue is denied.");
        }
        if (broken.contains(target.toString())) {
            throw new InternalError("planted");
        }
        int next = all(transaction).size();
        Map<String, String> attributes = new java.util.TreeMap<>();
        message.attributes()
                .forEach(
                        (name, value) -> attributes.put(name, String.valueOf(value.stringValue())));
        transaction.put(
                new KeyWriter(PREFIX).uint32(next).toBytes(),
                CODEC.encode(
                        new Delivery(
                                target.toString(),
                                message.body(),
                                attributes,
                                message.groupId(),
                                message.traceHeader())));
        return new Outcome.Delivered("m" + next);
    }

    List<Delivery> deliveries(Store store) {
        return store.read(RecordingTarget::all);
    }

    private static List<Delivery> all(Snapshot snapshot) {
        List<Delivery> all = new ArrayList<>();
        try (Cursor cursor = snapshot.prefix(new KeyWriter(PREFIX).toBytes())) {
            while (cursor.next()) {
                all.add(CODEC.decode(cursor.value()));
            }
        }
        return all;
    }
}
