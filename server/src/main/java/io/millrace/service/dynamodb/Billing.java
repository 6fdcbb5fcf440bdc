package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.CreateTableInput;
import io.millrace.api.dynamodb.GlobalSecondaryIndex;
import io.millrace.api.dynamodb.OnDemandThroughput;
import io.millrace.api.dynamodb.ProvisionedThroughput;
import io.millrace.api.dynamodb.UpdateTableInput;
import io.millrace.service.dynamodb.Table.OnDemand;
import io.millrace.service.dynamodb.Table.Settings;
import io.millrace.service.dynamodb.Table.Throughput;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// Billing modes and throughput: what a request may say about them, in DynamoDB's words. Throughput
/// is kept and told, never enforced.
final class Billing {
    private static final String NEITHER =
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is"
                    + " PAY_PER_REQUEST";
    private static final String BOTH =
            "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is"
                    + " PROVISIONED";

    private Billing() {}

    static boolean isPayPerRequest(@Nullable String billingMode) {
        return "PAY_PER_REQUEST".equals(billingMode);
    }

    /// The settings of a new table.
    static Settings settings(CreateTableInput request, Instant now) {
        boolean onDemand = isPayPerRequest(request.billingMode());
        ProvisionedThroughput asked = request.provisionedThroughput();
        if (onDemand && asked != null) {
            throw DynamoDbErrors.invalid(NEITHER);
        }
        if (!onDemand && asked == null) {
            throw DynamoDbErrors.invalid(BOTH);
        }
        return new Settings(
                asked == null ? null : throughput(asked),
                onDemand(request.onDemandThroughput(), onDemand),
                onDemand ? now.toEpochMilli() : null,
                request.tableClass(),
                Boolean.TRUE.equals(request.deletionProtectionEnabled()));
    }

    static @Nullable Throughput indexThroughput(GlobalSecondaryIndex index, boolean onDemand) {
        ProvisionedThroughput asked = index.provisionedThroughput();
        if (onDemand && asked != null) {
            throw DynamoDbErrors.invalid(
                    "ProvisionedThroughput should not be specified for index: "
                            + index.indexName()
                            + " when BillingMode is PAY_PER_REQUEST");
        }
        if (!onDemand && asked == null) {
            throw DynamoDbErrors.invalid(
                    "ProvisionedThroughput must be specified for index: " + index.indexName());
        }
        return asked == null ? null : throughput(asked);
    }

    static @Nullable OnDemand onDemand(@Nullable OnDemandThroughput asked, boolean onDemand) {
        if (asked == null) {
            return null;
        }
        if (!onDemand) {
            throw DynamoDbErrors.invalid(
                    "OnDemandThroughput can only be specified when BillingMode is"
                            + " PAY_PER_REQUEST");
        }
        return new OnDemand(asked.maxReadRequestUnits(), asked.maxWriteRequestUnits());
    }

    private static Throughput throughput(ProvisionedThroughput asked) {
        checkBounds(asked);
        return new Throughput(asked.readCapacityUnits(), asked.writeCapacityUnits(), null, null, 0);
    }

    private static void checkBounds(ProvisionedThroughput asked) {
        checkBounds(asked.readCapacityUnits(), "ReadCapacityUnits");
        checkBounds(asked.writeCapacityUnits(), "WriteCapacityUnits");
    }

    private static void checkBounds(long units, String name) {
        if (units > DynamoDbLimits.THROUGHPUT_MAX) {
            throw DynamoDbErrors.validation(
                    "Given value " + units + " for " + name + " is out of bounds");
        }
    }

    /// The settings after an update of billing mode, throughput, class or protection.
    static Settings update(Settings old, UpdateTableInput request, Instant now) {
        String mode = request.billingMode();
        ProvisionedThroughput asked = request.provisionedThroughput();
        boolean onDemand = mode == null ? old.payPerRequest() : isPayPerRequest(mode);
        if (onDemand && asked != null) {
            throw DynamoDbErrors.invalid(NEITHER);
        }
        if (!onDemand && asked == null && old.throughput() == null) {
            throw DynamoDbErrors.invalid(BOTH);
        }
        Throughput throughput = onDemand ? null : old.throughput();
        if (asked != null) {
            checkBounds(asked);
            throughput = changed(old.throughput(), asked, now);
        }
        boolean became = onDemand && !old.payPerRequest();
        OnDemand limits = onDemand(request.onDemandThroughput(), onDemand);
        return new Settings(
                throughput,
                limits == null && onDemand ? old.onDemand() : limits,
                became ? Long.valueOf(now.toEpochMilli()) : old.payPerRequestMillis(),
                request.tableClass() == null ? old.tableClass() : request.tableClass(),
                request.deletionProtectionEnabled() == null
                        ? old.deletionProtection()
                        : request.deletionProtectionEnabled());
    }

    private static Throughput changed(
            @Nullable Throughput old, ProvisionedThroughput asked, Instant now) {
        long read = asked.readCapacityUnits();
        long write = asked.writeCapacityUnits();
        if (old == null) {
            return new Throughput(read, write, null, null, 0);
        }
        if (old.readUnits() == read && old.writeUnits() == write) {
            throw unchanged(old);
        }
        boolean increased = read > old.readUnits() || write > old.writeUnits();
        boolean decreased = read < old.readUnits() || write < old.writeUnits();
        Long lastIncrease = increased ? Long.valueOf(now.toEpochMilli()) : old.lastIncreaseMillis();
        Long lastDecrease = decreased ? Long.valueOf(now.toEpochMilli()) : old.lastDecreaseMillis();
        return new Throughput(
                read,
                write,
                lastIncrease,
                lastDecrease,
                decreasesToday(old, now) + (decreased ? 1 : 0));
    }

    private static io.millrace.wire.ServiceException unchanged(Throughput old) {
        return DynamoDbErrors.validation(
                "The provisioned throughput for the table will not change. The requested value"
                        + " equals the current value. Current ReadCapacityUnits provisioned for the"
                        + " table: "
                        + old.readUnits()
                        + ". Requested ReadCapacityUnits: "
                        + old.readUnits()
                        + ". Current WriteCapacityUnits provisioned for the table: "
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
