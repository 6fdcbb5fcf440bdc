package io.millrace.service.scheduler;

import io.millrace.api.scheduler.CreateScheduleGroupInput;
import io.millrace.api.scheduler.CreateScheduleGroupOutput;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.InstantSource;
import java.util.Map;

/// `CreateScheduleGroup`. Errors: `ConflictException`, `ServiceQuotaExceededException`,
/// `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateScheduleGroup.html).
final class CreateScheduleGroup
        implements Operation<CreateScheduleGroupInput, CreateScheduleGroupOutput> {
    private final Store store;
    private final InstantSource clock;
    private final Groups groups;
    private final ClientTokens tokens;

    CreateScheduleGroup(Store store, InstantSource clock, Groups groups, ClientTokens tokens) {
        this.store = store;
        this.clock = clock;
        this.groups = groups;
        this.tokens = tokens;
    }

    @Override
    public CreateScheduleGroupOutput handle(Caller caller, CreateScheduleGroupInput request) {
        GroupName name = GroupName.of(caller, request.name());
        Map<String, String> tags = GroupTags.with(Map.of(), request.tags());
        store.write(tx -> create(tx, caller, request, name, tags));
        return new CreateScheduleGroupOutput(name.arn());
    }

    private GroupName create(
            Transaction tx,
            Caller caller,
            CreateScheduleGroupInput request,
            GroupName name,
            Map<String, String> tags) {
        if (tokens.isFirst(tx, caller, request.clientToken(), request)) {
            groups.find(tx, name)
                    .ifPresent(group -> {
                        throw group.isDeleting()
                                ? SchedulerErrors.groupDeleting(name.name())
                                : SchedulerErrors.groupExists(name.name());
                    });
            if (count(tx, caller) >= SchedulerLimits.GROUPS_MAX) {
                throw SchedulerErrors.tooMany("schedule groups");
            }
            groups.put(tx, name, StoredGroup.of(name.name(), clock.millis(), tags));
        }
        return name;
    }

    private static int count(Snapshot snapshot, Caller caller) {
        int count = 0;
        byte[] all = SchedulerKeys.groups(caller.accountId(), caller.region());
        try (Cursor cursor = snapshot.prefix(all)) {
            while (count < SchedulerLimits.GROUPS_MAX && cursor.next()) {
                count++;
            }
        }
        return count;
    }
}
