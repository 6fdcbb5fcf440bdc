package io.millrace.service.scheduler;

import io.millrace.api.scheduler.DeleteScheduleGroupInput;
import io.millrace.api.scheduler.DeleteScheduleGroupOutput;
import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// `DeleteScheduleGroup`: the group is `DELETING` when it returns, and then gone with its
/// schedules, which run on until each is deleted. Errors: `ConflictException`,
/// `ResourceNotFoundException`, `ValidationException` for the default group. Source: [API
/// reference](https://docs.aws.amazon.com/scheduler/latest/APIReference/API_DeleteScheduleGroup.html).
final class DeleteScheduleGroup
        implements Operation<DeleteScheduleGroupInput, DeleteScheduleGroupOutput> {
    private final Store store;
    private final InstantSource clock;
    private final Groups groups;
    private final Schedules schedules;
    private final ClientTokens tokens;

    DeleteScheduleGroup(
            Store store,
            InstantSource clock,
            Groups groups,
            Schedules schedules,
            ClientTokens tokens) {
        this.store = store;
        this.clock = clock;
        this.groups = groups;
        this.schedules = schedules;
        this.tokens = tokens;
    }

    @Override
    public DeleteScheduleGroupOutput handle(Caller caller, DeleteScheduleGroupInput request) {
        GroupName name = GroupName.of(caller, request.name());
        if (name.isDefault()) {
            throw SchedulerErrors.validation("The default schedule group cannot be deleted.");
        }
        store.write(tx -> mark(tx, caller, request, name));
        return DeleteScheduleGroupOutput.builder().build();
    }

    private GroupName mark(
            Transaction tx, Caller caller, DeleteScheduleGroupInput request, GroupName name) {
        if (tokens.isFirst(tx, caller, request.clientToken(), request)) {
            StoredGroup group = groups.requireActive(tx, name);
            groups.put(tx, name, group.withState(StoredGroup.DELETING, clock.millis()));
            tx.put(SchedulerKeys.removal(name), Bytes.EMPTY);
        }
        return name;
    }

    /// Removes what is marked. False: the next removal is written down when it comes.
    boolean sweep() {
        List<GroupName> marked =
                store.read(snapshot -> {
                    List<GroupName> found = new ArrayList<>();
                    try (Cursor cursor = snapshot.prefix(SchedulerKeys.removals())) {
                        while (cursor.next()) {
                            found.add(SchedulerKeys.readRemoval(cursor.key()));
                        }
                    }
                    return found;
                });
        for (GroupName group : marked) {
            boolean left = true;
            while (left && !Thread.currentThread().isInterrupted()) { // ends with the schedules
                left = store.write(tx -> removePage(tx, group));
            }
        }
        return false;
    }

    /// Removes some schedules, and the group with the last of them. True when there may be more.
    private boolean removePage(Transaction tx, GroupName group) {
        List<String> names = new ArrayList<>();
        try (Cursor cursor = tx.prefix(SchedulerKeys.schedules(group))) {
            while (names.size() < SchedulerLimits.REMOVAL_PAGE && cursor.next()) {
                names.add(schedules.decode(cursor.value()).name());
            }
        }
        names.forEach(name -> schedules.remove(tx, group, name));
        if (names.size() == SchedulerLimits.REMOVAL_PAGE) {
            return true;
        }
        tx.delete(SchedulerKeys.group(group));
        tx.delete(SchedulerKeys.removal(group));
        return false;
    }
}
