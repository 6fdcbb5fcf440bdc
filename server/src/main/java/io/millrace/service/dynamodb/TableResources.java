package io.millrace.service.dynamodb;

import io.millrace.api.Shape;
import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.BatchExecuteStatementInput;
import io.millrace.api.dynamodb.BatchStatementRequest;
import io.millrace.api.dynamodb.ExecuteStatementInput;
import io.millrace.api.dynamodb.ExecuteTransactionInput;
import io.millrace.api.dynamodb.ParameterizedStatement;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.service.dynamodb.partiql.Statement;
import io.millrace.wire.Caller;
import io.millrace.wire.Requested;
import io.millrace.wire.Resources;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What is told of tables before an operation runs: their policies and tags, which table a PartiQL
/// statement means, and for which keys and attributes a request asks. Source: [condition
/// keys](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html).
final class TableResources implements Resources {
    private static final String TABLE = "table/";
    private static final String LEADING_KEYS = "dynamodb:leadingkeys";
    private static final String ATTRIBUTES = "dynamodb:attributes";
    private static final String SELECT = "dynamodb:select";

    private final Store store;

    TableResources(Store store) {
        this.store = store;
    }

    @Override
    public List<String> policies(Caller caller, String arn) {
        TableName name = name(arn);
        String policy =
                name == null
                        ? null
                        : store.<@Nullable String>read(tx -> ResourcePolicies.text(tx, name));
        return policy == null ? List.of() : List.of(policy);
    }

    @Override
    public boolean decidesAcrossAccounts() {
        return true;
    }

    @Override
    public Map<String, String> tags(Caller caller, String arn) {
        TableName name = name(arn);
        Table table =
                name == null ? null : store.<@Nullable Table>read(tx -> Tables.find(tx, name));
        return table == null ? Map.of() : table.tags();
    }

    /// The table of its own ARN, or of an index's.
    private static @Nullable TableName name(String text) {
        Arn arn = Arn.parse(text).orElse(null);
        if (arn == null || !arn.resource().startsWith(TABLE)) {
            return null;
        }
        String name = arn.resource().substring(TABLE.length());
        int slash = name.indexOf('/');
        return new TableName(
                arn.accountId(), arn.region(), slash < 0 ? name : name.substring(0, slash));
    }

    /// A statement that is none the operation refuses.
    @Override
    public List<Requested> requested(Caller caller, String operation, Shape input) {
        Set<Requested> requested = new LinkedHashSet<>();
        switch (input) {
            case ExecuteStatementInput one ->
                    add(caller, one.statement(), one.parameters(), requested);
            case BatchExecuteStatementInput many -> {
                for (BatchStatementRequest one : many.statements()) {
                    add(caller, one.statement(), one.parameters(), requested);
                }
            }
            case ExecuteTransactionInput many -> {
                for (ParameterizedStatement one : many.transactStatements()) {
                    add(caller, one.statement(), one.parameters(), requested);
                }
            }
            default -> throw new IllegalStateException("no statements in " + operation);
        }
        return List.copyOf(requested);
    }

    private static void add(
            Caller caller,
            String statement,
            @Nullable List<AttributeValue> parameters,
            Set<Requested> requested) {
        TableName name;
        try {
            name = TableName.of(caller, Statement.of(statement, parameters));
        } catch (ServiceException _) { // the operation refuses it in its own words
            return;
        }
        Permission permission = name.permission();
        if (permission != null) {
            requested.add(
                    new Requested("dynamodb:" + permission.action(), permission.resource(name)));
        }
    }

    @Override
    public Map<String, List<String>> context(
            Caller caller, String operation, Shape input, Requested requested) {
        TableName name = name(requested.resource());
        Table table =
                name == null ? null : store.<@Nullable Table>read(tx -> Tables.find(tx, name));
        if (name == null || table == null) {
            return Map.of();
        }
        AskedItems asked = AskedItems.of(input, name.name(), table);
        Map<String, List<String>> context = new HashMap<>();
        if (!asked.leadingKeys().isEmpty()) {
            context.put(LEADING_KEYS, asked.leadingKeys());
        }
        if (!asked.attributes().isEmpty()) {
            context.put(ATTRIBUTES, asked.attributes());
        }
        String select = AskedSelect.of(input, name.name());
        if (select != null) {
            context.put(SELECT, List.of(select));
        }
        return context;
    }
}
