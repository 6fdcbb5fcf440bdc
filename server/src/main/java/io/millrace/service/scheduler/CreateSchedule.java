package io.millrace.service.scheduler;

import io.millrace.api.scheduler.CreateScheduleInput;
import io.millrace.api.scheduler.CreateScheduleOutput;
import io.millrace.api.scheduler.Target;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.InstantSource;
import java.util.Optional;

/// `CreateSchedule`: makes a schedule. Source: [API
/// reference](https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html).
///
/// Durable when it returns, with its first run. The same request with the same client token is the
/// same schedule. Errors: `ConflictException`, `ResourceNotFoundException` for the group,
/// `ValidationException`.
final class CreateSchedule implements Operation<CreateScheduleInput, CreateScheduleOutput> {
    private final Store store;
    private final InstantSource clock;
    private final Groups groups;
    private final Schedules schedules;
    private final ScheduleCheck check;
    private final ClientTokens tokens;

    CreateSchedule(
            Store store,
            InstantSource clock,
            Groups groups,
            Schedules schedules,
            ScheduleCheck check,
            ClientTokens tokens) {
        this.store = store;
        this.clock = clock;
        this.groups = groups;
        this.schedules = schedules;
        this.check = check;
        this.tokens = tokens;
    }

    @Override
    public CreateScheduleOutput handle(Caller caller, CreateScheduleInput request) {
        StoredSchedule.When when =
                check.when(
                        new ScheduleCheck.Times(
                                request.scheduleExpression(),
                                request.scheduleExpressionTimezone(),
                                request.flexibleTimeWindow(),
                                request.startDate(),
                                request.endDate()),
                        clock.instant());
        GroupName group = GroupName.of(caller, request.groupName());
        Target target = check.target(group, request.target());
        long now = clock.millis();
        StoredSchedule schedule =
                new StoredSchedule(
                        request.name(),
                        group.name(),
                        request.description(),
                        when,
                        request.state() == null ? StoredSchedule.ENABLED : request.state(),
                        request.actionAfterCompletion() == null
                                ? StoredSchedule.NONE
                                : request.actionAfterCompletion(),
                        request.kmsKeyArn(),
                        target,
                        now,
                        now);
        store.write(tx -> create(tx, caller, request, group, schedule));
        return new CreateScheduleOutput(group.scheduleArn(request.name()));
    }

    private StoredSchedule create(
            Transaction tx,
            Caller caller,
            CreateScheduleInput request,
            GroupName group,
            StoredSchedule schedule) {
        if (tokens.isFirst(tx, caller, request.clientToken(), request)) {
            groups.requireActive(tx, group);
            if (schedules.find(tx, group, schedule.name()).isPresent()) {
                throw SchedulerErrors.scheduleExists(schedule.name());
            }
            check.key(tx, caller, request.kmsKeyArn());
            schedules.put(tx, group, Optional.empty(), schedule);
        }
        return schedule;
    }
}
