package io.millrace.delivery;

import io.millrace.engine.Snapshot;
import io.millrace.pattern.Arn;

import java.util.List;
import java.util.Optional;

/// The filters of pipes, for whoever explains why an event did not pass. Thread-safe.
public interface PipeFilters {

    /// A pipe's filters.
    ///
    /// @param source what the pipe reads from, as an ARN
    /// @param patterns event patterns, of which an event has to match one; none lets all pass
    record Filters(String pipe, String source, List<String> patterns) {

        public Filters {
            patterns = List.copyOf(patterns);
        }
    }

    /// Empty when there is no such pipe.
    Optional<Filters> find(Snapshot snapshot, Arn pipe);

    /// All pipes that read from a queue or a stream.
    List<Filters> reading(Snapshot snapshot, Arn source);

    /// An event as filters see it: with a body that is JSON as JSON.
    ///
    /// @param record as the pipe's target would get it, a JSON object
    String seen(String record);
}
