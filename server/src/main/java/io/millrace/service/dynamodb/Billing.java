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
import java.util.List;

/// Billing modes and throughput: what a request may say about them, in DynamoDB's words.
final class Billing {
    private static final String NEITHER =
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is"
                    + " PAY_PER_REQUEST";
    private static final String BOTH =
            "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is"
                    + " PROVISIONED";

    private static final long NO_MAXIMUM = -1;

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
                asked == null ? null : ProvisionedRules.ofNew(asked, null),
                onDemand(request.onDemandThroughput(), onDemand, null),
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
                    "ProvisionedThroughput is not specified for index: " + index.indexName());
        }
        return asked == null ? null : ProvisionedRules.ofNew(asked, index.indexName());
    }

    /// The maximums of a new table or index.
    ///
    /// @param indexName null for the table itself
    static @Nullable OnDemand onDemand(
            @Nullable OnDemandThroughput asked, boolean onDemand, @Nullable String indexName) {
        return asked == null ? null : maximums(null, asked, onDemand, indexName);
    }

    /// The maximums after an update, member by member; -1 removes one.
    ///
    /// @param indexName null for the table itself
    static @Nullable OnDemand onDemand(
            @Nullable OnDemand old,
            OnDemandThroughput asked,
            boolean onDemand,
            @Nullable String indexName) {
        OnDemand changed =
                maximums(old == null ? new OnDemand(null, null) : old, asked, onDemand, indexName);
        return changed.maxReadUnits() == null && changed.maxWriteUnits() == null ? null : changed;
    }

    /// @param old null for what is new, where nothing can be removed
    private static OnDemand maximums(
            @Nullable OnDemand old,
            OnDemandThroughput asked,
            boolean onDemand,
            @Nullable String indexName) {
        String of = indexName == null ? "" : " for index : " + indexName;
        for (String kind : List.of("Read", "Write")) {
            Long units =
                    kind.equals("Read")
                            ? asked.maxReadRequestUnits()
                            : asked.maxWriteRequestUnits();
            if (units == null) {
                continue;
            }
            if (!onDemand) {
                throw DynamoDbErrors.invalid(
                        "Max"
                                + kind
                                + "RequestUnits for OnDemandThroughput"
                                + of
                                + " cannot be specified when the table BillingMode is"
                                + " PROVISIONED");
            }
            if (units < 1 && (units != NO_MAXIMUM || old == null)) {
                throw DynamoDbErrors.invalid(
                        "Requested Max"
                                + kind
                                + "RequestUnits for OnDemandThroughput"
                                + (indexName == null ? " for table" : of)
                                + " is outside of valid range");
            }
        }
        return new OnDemand(
                maximum(old == null ? null : old.maxReadUnits(), asked.maxReadRequestUnits()),
                maximum(old == null ? null : old.maxWriteUnits(), asked.maxWriteRequestUnits()));
    }

    private static @Nullable Long maximum(@Nullable Long old, @Nullable Long asked) {
        if (asked == null) {
            return old;
        }
        return asked == NO_MAXIMUM ? null : asked;
    }

    /// The settings after an update of billing mode, throughput, class or protection.
    static Settings update(Settings old, UpdateTableInput request, Instant now) {
        String mode = request.billingMode();
        ProvisionedThroughput asked = request.provisionedThroughput();
        boolean onDemand = mode == null ? old.payPerRequest() : isPayPerRequest(mode);
        if (onDemand && asked != null) {
            throw DynamoDbErrors.invalid(
                    mode == null
                            ? NEITHER
                            : "ProvisionedThroughput cannot be specified when BillingMode is"
                                    + " PAY_PER_REQUEST");
        }
        if (mode != null && !onDemand && asked == null) {
            throw DynamoDbErrors.invalid(
                    "ProvisionedThroughput must be specified when BillingMode is PROVISIONED");
        }
        Throughput throughput = onDemand ? null : old.throughput();
        if (asked != null) {
            throughput = ProvisionedRules.changed(old.throughput(), asked, null, now);
        }
        boolean became = onDemand && !old.payPerRequest();
        OnDemandThroughput maximums = request.onDemandThroughput();
        OnDemand kept = onDemand ? old.onDemand() : null;
        return new Settings(
                throughput,
                maximums == null ? kept : onDemand(kept, maximums, onDemand, null),
                became ? Long.valueOf(now.toEpochMilli()) : old.payPerRequestMillis(),
                request.tableClass() == null ? old.tableClass() : request.tableClass(),
                request.deletionProtectionEnabled() == null
                        ? old.deletionProtection()
                        : request.deletionProtectionEnabled());
    }
}
