package io.millrace.service.events;

import io.millrace.api.events.CancelReplayRequest;
import io.millrace.api.events.CancelReplayResponse;
import io.millrace.api.events.EventsApi;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.service.events.StoredReplay.State;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;
import io.millrace.wire.ServiceException;

import java.time.InstantSource;

/// `CancelReplay`: no event goes out after the page that is on its way. Errors:
/// `ResourceNotFoundException`, `IllegalStatusException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CancelReplay.html).
final class CancelReplay implements Operation<CancelReplayRequest, CancelReplayResponse> {
    private final Store store;
    private final InstantSource clock;
    private final Replays replays = new Replays();

    CancelReplay(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public CancelReplayResponse handle(Caller caller, CancelReplayRequest request) {
        ArchiveName name = ArchiveName.of(caller, request.replayName());
        StoredReplay replay = store.write(tx -> cancel(tx, name));
        return CancelReplayResponse.builder()
                .replayArn(name.replayArn())
                .state(replay.state().name())
                .build();
    }

    private StoredReplay cancel(Transaction tx, ArchiveName name) {
        StoredReplay replay = replays.require(tx, name, clock.millis());
        if (replay.state() != State.STARTING && replay.state() != State.RUNNING) {
            throw new ServiceException(
                    EventsApi.Errors.ILLEGAL_STATUS_EXCEPTION,
                    "Replay " + name.name() + " is not in a valid state for this operation.");
        }
        StoredReplay cancelling = replay.with(replay.progress().to(State.CANCELLING));
        replays.put(tx, name, cancelling);
        replays.wake(tx, name);
        return cancelling;
    }
}
