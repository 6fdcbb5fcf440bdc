package io.millrace.service.scheduler;

import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Caller;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The stored schedule groups. Thread-safe.
final class Groups {
    private final ResourceCodec<StoredGroup> codec = new ResourceCodec<>(StoredGroup.class);

    /// The default group is always there.
    Optional<StoredGroup> find(Snapshot snapshot, GroupName name) {
        StoredGroup group = codec.decodeOrNull(snapshot.get(SchedulerKeys.group(name)));
        return group == null && name.isDefault()
                ? Optional.of(StoredGroup.of(name.name(), 0, Map.of()))
                : Optional.ofNullable(group);
    }

    /// All of an account and region, in the order of their names.
    Collection<GroupName> all(Snapshot snapshot, Caller caller) {
        SortedMap<String, GroupName> all = new TreeMap<>();
        all.put(GroupName.DEFAULT, GroupName.of(caller, GroupName.DEFAULT));
        byte[] prefix = SchedulerKeys.groups(caller.accountId(), caller.region());
        try (Cursor cursor = snapshot.prefix(prefix)) {
            while (cursor.next()) { // as many as a quota lets
                String name = decode(cursor.value()).name();
                all.put(name, GroupName.of(caller, name));
            }
        }
        return all.values();
    }

    StoredGroup require(Snapshot snapshot, GroupName name) {
        return find(snapshot, name).orElseThrow(() -> SchedulerErrors.groupNotFound(name.name()));
    }

    /// A group that takes changes.
    StoredGroup requireActive(Snapshot snapshot, GroupName name) {
        StoredGroup group = require(snapshot, name);
        if (group.isDeleting()) {
            throw SchedulerErrors.groupDeleting(name.name());
        }
        return group;
    }

    void put(Transaction transaction, GroupName name, StoredGroup group) {
        transaction.put(SchedulerKeys.group(name), codec.encode(group));
    }

    StoredGroup decode(byte[] value) {
        return codec.decode(value);
    }
}
