package io.millrace.trace;

import java.time.Duration;

/// Every bound of this package.
final class TraceLimits {

    /// What all blocks may take together; the oldest go first.
    static final long BYTES_MAX = 256L << 20;

    /// Hops that wait in memory to be written; more are lost, and counted.
    static final int PENDING_MAX = 65_536;

    /// Hops of a block, and about how many bytes it has at most.
    static final int BLOCK_HOPS_MAX = 2048;

    static final int BLOCK_BYTES_MAX = 1 << 20;

    /// How long hops wait for more.
    static final Duration LINGER = Duration.ofMillis(200);

    /// How long a reader waits for what is on its way into the store.
    static final Duration READER_WAIT = Duration.ofSeconds(5);

    /// The longest text of a detail that is kept, in characters.
    static final int DETAIL_CHARS_MAX = 2048;

    /// Blocks that one transaction removes.
    static final int REMOVED_BLOCKS = 32;

    static final Duration SWEEP_PAUSE = Duration.ofMinutes(1);

    /// What one trace shows.
    static final int TRACE_IDS_MAX = 64;

    static final int TRACE_HOPS_MAX = 1000;

    /// Blocks that are read for a list of recent events.
    static final int RECENT_BLOCKS_MAX = 1000;

    static final int RECENT_DEFAULT = 20;

    static final int RECENT_MAX = 500;

    private TraceLimits() {}
}
