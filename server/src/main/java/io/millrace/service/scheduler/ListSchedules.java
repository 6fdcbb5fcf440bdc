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
        try (Cursor cursor =
                snapshot.range(from, Bytes.prefixEnd(all), Snapshot.Direction.FORWARD)) {
            while (cursor.next() && page.look(cursor.key())) {
                StoredSchedule schedule = schedules.decode(cursor.value());
                if (isMeant(schedule, request)) {
                    page.add(summary(caller, schedule));
                }
            }
        }
        return page;
    }

    private static boolean isMeant(StoredSchedule schedule, ListSchedulesInput request) {
        String prefix = request.namePrefix();
        String state = request.state();
        return (prefix == null || schedule.name().startsWith(prefix))
                && (state == null || schedule.state().equals(state));
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
