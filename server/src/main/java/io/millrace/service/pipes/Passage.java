package io.millrace.service.pipes;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// How far a batch came outside of any transaction.
///
/// @param outputs what is to be delivered, in order
/// @param enriched whether the outputs are an enrichment's answer, which is of all the batch; else
///   each is of the event with its index
/// @param calledCount how many of the outputs a remote target took
/// @param failure why the next did not get through; null when there is nothing to complain of
record Passage(List<Output> outputs, boolean enriched, int calledCount, @Nullable Failure failure) {

    Passage {
        outputs = List.copyOf(outputs);
    }
}
