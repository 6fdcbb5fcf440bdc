package io.millrace.timer;

import io.millrace.engine.Bytes;
import io.millrace.schedule.ScheduleExpression;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/// Where something that recurs stands: the state of its timer.
///
/// While a server runs, every run comes, also the late ones when its clock jumps, up to
/// [TimerLimits#LATE_RUNS_MAX] in a row. What was due while no server ran does not come any more,
/// as a schedule of a rule has no memory at AWS, unless that was just before the start.
///
/// @param scheduledMillis the run that is due next, without a flexible window
/// @param anchorMillis from where a rate counts
/// @param lateCount how many runs in a row were late
public record Recurrence(long scheduledMillis, long anchorMillis, int lateCount) {
    private static final int BYTES = 3 * Long.BYTES;

    /// The one that begins at a time.
    public static Recurrence from(Instant scheduled, Instant anchor) {
        return new Recurrence(scheduled.toEpochMilli(), anchor.toEpochMilli(), 0);
    }

    public static Recurrence of(byte[] state) {
        return new Recurrence(
                Bytes.readLong(state, 0),
                Bytes.readLong(state, Long.BYTES),
                (int) Bytes.readLong(state, 2 * Long.BYTES));
    }

    public byte[] toBytes() {
        byte[] state = new byte[BYTES];
        Bytes.writeLong(state, 0, scheduledMillis);
        Bytes.writeLong(state, Long.BYTES, anchorMillis);
        Bytes.writeLong(state, 2 * Long.BYTES, lateCount);
        return state;
    }

    public Instant scheduled() {
        return Instant.ofEpochMilli(scheduledMillis);
    }

    /// The one after this; empty when it was the last.
    public Optional<Recurrence> next(ScheduleExpression expression, ZoneId zone, Firing firing) {
        Instant anchor = Instant.ofEpochMilli(anchorMillis);
        Instant now = Instant.ofEpochMilli(firing.nowMillis());
        if (firing.missed()) {
            Instant since = Instant.ofEpochMilli(firing.sinceMillis());
            return expression.first(since, anchor, zone).map(next -> Recurrence.from(next, anchor));
        }
        if (lateCount >= TimerLimits.LATE_RUNS_MAX) {
            return expression.next(now, anchor, zone).map(next -> Recurrence.from(next, anchor));
        }
        boolean late = firing.nowMillis() - scheduledMillis > TimerLimits.GRACE.toMillis();
        return expression
                .next(scheduled(), anchor, zone)
                .map(next ->
                        new Recurrence(
                                next.toEpochMilli(), anchorMillis, late ? lateCount + 1 : 0));
    }
}
