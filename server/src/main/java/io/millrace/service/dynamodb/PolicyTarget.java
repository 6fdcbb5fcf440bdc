package io.millrace.service.dynamodb;

import io.millrace.engine.Snapshot;
import io.millrace.pattern.Arn;
import io.millrace.stream.TableStreams;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/// What a resource policy is for: a table with its indexes, or a stream.
///
/// @param streamLabel null for a table
record PolicyTarget(TableName table, @Nullable String streamLabel) {
    private static final String TABLE = "table/";

    /// @throws io.millrace.wire.ServiceException `ValidationException`
    static PolicyTarget of(Caller caller, String text) {
        if (!text.startsWith("arn:")) {
            throw DynamoDbErrors.invalid("ARNs must start with 'arn:': " + text);
        }
        Optional<Arn> parsed = Arn.parse(text);
        if (parsed.isEmpty()
                || !parsed.get().service().equals("dynamodb")
                || !parsed.get().resource().startsWith(TABLE)) {
            throw DynamoDbErrors.invalid("Provided Arn is not a DynamoDB resource arn: " + text);
        }
        Arn arn = parsed.get();
        String[] parts = arn.resource().substring(TABLE.length()).split("/", -1);
        boolean stream = parts.length == 3 && parts[1].equals("stream");
        if (parts.length == 3 && parts[1].equals("index")) {
            throw DynamoDbErrors.invalid(
                    "Invalid resource arn provided, only table or stream is accepted. Provided"
                            + " resource arn: "
                            + text);
        }
        if (!stream && parts.length != 1) {
            throw DynamoDbErrors.invalid("Provided Arn is not a DynamoDB resource arn: " + text);
        }
        if (!arn.partition().equals("aws") || !arn.region().equals(caller.region())) {
            throw DynamoDbErrors.invalid("Invalid resource Arn: " + text);
        }
        if (!arn.accountId().equals(caller.accountId())) {
            throw DynamoDbErrors.validation(
                    "This action is only supported by accounts that match the resource owner’s"
                            + " account.");
        }
        return new PolicyTarget(TableName.of(caller, parts[0]), stream ? parts[2] : null);
    }

    static PolicyTarget of(Table table) {
        return new PolicyTarget(
                new TableName(table.accountId(), table.region(), table.name()), null);
    }

    /// The same for someone whom no policy binds.
    PolicyTarget unchecked() {
        return new PolicyTarget(
                new TableName(table.accountId(), table.region(), table.name()), streamLabel);
    }

    /// The table, which may be gone while its stream is still there.
    ///
    /// @throws io.millrace.wire.ServiceException `ResourceNotFoundException`
    Table open(Snapshot tx) {
        Table found = Tables.table(tx, table);
        if (streamLabel != null
                && TableStreams.find(
                                tx, table.accountId(), table.region(), table.name(), streamLabel)
                        == null) {
            throw DynamoDbErrors.streamNotFound(streamLabel, table.name());
        }
        return found;
    }

    byte[] key() {
        return streamLabel == null
                ? DynamoDbKeys.resourcePolicy(table)
                : TableStreams.policyKey(
                        table.accountId(), table.region(), table.name(), streamLabel);
    }
}
