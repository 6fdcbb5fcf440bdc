package io.millrace.service.dynamodb;

import io.millrace.pattern.Arn;
import io.millrace.service.dynamodb.partiql.Statement;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A table as a request names it: by its name, or by its ARN.
///
/// @param permission for what the request names it, which is checked when the table is looked up;
///   null when it is not a request that does
record TableName(String accountId, String region, String name, @Nullable Permission permission) {
    private static final String PATTERN = "[a-zA-Z0-9_.-]+";
    private static final Pattern VALID = Pattern.compile(PATTERN);
    private static final String RESOURCE = "table/";

    TableName(String accountId, String region, String name) {
        this(accountId, region, name, null);
    }

    /// @throws io.millrace.wire.ServiceException when it is neither, or the table of an account
    ///   that the operation does not reach
    static TableName of(Caller caller, String text) {
        Permission permission = new Permission(caller, caller.operation(), null);
        if (!text.startsWith("arn:")) {
            check(text);
            return new TableName(caller.accountId(), caller.region(), text, permission);
        }
        Optional<Arn> arn = Arn.parse(text);
        if (arn.isEmpty()
                || !arn.get().service().equals("dynamodb")
                || !arn.get().resource().startsWith(RESOURCE)) {
            throw DynamoDbErrors.invalid("Invalid table ARN: " + text);
        }
        String name = arn.get().resource().substring(RESOURCE.length());
        check(name);
        TableName table =
                new TableName(arn.get().accountId(), arn.get().region(), name, permission);
        if (!permission.reaches(table.accountId())) {
            throw permission.denied(table);
        }
        return table;
    }

    /// The table of a PartiQL statement.
    static TableName of(Caller caller, Statement statement) {
        String action =
                switch (statement) {
                    case Statement.Select _, Statement.Exists _ -> "PartiQLSelect";
                    case Statement.Insert _ -> "PartiQLInsert";
                    case Statement.Update _ -> "PartiQLUpdate";
                    case Statement.Delete _ -> "PartiQLDelete";
                };
        return of(caller.calling(action), statement.source().table())
                .onIndex(statement.source().index());
    }

    /// The same for a request that is about one of its indexes alone.
    TableName onIndex(@Nullable String indexName) {
        return permission == null || indexName == null
                ? this
                : new TableName(
                        accountId,
                        region,
                        name,
                        new Permission(permission.caller(), permission.action(), indexName));
    }

    /// The same for work that goes on when the request is answered.
    TableName withoutPermission() {
        return new TableName(accountId, region, name);
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
