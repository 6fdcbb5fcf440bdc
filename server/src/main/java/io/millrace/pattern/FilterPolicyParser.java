package io.millrace.pattern;

import io.millrace.pattern.FilterPolicy.Branch;
import io.millrace.pattern.FilterPolicy.Field;
import io.millrace.pattern.FilterPolicyCondition.AnythingBut;
import io.millrace.pattern.FilterPolicyCondition.Cidr;
import io.millrace.pattern.FilterPolicyCondition.Exact;
import io.millrace.pattern.FilterPolicyCondition.Exists;
import io.millrace.pattern.FilterPolicyCondition.Part;
import io.millrace.pattern.FilterPolicyCondition.Range;
import io.millrace.pattern.FilterPolicyCondition.Wildcard;
import io.millrace.pattern.FilterPolicyValue.Literal;
import io.millrace.pattern.FilterPolicyValue.Text;

import software.amazon.event.ruler.JsonRuleCompiler;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Compiles the text of a filter policy. For one use.
///
/// The syntax is checked by event-ruler, whose messages are the ones that AWS answers, with the
/// position of the fault; the limits are SNS's own
/// ([constraints](https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html)).
final class FilterPolicyParser {
    private static final int KEYS_MAX = 5;
    private static final int COMBINATIONS_MAX = 150;
    private static final int BYTES_MAX = 256 * 1024;
    private static final BigDecimal NUMBER_MAX = new BigDecimal("1e300");
    private static final int SCALE_MAX = 300;
    private static final String OR = "$or";

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final String source;
    private final FilterPolicyScope scope;

    FilterPolicyParser(String source, FilterPolicyScope scope) {
        this.source = source;
        this.scope = scope;
    }

    FilterPolicy parse() throws FilterPolicyException {
        if (source.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX) {
            throw refused("Filter policy is too large");
        }
        JsonNode root = tree();
        if (root.isObject() && root.isEmpty()) {
            return new FilterPolicy(scope, List.of());
        }
        if (root.size() > KEYS_MAX) {
            throw refused("Filter policy can not have more than 5 keys");
        }
        if (scope == FilterPolicyScope.MESSAGE_ATTRIBUTES && isNested(root)) {
            throw new FilterPolicyException(
                    "Filter policy scope MessageAttributes does not support nested filter policy");
        }
        String fault = JsonRuleCompiler.check(source);
        if (fault != null) {
            throw refused(fault);
        }
        if (combinations(root, 1, 1) > COMBINATIONS_MAX) {
            throw refused("Filter policy is too complex");
        }
        return compiled(root);
    }

    /// The policy, which was accepted before.
    FilterPolicy compile() throws FilterPolicyException {
        JsonNode root = tree();
        return root.isEmpty() ? new FilterPolicy(scope, List.of()) : compiled(root);
    }

    private FilterPolicy compiled(JsonNode root) throws FilterPolicyException {
        List<Branch> branches = new ArrayList<>();
        for (List<Field> fields : branches(root, "", List.of(List.of()))) {
            branches.add(new Branch(fields));
        }
        return new FilterPolicy(scope, branches);
    }

    private JsonNode tree() throws FilterPolicyException {
        try {
            JsonNode root = JSON.readTree(source);
            checkNumbers(root);
            return root;
        } catch (JacksonException | NumberFormatException _) {
            throw refused(JsonFault.words(source));
        }
    }

    /// Keeps numbers with absurd exponents from anything that would write them out.
    private void checkNumbers(JsonNode node) throws FilterPolicyException {
        if (node.isBigDecimal()) {
            BigDecimal number = node.decimalValue();
            if (number.abs().compareTo(NUMBER_MAX) > 0 || Math.abs(number.scale()) > SCALE_MAX) {
                throw refused("Value must be between -1.0E9 and 1.0E9, inclusive");
            }
        }
        for (JsonNode child : node) {
            checkNumbers(child);
        }
    }

