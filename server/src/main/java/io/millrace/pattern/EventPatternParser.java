package io.millrace.pattern;

import org.jspecify.annotations.Nullable;

import software.amazon.event.ruler.JsonRuleCompiler;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads a pattern's JSON. AWS's own compiler decides whether it is valid and words what is wrong;
/// what is read here afterwards has passed that.
///
/// `$or` multiplies: a pattern is a list of branches, each a list of conditions by path. A path
/// that is given twice in a branch has the later list, as in AWS's compiler.
final class EventPatternParser {

    static final int BRANCHES_MAX = 1000;

    private static final JsonFactory JSON = new JsonFactory();

    private final JsonParser parser;

    private EventPatternParser(JsonParser parser) {
        this.parser = parser;
    }

    /// Reads and checks a pattern.
    ///
    /// @throws EventPatternException when the pattern is not valid
    static List<Map<String, List<EventPatternCondition>>> parse(String json) {
        if (branches(json) > BRANCHES_MAX) {
            throw new EventPatternException(
                    "Rule is too complex - $or makes more than "
                            + BRANCHES_MAX
                            + " combinations of it");
        }
        String error = JsonRuleCompiler.check(json);
        if (error != null) {
            throw new EventPatternException(withSource(error, json));
        }
        List<Map<String, List<EventPatternCondition>>> branches = parseValid(json);
        if (WildcardComplexity.isTooHigh(branches)) {
            throw new EventPatternException(
                    "Rule is too complex - try using fewer wildcard characters or fewer repeating"
                            + " character sequences after a wildcard character");
        }
        return branches;
    }

