package io.millrace.service.scheduler;

import io.millrace.api.scheduler.DeleteScheduleInput;
import io.millrace.api.scheduler.DeleteScheduleOutput;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `DeleteSchedule`: its next run does not come. Error: `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/scheduler/latest/APIReference/API_DeleteSchedule.html).
final class DeleteSchedule implements Operation<DeleteScheduleInput, DeleteScheduleOutput> {
    private final Store store;
    private final Groups groups;
    private final Schedules schedules;
    private final ClientTokens tokens;

    DeleteSchedule(Store store, Groups groups, Schedules schedules, ClientTokens tokens) {
        this.store = store;
        this.groups = groups;
        this.schedules = schedules;
        this.tokens = tokens;
    }

    @Override
    public DeleteScheduleOutput handle(Caller caller, DeleteScheduleInput request) {
        return store.write(tx -> delete(tx, caller, request));
    }

    private DeleteScheduleOutput delete(
            Transaction tx, Caller caller, DeleteScheduleInput request) {
        GroupName group = GroupName.of(caller, request.groupName());
        if (tokens.isFirst(tx, caller, request.clientToken(), request)) {
            groups.require(tx, group);
            schedules.require(tx, group, request.name());
            schedules.remove(tx, group, request.name());
        }
        return DeleteScheduleOutput.builder().build();
    }
}
