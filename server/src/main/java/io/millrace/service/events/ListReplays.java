package io.millrace.service.events;

import io.millrace.api.events.ListReplaysRequest;
import io.millrace.api.events.ListReplaysResponse;
import io.millrace.api.events.Replay;
import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.stream.Stream;

/// `ListReplays`: in order of names, by at most one filter. Error: `ValidationException`. Source:
/// [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListReplays.html).
final class ListReplays implements Operation<ListReplaysRequest, ListReplaysResponse> {
    private final Store store;
    private final InstantSource clock;
    private final Replays replays = new Replays();

    ListReplays(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public ListReplaysResponse handle(Caller caller, ListReplaysRequest request) {
        if (Stream.of(request.namePrefix(), request.eventSourceArn(), request.state())
                        .filter(Objects::nonNull)
                        .count()
                > 1) {
            throw EventsErrors.oneFilter("ListReplays");
        }
        @Nullable String after = Page.after(request.nextToken());
        Page<Replay> page = store.read(snapshot -> page(snapshot, caller, after, request));
        return ListReplaysResponse.builder()
                .replays(page.items())
                .nextToken(page.nextToken())
                .build();
    }

    private Page<Replay> page(
            Snapshot snapshot, Caller caller, @Nullable String after, ListReplaysRequest request) {
        long now = clock.millis();
        Page<Replay> page = new Page<>(request.limit());
        String prefix = request.namePrefix() == null ? "" : request.namePrefix();
        String from = after == null || prefix.compareTo(after) > 0 ? prefix : after;
        byte[] all = ArchiveKeys.replays(caller.accountId(), caller.region());
        try (Cursor cursor =
                snapshot.range(
                        ArchiveKeys.replay(caller.accountId(), caller.region(), from),
                        Bytes.prefixEnd(all),
                        Snapshot.Direction.FORWARD)) {
            while (cursor.next()) {
                StoredReplay replay = replays.decode(cursor.value());
                String name = replay.plan().name();
                if (name.equals(after)
                        || !Replays.isShown(replay, now)
                        || !isAsked(replay, request)) {
                    continue;
                }
                if (!name.startsWith(prefix) || !page.add(name, shape(replay))) {
                    break;
                }
            }
        }
        return page;
    }

    private static boolean isAsked(StoredReplay replay, ListReplaysRequest request) {
        String state = request.state();
        String archive = request.eventSourceArn();
        return (state == null || state.equals(replay.state().name()))
                && (archive == null || archive.equals(replay.plan().archiveArn()));
    }

    private static Replay shape(StoredReplay replay) {
        ReplayPlan plan = replay.plan();
        StoredReplay.Progress progress = replay.progress();
        return Replay.builder()
                .replayName(plan.name())
                .eventSourceArn(plan.archiveArn())
                .state(progress.state().name())
                .stateReason(progress.reason())
                .eventStartTime(Instant.ofEpochMilli(plan.fromMillis()))
                .eventEndTime(Instant.ofEpochMilli(plan.untilMillis()))
                .eventLastReplayedTime(DescribeReplay.lastReplayed(progress))
                .replayStartTime(Instant.ofEpochMilli(plan.startedMillis()))
                .replayEndTime(DescribeReplay.ended(progress))
                .build();
    }
}
