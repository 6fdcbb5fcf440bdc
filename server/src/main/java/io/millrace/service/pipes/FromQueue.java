package io.millrace.service.pipes;

import io.millrace.delivery.QueueSource;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.engine.Watch;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.stream.IntStream;

/// Queues as sources: one consumer, or several where each batch waits for an answer.
final class FromQueue implements Source {
    private final QueueSource queues;

    FromQueue(QueueSource queues) {
        this.queues = queues;
    }

    @Override
    public @Nullable String problem(Snapshot tx, StoredPipe pipe) {
        return queues.exists(tx, pipe.settings().sourceArn())
                ? null
                : "The queue " + pipe.settings().source() + " does not exist.";
    }

    @Override
    public void begin(Transaction tx, StoredPipe pipe) {} // the queue itself knows what is left

    @Override
    public List<Integer> lanes(Run run) {
        int count = run.stages().isCalling() ? PipesLimits.CALLING_LANES : 1;
        return IntStream.range(0, count).boxed().toList();
    }

    @Override
    public Lane lane(Run run, int number) {
        return new QueueLane(run);
    }

    @Override
    public List<Watch> watches(Run run) {
        return List.of();
    }
}
