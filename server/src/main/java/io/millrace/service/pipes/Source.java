package io.millrace.service.pipes;

import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.engine.Watch;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// A kind of source. Thread-safe.
interface Source {

    /// Why the pipe cannot read from its source; null when it can.
    @Nullable String problem(Snapshot tx, StoredPipe pipe);

    /// Marks where the pipe begins, in the transaction that sets it going; nothing when it has been
    /// going before.
    void begin(Transaction tx, StoredPipe pipe);

    /// The numbers of the lanes that can go on now.
    List<Integer> lanes(Run run);

    Lane lane(Run run, int number);

    /// Wake when [#lanes] may answer otherwise; whoever asks closes them.
    List<Watch> watches(Run run);
}
