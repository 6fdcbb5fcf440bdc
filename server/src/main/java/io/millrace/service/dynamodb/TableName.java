package io.millrace.service.dynamodb;

import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A table as a request names it: by its name, or by its ARN.
record TableName(String accountId, String region, String name) {
    private static final String PATTERN = "[a-zA-Z0-9_.-]+";
    private static final Pattern VALID = Pattern.compile(PATTERN);
    private static final String RESOURCE = "table/";

    /// @throws io.millrace.wire.ServiceException when it is neither, or another account's
    static TableName of(Caller caller, String text) {
        if (!text.startsWith("arn:")) {
            check(text);
            return new TableName(caller.accountId(), caller.region(), text);
        }
        Optional<Arn> arn = Arn.parse(text);
        if (arn.isEmpty()
                || !arn.get().service().equals("dynamodb")
                || !arn.get().resource().startsWith(RESOURCE)) {
            throw DynamoDbErrors.invalid("Invalid table ARN: " + text);
        }
        String name = arn.get().resource().substring(RESOURCE.length());
        check(name);
        if (!arn.get().accountId().equals(caller.accountId())) {
            throw DynamoDbErrors.accessDenied(caller.principalArn(), text);
        }
        return new TableName(arn.get().accountId(), arn.get().region(), name);
    }

    static void check(String name) {
        if (name.length() < DynamoDbLimits.TABLE_NAME_LENGTH_MIN
                || name.length() > DynamoDbLimits.TABLE_NAME_LENGTH_MAX) {
            throw DynamoDbErrors.validation(
                    "TableName must be at least 3 characters long and at most 255 characters long");
        }
        checkPattern(name, "tableName");
    }

    /// @param path what the message calls the parameter
    static void checkPattern(String name, String path) {
        if (!VALID.matcher(name).matches()) {
            throw DynamoDbErrors.constraints(
                    List.of(
                            "Value '"
                                    + name
                                    + "' at '"
                                    + path
                                    + "' failed to satisfy constraint: Member must satisfy regular"
                                    + " expression pattern: "
                                    + PATTERN));
        }
    }

    byte[] key() {
        return DynamoDbKeys.table(accountId, region, name);
    }

    Arn arn() {
        return Arn.of("dynamodb", region, accountId, RESOURCE + name);
    }
}
