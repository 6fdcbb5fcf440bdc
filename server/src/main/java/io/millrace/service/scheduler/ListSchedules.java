package io.millrace.service.scheduler;

import io.millrace.api.scheduler.ListSchedulesInput;
import io.millrace.api.scheduler.ListSchedulesOutput;
import io.millrace.api.scheduler.ScheduleSummary;
import io.millrace.api.scheduler.TargetSummary;
import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// `ListSchedules`: in the order of groups and names. Error: `ResourceNotFoundException` for the
/// group, `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/scheduler/latest/APIReference/API_ListSchedules.html).
final class ListSchedules implements Operation<ListSchedulesInput, ListSchedulesOutput> {
    private final Store store;
    private final Groups groups;
    private final Schedules schedules;

    ListSchedules(Store store, Groups groups, Schedules schedules) {
        this.store = store;
        this.groups = groups;
        this.schedules = schedules;
    }

    @Override
    public ListSchedulesOutput handle(Caller caller, ListSchedulesInput request) {
        ListPage<ScheduleSummary> page = store.read(snapshot -> page(snapshot, caller, request));
        return ListSchedulesOutput.builder()
                .schedules(page.items())
                .nextToken(page.nextToken())
                .build();
    }

    private ListPage<ScheduleSummary> page(
            Snapshot snapshot, Caller caller, ListSchedulesInput request) {
        GroupName group = GroupName.of(caller, request.groupName());
        boolean one = request.groupName() != null;
        if (one) {
            groups.require(snapshot, group);
        }
        byte[] all =
                one
                        ? SchedulerKeys.schedules(group)
                        : SchedulerKeys.schedules(caller.accountId(), caller.region());
        byte[] from = ListPage.from(request.nextToken(), all);
        ListPage<ScheduleSummary> page = new ListPage<>(request.maxResults());
        for (byte[] range : ranges(snapshot, caller, request, all)) {
            byte[] start = Arrays.compareUnsigned(from, range) < 0 ? range : from;
            byte[] end = Bytes.prefixEnd(range);
            if (page.isEnded() || Arrays.compareUnsigned(start, end) >= 0) {
                continue; // of the groups there are few
            }
            try (Cursor cursor = snapshot.range(start, end, Snapshot.Direction.FORWARD)) {
                while (cursor.next() && page.look(cursor.key())) {
                    StoredSchedule schedule = schedules.decode(cursor.value());
                    if (request.state() == null || schedule.state().equals(request.state())) {
                        page.add(summary(caller, schedule));
                    }
                }
            }
        }
        return page;
    }

    /// The prefixes of the keys that are meant, in order: names that begin alike stand together in
    /// each group.
    private List<byte[]> ranges(
            Snapshot snapshot, Caller caller, ListSchedulesInput request, byte[] all) {
        String prefix = request.namePrefix();
        if (prefix == null) {
            return List.of(all);
        }
        Collection<GroupName> in =
                request.groupName() == null
                        ? groups.all(snapshot, caller)
                        : List.of(GroupName.of(caller, request.groupName()));
        return in.stream().map(group -> SchedulerKeys.schedules(group, prefix)).toList();
    }

    private static ScheduleSummary summary(Caller caller, StoredSchedule schedule) {
        GroupName group = GroupName.of(caller, schedule.group());
        return ScheduleSummary.builder()
                .arn(group.scheduleArn(schedule.name()))
                .name(schedule.name())
                .groupName(schedule.group())
                .state(schedule.state())
                .target(new TargetSummary(schedule.target().arn()))
                .creationDate(Instant.ofEpochMilli(schedule.createdMillis()))
                .lastModificationDate(Instant.ofEpochMilli(schedule.modifiedMillis()))
                .build();
    }
}
