package io.millrace.authorization;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What each operation of a service needs, as its table beside this class says: a line has the
/// operation, the action, the resource as a [Template], and perhaps `each=` and a list of the
/// input, `if=` and a member without which the line does not count, and condition keys. An
/// operation may have several lines, all of which count. `none` needs nothing, and what
/// `by-service` needs the service tells. Immutable.
final class ActionTable {
    private static final String NONE = "none";
    private static final String BY_SERVICE = "by-service";
    private static final String EACH = "each=";
    private static final String IF = "if=";

    /// What one operation needs.
    ///
    /// @param byService whether the service has to tell
    record Needs(boolean byService, List<ActionLine> lines) {}

    private final Map<String, Needs> byOperation;

    private ActionTable(Map<String, Needs> byOperation) {
        this.byOperation = Map.copyOf(byOperation);
    }

    /// The table of a service.
    ///
    /// @param service its id, as `sqs`
    static ActionTable of(String service) {
        try (InputStream in = ActionTable.class.getResourceAsStream(service + ".txt")) {
            if (in == null) {
                throw new IllegalStateException("no table of actions for " + service);
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ActionTable parse(String text) {
        Map<String, Needs> byOperation = new HashMap<>();
        for (String line : text.lines().toList()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] columns = line.strip().split("\\s+");
            Needs old = byOperation.getOrDefault(columns[0], new Needs(false, List.of()));
            byOperation.put(
                    columns[0],
                    switch (columns[1]) {
                        case NONE -> old;
                        case BY_SERVICE -> new Needs(true, old.lines);
                        default -> {
                            List<ActionLine> lines = new ArrayList<>(old.lines);
                            lines.add(line(columns));
                            yield new Needs(old.byService, List.copyOf(lines));
                        }
                    });
        }
        return new ActionTable(byOperation);
    }

    private static ActionLine line(String[] columns) {
        String each = null;
        String condition = null;
        Map<String, Template> keys = new HashMap<>();
        for (int i = 3; i < columns.length; i++) {
            String column = columns[i];
            if (column.startsWith(EACH)) {
                each = column.substring(EACH.length());
            } else if (column.startsWith(IF)) {
                condition = column.substring(IF.length());
            } else {
                int equals = column.indexOf('=');
                keys.put(
                        column.substring(0, equals).toLowerCase(Locale.ROOT),
                        Template.parse(column.substring(equals + 1)));
            }
        }
        return new ActionLine(
                columns[1], Template.parse(columns[2]), each, condition, Map.copyOf(keys));
    }

    /// Null when nobody said what the operation needs.
    @Nullable Needs needs(String operation) {
        return byOperation.get(operation);
    }
}
