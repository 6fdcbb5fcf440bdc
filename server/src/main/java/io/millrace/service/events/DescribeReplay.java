package io.millrace.service.events;

import io.millrace.api.events.DescribeReplayRequest;
import io.millrace.api.events.DescribeReplayResponse;
import io.millrace.api.events.ReplayDestination;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;

/// `DescribeReplay`: what a replay does, and how far it is. Error: `ResourceNotFoundException`.
/// Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeReplay.html).
final class DescribeReplay implements Operation<DescribeReplayRequest, DescribeReplayResponse> {
    private final Store store;
    private final InstantSource clock;
    private final Replays replays = new Replays();

    DescribeReplay(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public DescribeReplayResponse handle(Caller caller, DescribeReplayRequest request) {
        ArchiveName name = ArchiveName.of(caller, request.replayName());
        StoredReplay replay = find(name);
        ReplayPlan plan = replay.plan();
        StoredReplay.Progress progress = replay.progress();
        return DescribeReplayResponse.builder()
                .replayName(plan.name())
                .replayArn(name.replayArn())
                .description(plan.description())
                .state(progress.state().name())
                .stateReason(progress.reason())
                .eventSourceArn(plan.archiveArn())
                .destination(
                        new ReplayDestination(
                                plan.busArn(),
                                plan.filterArns().isEmpty() ? null : plan.filterArns()))
                .eventStartTime(Instant.ofEpochMilli(plan.fromMillis()))
                .eventEndTime(Instant.ofEpochMilli(plan.untilMillis()))
                .eventLastReplayedTime(lastReplayed(progress))
                .replayStartTime(Instant.ofEpochMilli(plan.startedMillis()))
                .replayEndTime(ended(progress))
                .build();
    }

    StoredReplay find(ArchiveName name) {
        return store.read(snapshot -> replays.require(snapshot, name, clock.millis()));
    }

    static @Nullable Instant lastReplayed(StoredReplay.Progress progress) {
        Long second = progress.lastSecond();
        return second == null ? null : Instant.ofEpochSecond(second);
    }

    static @Nullable Instant ended(StoredReplay.Progress progress) {
        Long millis = progress.endedMillis();
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }
}
