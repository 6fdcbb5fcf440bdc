package io.millrace.authorization;

import io.millrace.log.Log;
import io.millrace.policy.Decision;
import io.millrace.policy.Verdict;
import io.millrace.wire.Caller;
import io.millrace.wire.Requested;

import java.time.InstantSource;

/// Tells the operator of denials, and which statement decided, so many in a minute and no more.
/// Thread-safe.
final class DenialLog {
    static final int LINES_PER_MINUTE_MAX = 60;

    private static final Log LOG = Log.of(DenialLog.class);
    private static final long MINUTE_MILLIS = 60_000;

    private final InstantSource clock;
    private long minute = -1;
    private int lines;
    private long withheld;

    DenialLog(InstantSource clock) {
        this.clock = clock;
    }

    void denied(Caller caller, Requested requested, Verdict verdict) {
        if (!takesOne()) {
            return;
        }
        boolean explicit = verdict.decision() == Decision.EXPLICIT_DENY;
        LOG.warning(
                "A request was denied",
                "requestId",
                caller.requestId(),
                "principal",
                caller.principalArn(),
                "action",
                requested.action(),
                "resource",
                requested.resource(),
                explicit ? "deniedBy" : "notAllowedByAny",
                explicit ? verdict.decidingWords() : verdict.layer().words(),
                "consulted",
                verdict.consulted().isEmpty() ? "no policy" : verdict.consulted());
    }

    private synchronized boolean takesOne() {
        long now = clock.millis() / MINUTE_MILLIS;
        if (now != minute) {
            if (withheld > 0) {
                LOG.warning("More requests were denied than are told", "count", withheld);
            }
            minute = now;
            lines = 0;
            withheld = 0;
        }
        if (lines == LINES_PER_MINUTE_MAX) {
            withheld++;
            return false;
        }
        lines++;
        return true;
    }
}
