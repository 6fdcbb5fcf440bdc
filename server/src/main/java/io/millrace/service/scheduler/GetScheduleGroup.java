package io.millrace.service.scheduler;

import io.millrace.api.scheduler.GetScheduleGroupInput;
import io.millrace.api.scheduler.GetScheduleGroupOutput;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.Instant;

/// `GetScheduleGroup`. Error: `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetScheduleGroup.html).
final class GetScheduleGroup implements Operation<GetScheduleGroupInput, GetScheduleGroupOutput> {
    private final Store store;
    private final Groups groups;

    GetScheduleGroup(Store store, Groups groups) {
        this.store = store;
        this.groups = groups;
    }

    @Override
    public GetScheduleGroupOutput handle(Caller caller, GetScheduleGroupInput request) {
        GroupName name = GroupName.of(caller, request.name());
        StoredGroup group = store.read(snapshot -> groups.require(snapshot, name));
        return GetScheduleGroupOutput.builder()
                .arn(name.arn())
                .name(name.name())
                .state(group.state())
                .creationDate(Instant.ofEpochMilli(group.createdMillis()))
                .lastModificationDate(Instant.ofEpochMilli(group.modifiedMillis()))
                .build();
    }
}