    /// Reads a pattern that has passed [#parse] before.
    static List<Map<String, List<EventPatternCondition>>> parseValid(String json) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            return new EventPatternParser(parser).object("", List.of());
        } catch (JacksonException | IllegalArgumentException e) {
            throw new EventPatternException(String.valueOf(e.getMessage()));
        }
    }

    /// Puts the pattern into the place where the compiler's JSON library leaves it out.
    private static String withSource(String error, String json) {
        int from = error.indexOf("[Source: ");
        int to = error.indexOf("; line:", Math.max(from, 0));
        if (from < 0 || to < 0) {
            return error;
        }
        return error.substring(0, from) + "[" + JsonSyntax.source(json) + error.substring(to);
    }

    /// How many branches the pattern has; 0 when it is not JSON.
    private static long branches(String json) {
        if (!json.contains("\"$or\"")) {
            return 1;
        }
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            return parser.nextToken() == JsonToken.START_OBJECT ? product(parser) : 0;
        } catch (JacksonException _) {
            return 0; // the compiler will tell why
        }
    }

    private static long product(JsonParser parser) {
        long product = 1;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            boolean or = parser.currentName().equals("$or");
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_OBJECT) {
                product *= product(parser);
            } else if (token == JsonToken.START_ARRAY && or) {
                long sum = 0;
                for (JsonToken t = parser.nextToken();
                        t != JsonToken.END_ARRAY;
                        t = parser.nextToken()) {
                    if (t == JsonToken.START_OBJECT) {
                        sum += product(parser);
                    } else {
                        parser.skipChildren(); // the compiler will tell why not
                    }
                }
                product *= Math.max(1, sum);
            } else {
                parser.skipChildren();
            }
            product = Math.min(product, 1 << 20); // far above the limit, far below an overflow
        }
        return product;
    }

    /// Reads the members of an object into every branch there is so far.
    private List<Map<String, List<EventPatternCondition>>> object(
            String path, List<Map<String, List<EventPatternCondition>>> before) {
        List<Map<String, List<EventPatternCondition>>> branches = before;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            String at = path.isEmpty() ? name : path + "." + name;
            JsonToken token = parser.nextToken();
            if (name.equals("$or") && token == JsonToken.START_ARRAY) {
                branches = or(path, branches);
            } else if (token == JsonToken.START_OBJECT) {
                branches = object(at, branches);
            } else {
                List<EventPatternCondition> conditions = conditions();
                branches = branches.isEmpty() ? List.of(new HashMap<>()) : branches;
                branches.forEach(branch -> branch.put(at, conditions));
            }
        }
        return branches;
    }

    private List<Map<String, List<EventPatternCondition>>> or(
            String path, List<Map<String, List<EventPatternCondition>>> before) {
        List<Map<String, List<EventPatternCondition>>> branches = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            List<Map<String, List<EventPatternCondition>>> copies = new ArrayList<>();
            before.forEach(branch -> copies.add(new HashMap<>(branch)));
            if (copies.isEmpty()) {
                copies.add(new HashMap<>());
            }
            branches.addAll(object(path, copies));
        }
        return branches;
    }

    private List<EventPatternCondition> conditions() {
        List<EventPatternCondition> conditions = new ArrayList<>();
        for (JsonToken token = parser.nextToken();
                token != JsonToken.END_ARRAY;
                token = parser.nextToken()) {
            if (token == JsonToken.START_OBJECT) {
                parser.nextToken();
                conditions.add(operator(parser.currentName()));
                parser.nextToken(); // the object's end
            } else {
                conditions.add(literal(true));
            }
        }
        return List.copyOf(conditions);
    }

    /// The value at hand, as what it equals. An IP address equals all its spellings, where told so.
    private EventPatternCondition literal(boolean addresses) {
        String text = parser.getString();
        return switch (parser.currentToken()) {
            case VALUE_STRING -> string(text, addresses);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                double number = EventPatternFields.number(text);
                yield Double.isNaN(number)
                        ? new EventPatternCondition.Equal(text)
                        : new EventPatternCondition.NumberEqual(number, text);
            }
            default -> new EventPatternCondition.Equal(text);
        };
    }

    private static EventPatternCondition string(String text, boolean addresses) {
        byte @Nullable [] address = addresses ? EventPatternCondition.Cidr.addressOf(text) : null;
        String quoted = '"' + text + '"';
        return address == null
                ? new EventPatternCondition.Equal(quoted)
                : new EventPatternCondition.Cidr(address, 8 * address.length, quoted);
    }

    private EventPatternCondition operator(String name) {
        parser.nextToken();
        return switch (name) {
            case "exists" ->
                    parser.currentToken() == JsonToken.VALUE_TRUE
                            ? new EventPatternCondition.Exists()
                            : new EventPatternCondition.Absent();
            case "anything-but" -> anythingBut();
            case "numeric" -> numeric();
            case "cidr" -> EventPatternCondition.Cidr.of(parser.getString());
            default -> text(name);
        };
    }

    /// The operators on strings, which also stand inside `anything-but`.
    private EventPatternCondition text(String name) {
        boolean ignoreCase = false;
        if (parser.currentToken()
                == JsonToken.START_OBJECT) { // {"prefix": {"equals-ignore-case": …
            parser.nextToken();
            parser.nextToken();
            ignoreCase = true;
        }
        String text = parser.getString();
        if (ignoreCase) {
            parser.nextToken();
        }
        return switch (name) {
            case "prefix" -> new EventPatternCondition.Prefix(text, ignoreCase);
            case "suffix" -> new EventPatternCondition.Suffix(text, ignoreCase);
            case "equals-ignore-case" -> new EventPatternCondition.EqualIgnoreCase(text);
            case "wildcard" -> EventPatternCondition.Wildcard.of(text);
            case "exactly" -> new EventPatternCondition.Equal('"' + text + '"');
            default -> throw new IllegalArgumentException("Unrecognized match type " + name);
        };
    }

    private EventPatternCondition anythingBut() {
        String operator = null;
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            parser.nextToken();
            operator = parser.currentName();
            parser.nextToken();
        }
        List<EventPatternCondition> conditions = new ArrayList<>();
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                conditions.add(operator == null ? literal(false) : text(operator));
            }
        } else {
            conditions.add(operator == null ? literal(false) : text(operator));
        }
        if (operator != null) {
            parser.nextToken(); // the inner object's end
        }
        return new EventPatternCondition.AnythingBut(
                List.copyOf(conditions), EventPatternCondition.list(conditions));
    }

    private EventPatternCondition numeric() {
        double low = Double.NEGATIVE_INFINITY;
        double high = Double.POSITIVE_INFINITY;
        boolean lowOpen = false;
        boolean highOpen = false;
        StringBuilder spelling = new StringBuilder();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            String operator = parser.getString();
            parser.nextToken();
            String text = parser.getString();
            double number = EventPatternFields.number(text);
            spelling.append(spelling.isEmpty() ? "\"" : ",\"").append(operator).append("\",");
            spelling.append(text);
            switch (operator) {
                case "=" -> {
                    return numberEqual(number, text);
                }
                case ">", ">=" -> {
                    low = number;
                    lowOpen = operator.equals(">");
                }
                default -> {
                    high = number;
                    highOpen = operator.equals("<");
                }
            }
        }
        return new EventPatternCondition.Range(low, lowOpen, high, highOpen, spelling.toString());
    }

    private EventPatternCondition numberEqual(double number, String text) {
        parser.nextToken(); // the list's end
        return new EventPatternCondition.NumberEqual(number, "{\"numeric\":[\"=\"," + text + "]}");
    }
}
