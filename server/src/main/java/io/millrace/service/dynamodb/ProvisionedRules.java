package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.ProvisionedThroughput;
import io.millrace.service.dynamodb.Table.Throughput;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Provisioned throughput of a table or an index: what may be asked for, and how often it may be
/// decreased. It is kept and told, never enforced. Source: [service
/// quotas](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html).
final class ProvisionedRules {
    private static final int DECREASES_FREE = 4;
    private static final Duration DECREASE_PAUSE = Duration.ofHours(1);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern(
                            "EEEE, MMMM d, yyyy 'at' h:mm:ss a 'Coordinated Universal Time'",
                            Locale.US)
                    .withZone(ZoneOffset.UTC);

    private ProvisionedRules() {}

    /// @param index null for the table
    static Throughput ofNew(ProvisionedThroughput asked, @Nullable String index) {
        checkBounds(asked, index);
        return new Throughput(asked.readCapacityUnits(), asked.writeCapacityUnits(), null, null, 0);
    }

    /// @param old null when it was on demand before
    /// @param index null for the table
    static Throughput changed(
            @Nullable Throughput old,
            ProvisionedThroughput asked,
            @Nullable String index,
            Instant now) {
        if (old == null) {
            return ofNew(asked, index);
        }
        checkBounds(asked, index);
        long read = asked.readCapacityUnits();
        long write = asked.writeCapacityUnits();
        if (old.readUnits() == read && old.writeUnits() == write) {
            throw unchanged(old, index);
        }
        boolean increased = read > old.readUnits() || write > old.writeUnits();
        boolean decreased = read < old.readUnits() || write < old.writeUnits();
        long decreases = decreasesToday(old, now);
        if (decreased) {
            checkDecrease(old, decreases, now);
        }
        return new Throughput(
                read,
                write,
                increased ? Long.valueOf(now.toEpochMilli()) : old.lastIncreaseMillis(),
                decreased ? Long.valueOf(now.toEpochMilli()) : old.lastDecreaseMillis(),
                decreases + (decreased ? 1 : 0));
    }

    private static void checkBounds(ProvisionedThroughput asked, @Nullable String index) {
        checkBounds(asked.readCapacityUnits(), "ReadCapacityUnits", index);
        checkBounds(asked.writeCapacityUnits(), "WriteCapacityUnits", index);
    }

    private static void checkBounds(long units, String name, @Nullable String index) {
        if (units > DynamoDbLimits.THROUGHPUT_MAX) {
            throw DynamoDbErrors.validation(
                    "Given value "
                            + units
                            + " for "
                            + name
                            + " is out of bounds"
                            + (index == null ? "" : " for index " + index));
        }
    }

    private static void checkDecrease(Throughput old, long decreases, Instant now) {
        Long last = old.lastDecreaseMillis();
        if (decreases < DECREASES_FREE || last == null) {
            return;
        }
        Instant lastTime = Instant.ofEpochMilli(last);
        Instant next = lastTime.plus(DECREASE_PAUSE);
        if (now.isBefore(next)) {
            throw DynamoDbErrors.limitExceeded(
                    "Provisioned throughput decreases are limited within a given UTC day. After the"
                            + " first "
                            + DECREASES_FREE
                            + " decreases, each subsequent decrease in the same UTC day can be"
                            + " performed at most once every "
                            + DECREASE_PAUSE.toSeconds()
                            + " seconds. Number of decreases today: "
                            + decreases
                            + ". Last decrease at "
                            + TIME.format(lastTime)
                            + ". Next decrease can be made at "
                            + TIME.format(next));
        }
    }

    private static ServiceException unchanged(Throughput old, @Nullable String index) {
        String what = index == null ? "the table" : "index " + index;
        return DynamoDbErrors.validation(
                "The provisioned throughput for "
                        + (index == null ? "the table" : "the index " + index)
                        + " will not change. The requested value equals the current value. Current"
                        + " ReadCapacityUnits provisioned for "
                        + what
                        + ": "
                        + old.readUnits()
                        + ". Requested ReadCapacityUnits: "
                        + old.readUnits()
                        + ". Current WriteCapacityUnits provisioned for "
                        + what
                        + ": "
                        + old.writeUnits()
                        + ". Requested WriteCapacityUnits: "
                        + old.writeUnits()
                        + ". Refer to the Amazon DynamoDB Developer Guide for current limits and how"
                        + " to request higher limits.");
    }

    /// How many decreases there were on the UTC day of `now`.
    static long decreasesToday(Throughput throughput, Instant now) {
        Long last = throughput.lastDecreaseMillis();
        boolean today =
                last != null
                        && LocalDate.ofInstant(Instant.ofEpochMilli(last), ZoneOffset.UTC)
                                .equals(LocalDate.ofInstant(now, ZoneOffset.UTC));
        return today ? throughput.decreasesToday() : 0;
    }
}
