package io.millrace.service.pipes;

import io.millrace.delivery.QueueSource;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.stream.ImageDecoder;
import io.millrace.stream.StreamOptions;
import io.millrace.wire.Ids;

import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// A pipe as one server runs it: one generation of it, under one lease. Immutable.
///
/// @param pipe as it was when the run began
/// @param stages made of it
record Run(StoredPipe pipe, Leases.Lease lease, Stages stages, Parts parts) {

    /// What all runs share.
    ///
    /// @param random spreads retries
    /// @param images decodes what DynamoDB wrote
    record Parts(
            Store store,
            InstantSource clock,
            Ids ids,
            RandomGenerator random,
            QueueSource queues,
            StreamOptions streams,
            ImageDecoder images,
            StoreDelivery delivery,
            PipeTrace trace) {}

    /// To be called first in every transaction of the run.
    ///
    /// @throws Leases.LostException when the pipe is another server's now
    void check(Snapshot tx) {
        Leases.check(tx, pipe.number(), lease);
    }

    PipeLog log() {
        return new PipeLog(pipe, parts.ids().uuid(), parts.clock());
    }
}
