package io.millrace.service.scheduler;

import io.millrace.api.scheduler.ListScheduleGroupsInput;
import io.millrace.api.scheduler.ListScheduleGroupsOutput;
import io.millrace.api.scheduler.ScheduleGroupSummary;
import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.Instant;
import java.util.Map;

/// `ListScheduleGroups`: the default group first, then in the order of names. Source: [API
/// reference](https://docs.aws.amazon.com/scheduler/latest/APIReference/API_ListScheduleGroups.html).
final class ListScheduleGroups
        implements Operation<ListScheduleGroupsInput, ListScheduleGroupsOutput> {
    private final Store store;
    private final Groups groups;

    ListScheduleGroups(Store store, Groups groups) {
        this.store = store;
        this.groups = groups;
    }

    @Override
    public ListScheduleGroupsOutput handle(Caller caller, ListScheduleGroupsInput request) {
        ListPage<ScheduleGroupSummary> page =
                store.read(snapshot -> page(snapshot, caller, request));
        return ListScheduleGroupsOutput.builder()
                .scheduleGroups(page.items())
                .nextToken(page.nextToken())
                .build();
    }

    private ListPage<ScheduleGroupSummary> page(
            Snapshot snapshot, Caller caller, ListScheduleGroupsInput request) {
        byte[] all = SchedulerKeys.groups(caller.accountId(), caller.region());
        byte[] from = ListPage.from(request.nextToken(), all);
        ListPage<ScheduleGroupSummary> page = new ListPage<>(request.maxResults());
        String prefix = request.namePrefix() == null ? "" : request.namePrefix();
        if (request.nextToken() == null && GroupName.DEFAULT.startsWith(prefix)) {
            page.look(all);
            page.add(summary(caller, StoredGroup.of(GroupName.DEFAULT, 0, Map.of())));
        }
        try (Cursor cursor =
                snapshot.range(from, Bytes.prefixEnd(all), Snapshot.Direction.FORWARD)) {
            while (cursor.next() && page.look(cursor.key())) {
                StoredGroup group = groups.decode(cursor.value());
                if (group.name().startsWith(prefix)) {
                    page.add(summary(caller, group));
                }
            }
        }
        return page;
    }

    private static ScheduleGroupSummary summary(Caller caller, StoredGroup group) {
        return ScheduleGroupSummary.builder()
                .arn(GroupName.of(caller, group.name()).arn())
                .name(group.name())
                .state(group.state())
                .creationDate(Instant.ofEpochMilli(group.createdMillis()))
                .lastModificationDate(Instant.ofEpochMilli(group.modifiedMillis()))
                .build();
    }
}
