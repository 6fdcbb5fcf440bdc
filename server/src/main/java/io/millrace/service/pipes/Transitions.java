package io.millrace.service.pipes;

import io.millrace.api.pipes.DeletePipeRequest;
import io.millrace.api.pipes.DeletePipeResponse;
import io.millrace.api.pipes.StartPipeRequest;
import io.millrace.api.pipes.StartPipeResponse;
import io.millrace.api.pipes.StopPipeRequest;
import io.millrace.api.pipes.StopPipeResponse;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;

import java.time.Instant;
import java.time.InstantSource;

/// `StartPipe`, `StopPipe` and `DeletePipe`: send a pipe on its way to another state, durably. A
/// stopped pipe keeps its place in its source. Errors: `NotFoundException`; `ConflictException`
/// while the pipe is on its way already, or where it is asked to go. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_StartPipe.html).
final class Transitions {
    private final Store store;
    private final InstantSource clock;

    Transitions(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /// @throws io.millrace.wire.ServiceException when the pipe is on its way to another state
    static void checkSettled(StoredPipe pipe) {
        if (pipe.currentState().isOnItsWay()) {
            throw inState(pipe);
        }
    }

    StartPipeResponse start(Caller caller, StartPipeRequest request) {
        StoredPipe pipe =
                move(
                        caller,
                        request.name(),
                        StoredPipe.RUNNING,
                        PipeState.STARTING,
                        PipeState.RUNNING);
        return new StartPipeResponse(
                pipe.arn(),
                pipe.name(),
                pipe.desiredState(),
                pipe.currentState().name(),
                Instant.ofEpochMilli(pipe.createdMillis()),
                Instant.ofEpochMilli(pipe.modifiedMillis()));
    }

    StopPipeResponse stop(Caller caller, StopPipeRequest request) {
        StoredPipe pipe =
                move(
                        caller,
                        request.name(),
                        StoredPipe.STOPPED,
                        PipeState.STOPPING,
                        PipeState.STOPPED);
        return new StopPipeResponse(
                pipe.arn(),
                pipe.name(),
                pipe.desiredState(),
                pipe.currentState().name(),
                Instant.ofEpochMilli(pipe.createdMillis()),
                Instant.ofEpochMilli(pipe.modifiedMillis()));
    }

    DeletePipeResponse delete(Caller caller, DeletePipeRequest request) {
        StoredPipe pipe =
                move(
                        caller,
                        request.name(),
                        StoredPipe.DELETED,
                        PipeState.DELETING,
                        PipeState.DELETING);
        return new DeletePipeResponse(
                pipe.arn(),
                pipe.name(),
                pipe.desiredState(),
                pipe.currentState().name(),
                Instant.ofEpochMilli(pipe.createdMillis()),
                Instant.ofEpochMilli(pipe.modifiedMillis()));
    }

    private StoredPipe move(
            Caller caller, String name, String desired, PipeState on, PipeState there) {
        return store.write(tx -> {
            StoredPipe pipe = StoredPipes.require(tx, caller, name);
            checkSettled(pipe);
            if (pipe.currentState() == there) {
                throw inState(pipe);
            }
            StoredPipe moved = pipe.on(desired, on, clock.millis());
            StoredPipes.put(tx, moved);
            return moved;
        });
    }

    private static io.millrace.wire.ServiceException inState(StoredPipe pipe) {
        return PipesErrors.conflict(
                pipe.name(),
                "Pipe " + pipe.name() + " is in the state " + pipe.currentState() + ".");
    }
}
