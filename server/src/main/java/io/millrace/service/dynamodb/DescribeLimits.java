package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.DescribeLimitsInput;
import io.millrace.api.dynamodb.DescribeLimitsOutput;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `DescribeLimits`: the capacity that an account may provision, which are AWS's defaults. More is
/// not refused here.
///
/// Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeLimits.html).
final class DescribeLimits implements Operation<DescribeLimitsInput, DescribeLimitsOutput> {

    @Override
    public DescribeLimitsOutput handle(Caller caller, DescribeLimitsInput request) {
        return new DescribeLimitsOutput(
                DynamoDbLimits.ACCOUNT_CAPACITY_UNITS,
                DynamoDbLimits.ACCOUNT_CAPACITY_UNITS,
                DynamoDbLimits.TABLE_CAPACITY_UNITS,
                DynamoDbLimits.TABLE_CAPACITY_UNITS);
    }
}
