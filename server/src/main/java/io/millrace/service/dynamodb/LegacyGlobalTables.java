package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.CreateGlobalTableInput;
import io.millrace.api.dynamodb.CreateGlobalTableOutput;
import io.millrace.api.dynamodb.DescribeGlobalTableInput;
import io.millrace.api.dynamodb.DescribeGlobalTableOutput;
import io.millrace.api.dynamodb.DescribeGlobalTableSettingsInput;
import io.millrace.api.dynamodb.DescribeGlobalTableSettingsOutput;
import io.millrace.api.dynamodb.DynamodbApi.Errors;
import io.millrace.api.dynamodb.ListGlobalTablesInput;
import io.millrace.api.dynamodb.ListGlobalTablesOutput;
import io.millrace.api.dynamodb.UpdateGlobalTableInput;
import io.millrace.api.dynamodb.UpdateGlobalTableOutput;
import io.millrace.api.dynamodb.UpdateGlobalTableSettingsInput;
import io.millrace.api.dynamodb.UpdateGlobalTableSettingsOutput;
import io.millrace.wire.Caller;
import io.millrace.wire.ServiceException;

import java.util.List;

/// The operations on global tables of the version 2017.11.29, as they answer today: AWS makes no
/// such tables any more, and so there are none. Those of version 2019.11.21 are made by
/// `UpdateTable`.
///
/// Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateGlobalTable.html).
@SuppressWarnings("DoNotCallSuggester") // to refuse is what these operations do
final class LegacyGlobalTables {

    CreateGlobalTableOutput create(Caller caller, CreateGlobalTableInput request) {
        throw unsupported();
    }

    UpdateGlobalTableOutput update(Caller caller, UpdateGlobalTableInput request) {
        throw unsupported();
    }

    private static ServiceException unsupported() {
        return DynamoDbErrors.invalid(
                "DynamoDB global tables version 2017.11.29 is not supported. We recommend using"
                        + " DynamoDB global tables version 2019.11.21, instead of version 2017.11.29"
                        + " (Legacy).");
    }

    DescribeGlobalTableOutput describe(Caller caller, DescribeGlobalTableInput request) {
        throw notFound(request.globalTableName());
    }

    DescribeGlobalTableSettingsOutput describeSettings(
            Caller caller, DescribeGlobalTableSettingsInput request) {
        throw notFound(request.globalTableName());
    }

    UpdateGlobalTableSettingsOutput updateSettings(
            Caller caller, UpdateGlobalTableSettingsInput request) {
        throw notFound(request.globalTableName());
    }

    private static ServiceException notFound(String name) {
        return new ServiceException(
                Errors.GLOBAL_TABLE_NOT_FOUND_EXCEPTION,
                "Global table with name: '" + name + "' does not exist.");
    }

    ListGlobalTablesOutput list(Caller caller, ListGlobalTablesInput request) {
        return new ListGlobalTablesOutput(List.of(), null);
    }
}