    private static boolean isNested(JsonNode node) {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            JsonNode value = member.getValue();
            if (value.isObject()) {
                return true;
            }
            if (member.getKey().equals(OR)) {
                for (JsonNode alternative : value) {
                    if (isNested(alternative)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /// The product over all keys of their values' count times their depth; alternatives add up.
    private static long combinations(JsonNode node, int depth, long before) {
        long product = before;
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            JsonNode value = member.getValue();
            if (value.isObject()) {
                product = combinations(value, depth + 1, product);
            } else if (member.getKey().equals(OR)) {
                long sum = 0;
                for (JsonNode alternative : value) {
                    sum += combinations(alternative, depth, product);
                }
                product = sum;
            } else {
                product *= (long) value.size() * depth;
            }
            product = Math.min(product, Integer.MAX_VALUE); // enough to be refused, never overflows
        }
        return product;
    }

    /// Multiplies the branches so far by those of `node`. Bounded by the check of combinations.
    private List<List<Field>> branches(JsonNode node, String path, List<List<Field>> before)
            throws FilterPolicyException {
        List<List<Field>> branches = before;
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            if (name.equals(OR)) {
                List<List<Field>> alternatives = new ArrayList<>();
                for (JsonNode alternative : value) {
                    alternatives.addAll(branches(alternative, path, branches));
                }
                branches = alternatives;
                continue;
            }
            String inner = path.isEmpty() ? name : path + '.' + name;
            if (value.isObject()) {
                branches = branches(value, inner, branches);
            } else {
                Field field = new Field(inner, conditions(value));
                List<List<Field>> longer = new ArrayList<>();
                for (List<Field> branch : branches) {
                    List<Field> fields = new ArrayList<>(branch);
                    fields.removeIf(other -> other.path().equals(inner)); // as in event-ruler
                    fields.add(field);
                    longer.add(fields);
                }
                branches = longer;
            }
        }
        return branches;
    }

    private List<FilterPolicyCondition> conditions(JsonNode array) throws FilterPolicyException {
        List<FilterPolicyCondition> conditions = new ArrayList<>();
        for (JsonNode element : array) {
            conditions.add(condition(element));
        }
        return List.copyOf(conditions);
    }

    private FilterPolicyCondition condition(JsonNode node) throws FilterPolicyException {
        if (!node.isObject()) {
            return new Exact(value(node));
        }
        Map.Entry<String, JsonNode> operator = node.properties().iterator().next();
        JsonNode argument = operator.getValue();
        return switch (operator.getKey()) {
            case "exactly" -> new Exact(value(argument));
            case "prefix" -> part(Part.Kind.PREFIX, argument);
            case "suffix" -> part(Part.Kind.SUFFIX, argument);
            case "equals-ignore-case" -> new Part(Part.Kind.WHOLE, argument.asString(), true);
            case "wildcard" -> wildcard(argument.asString());
            case "exists" -> new Exists(argument.asBoolean());
            case "numeric" -> range(argument);
            case "cidr" -> cidr(argument.asString());
            case "anything-but" -> anythingBut(argument);
            default -> throw refused("Unrecognized match type " + operator.getKey());
        };
    }

    private static FilterPolicyValue value(JsonNode node) {
        if (node.isString()) {
            return new Text(node.asString());
        }
        return node.isNumber()
                ? FilterPolicyValue.number(node.asString())
                : new Literal(node.isNull() ? "null" : node.asString());
    }

    private static FilterPolicyCondition part(Part.Kind kind, JsonNode argument) {
        return argument.isObject()
                ? new Part(kind, argument.path("equals-ignore-case").asString(), true)
                : new Part(kind, argument.asString(), false);
    }

    private FilterPolicyCondition anythingBut(JsonNode argument) throws FilterPolicyException {
        List<FilterPolicyCondition> conditions = new ArrayList<>();
        if (argument.isObject()) { // an operator, whose argument may be a list
            Map.Entry<String, JsonNode> operator = argument.properties().iterator().next();
            JsonNode patterns = operator.getValue();
            for (JsonNode pattern : patterns.isArray() ? patterns : List.of(patterns)) {
                conditions.add(condition(JSON.createObjectNode().set(operator.getKey(), pattern)));
            }
        } else {
            for (JsonNode value : argument.isArray() ? argument : List.of(argument)) {
                conditions.add(new Exact(value(value)));
            }
        }
        return new AnythingBut(List.copyOf(conditions));
    }

    private static FilterPolicyCondition range(JsonNode terms) {
        BigDecimal bottom = null;
        BigDecimal top = null;
        boolean bottomOpen = false;
        boolean topOpen = false;
        for (int i = 0; i + 1 < terms.size(); i += 2) {
            String operator = terms.get(i).asString();
            BigDecimal number = terms.get(i + 1).decimalValue();
            if (!operator.startsWith("<")) {
                bottom = number;
                bottomOpen = operator.equals(">");
            }
            if (!operator.startsWith(">")) {
                top = number;
                topOpen = operator.equals("<");
            }
        }
        return new Range(bottom, bottomOpen, top, topOpen);
    }

    private FilterPolicyCondition cidr(String source) throws FilterPolicyException {
        int slash = source.indexOf('/');
        byte[] address = slash < 0 ? null : Cidr.address(source.substring(0, slash));
        if (address == null) {
            throw refused("Nonstandard IP address: " + source);
        }
        List<Byte> network = new ArrayList<>();
        for (byte b : address) {
            network.add(b);
        }
        int bitCount = Integer.parseInt(source.substring(slash + 1));
        return new Cidr(source, List.copyOf(network), Math.min(bitCount, 8 * address.length));
    }

    private static FilterPolicyCondition wildcard(String source) {
        List<String> pieces = new ArrayList<>();
        StringBuilder piece = new StringBuilder();
        for (int i = 0; i < source.length(); i++) {
            char c = source.charAt(i);
            if (c == '\\' && i + 1 < source.length()) {
                piece.append(source.charAt(++i));
            } else if (c == '*') {
                pieces.add(piece.toString());
                piece.setLength(0);
            } else {
                piece.append(c);
            }
        }
        pieces.add(piece.toString());
        return new Wildcard(source, List.copyOf(pieces));
    }

    private static FilterPolicyException refused(String fault) {
        return new FilterPolicyException("FilterPolicy: " + fault);
    }
}
