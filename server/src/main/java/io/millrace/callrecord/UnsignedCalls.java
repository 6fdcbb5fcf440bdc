package io.millrace.callrecord;

import io.millrace.api.sts.AssumeRoleWithWebIdentityResponse;
import io.millrace.wire.CallObserver.Call;

import java.time.InstantSource;

/// Bounds the records of calls that nobody signed, since anybody may send them; what is beyond the
/// bound is only counted. A login with a provider's token is none of them: the token was verified.
/// Thread-safe.
public final class UnsignedCalls {

    /// How many are recorded in one minute.
    public static final int A_MINUTE = 100;

    private static final long MINUTE_MILLIS = 60_000;

    private final InstantSource clock;
    private long minute;
    private int count;
    private long omittedCount;

    public UnsignedCalls(InstantSource clock) {
        this.clock = clock;
    }

    static boolean isUnsigned(Call call) {
        return call.caller().isAnonymous()
                && !(call.output() instanceof AssumeRoleWithWebIdentityResponse);
    }

    /// Whether the call, signed or not, is to be recorded.
    public boolean admits(Call call) {
        return !isUnsigned(call) || admitsOneMore();
    }

    private synchronized boolean admitsOneMore() {
        long now = clock.millis() / MINUTE_MILLIS;
        if (now != minute) {
            minute = now;
            count = 0;
        }
        boolean admitted = count < A_MINUTE;
        if (admitted) {
            count++;
        } else {
            omittedCount++;
        }
        return admitted;
    }

    /// How many were not admitted since this was made.
    public synchronized long omittedCount() {
        return omittedCount;
    }
}
