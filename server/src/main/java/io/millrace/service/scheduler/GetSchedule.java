package io.millrace.service.scheduler;

import io.millrace.api.scheduler.GetScheduleInput;
import io.millrace.api.scheduler.GetScheduleOutput;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.Instant;

/// `GetSchedule`. Error: `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetSchedule.html).
final class GetSchedule implements Operation<GetScheduleInput, GetScheduleOutput> {
    private final Store store;
    private final Groups groups;
    private final Schedules schedules;

    GetSchedule(Store store, Groups groups, Schedules schedules) {
        this.store = store;
        this.groups = groups;
        this.schedules = schedules;
    }

    @Override
    public GetScheduleOutput handle(Caller caller, GetScheduleInput request) {
        GroupName group = GroupName.of(caller, request.groupName());
        StoredSchedule schedule =
                store.read(snapshot -> {
                    groups.require(snapshot, group);
                    return schedules.require(snapshot, group, request.name());
                });
        return GetScheduleOutput.builder()
                .arn(group.scheduleArn(schedule.name()))
                .name(schedule.name())
                .groupName(schedule.group())
                .description(schedule.description())
                .scheduleExpression(schedule.when().expression())
                .scheduleExpressionTimezone(schedule.when().zone())
                .flexibleTimeWindow(schedule.when().window())
                .startDate(schedule.when().start())
                .endDate(schedule.when().end())
                .state(schedule.state())
                .actionAfterCompletion(schedule.actionAfterCompletion())
                .kmsKeyArn(schedule.kmsKeyArn())
                .target(schedule.target())
                .creationDate(Instant.ofEpochMilli(schedule.createdMillis()))
                .lastModificationDate(Instant.ofEpochMilli(schedule.modifiedMillis()))
                .build();
    }
}
