package io.millrace.service.scheduler;

import io.millrace.api.scheduler.Target;
import io.millrace.api.scheduler.UpdateScheduleInput;
import io.millrace.api.scheduler.UpdateScheduleOutput;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;

/// `UpdateSchedule`: replaces all of a schedule, also by AWS's defaults what the request does not
/// tell. Source: [API
/// reference](https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html).
///
/// A schedule whose times stay the same goes on where it stands. Errors: `ConflictException`,
/// `ResourceNotFoundException`, `ValidationException`.
final class UpdateSchedule implements Operation<UpdateScheduleInput, UpdateScheduleOutput> {
    private final Store store;
    private final InstantSource clock;
    private final Groups groups;
    private final Schedules schedules;
    private final ScheduleCheck check;
    private final ClientTokens tokens;

    UpdateSchedule(
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
    public UpdateScheduleOutput handle(Caller caller, UpdateScheduleInput request) {
        GroupName group = GroupName.of(caller, request.groupName());
        Target target = check.target(group, request.target());
        store.write(tx -> update(tx, caller, request, group, target));
        return new UpdateScheduleOutput(group.scheduleArn(request.name()));
    }

    private StoredSchedule update(
            Transaction tx,
            Caller caller,
            UpdateScheduleInput request,
            GroupName group,
            Target target) {
        boolean first = tokens.isFirst(tx, caller, request.clientToken(), request);
        groups.requireActive(tx, group);
        StoredSchedule before = schedules.require(tx, group, request.name());
        if (!first) {
            return before;
        }
        StoredSchedule schedule =
                new StoredSchedule(
                        request.name(),
                        group.name(),
                        request.description(),
                        when(request, before),
                        request.state() == null ? StoredSchedule.ENABLED : request.state(),
                        request.actionAfterCompletion() == null
                                ? StoredSchedule.NONE
                                : request.actionAfterCompletion(),
                        request.kmsKeyArn(),
                        target,
                        before.createdMillis(),
                        clock.millis());
        check.key(tx, caller, request.kmsKeyArn());
        schedules.put(tx, group, Optional.of(before), schedule);
        return schedule;
    }

    /// A start and an end that stay as they were may lie in the past.
    private StoredSchedule.When when(UpdateScheduleInput request, StoredSchedule before) {
        boolean same =
                Objects.equals(millis(request.startDate()), before.when().startMillis())
                        && Objects.equals(millis(request.endDate()), before.when().endMillis());
        return check.when(
                new ScheduleCheck.Times(
                        request.scheduleExpression(),
                        request.scheduleExpressionTimezone(),
                        request.flexibleTimeWindow(),
                        request.startDate(),
                        request.endDate()),
                same ? Instant.EPOCH : clock.instant());
    }

    private static @Nullable Long millis(@Nullable Instant time) {
        return time == null ? null : time.toEpochMilli();
    }
}
