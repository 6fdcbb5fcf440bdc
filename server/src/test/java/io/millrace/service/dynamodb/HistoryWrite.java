package io.millrace.service.dynamodb;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// One write of a random history: as a request says it, and what it does to a model's item.
///
/// An item of the model is its attributes by name, each as the JSON of its value.
record HistoryWrite(Kind kind, ItemKey key, SortedMap<String, String> item, int n, Check check) {
    static final int PARTITIONS = 3;
    static final int SORT_KEYS = 12;

    private static final int VALUES = 5;

    record ItemKey(String p, int s) implements Comparable<ItemKey> {

        static ItemKey random(SplittableRandom random) {
            return new ItemKey(
                    "p" + random.nextInt(PARTITIONS), random.nextInt(SORT_KEYS) - SORT_KEYS / 2);
        }

        String json() {
            return "{\"p\":{\"S\":\"%s\"},\"s\":%s}".formatted(p, number(s));
        }

        SortedMap<String, String> attributes() {
            SortedMap<String, String> key = new TreeMap<>();
            key.put("p", "{\"S\":\"" + p + "\"}");
            key.put("s", number(s));
            return key;
        }

        @Override
        public int compareTo(ItemKey other) {
            int order = p.compareTo(other.p);
            return order == 0 ? Integer.compare(s, other.s) : order;
        }
    }

    /// What is done; updates with their expression.
    enum Kind {
        PUT(""),
        DELETE(""),
        CHECK(""),
        SET("SET v = :n, d = :d"),
        ADD("ADD v :n"),
        COUNT("SET v = if_not_exists(v, :zero) + :n"),
        APPEND("SET l = list_append(if_not_exists(l, :none), :one)"),
        REMOVE("REMOVE v, d"),
        MOVE("SET w = :n REMOVE v");

        final String expression;

        Kind(String expression) {
            this.expression = expression;
        }

        boolean updates() {
            return !expression.isEmpty();
        }
    }

    /// A condition, as an expression.
    enum Check {
        NONE(""),
        EXISTS("attribute_exists(p)"),
        ABSENT("attribute_not_exists(p)"),
        LARGER("v > :n"),
        SMALLER("attribute_not_exists(w) OR w < :n");

        final String expression;

        Check(String expression) {
            this.expression = expression;
        }
    }

    static HistoryWrite random(SplittableRandom random, ItemKey key, boolean inTransaction) {
        Kind[] kinds = Kind.values();
        Kind kind = kinds[random.nextInt(kinds.length)];
        if (kind == Kind.CHECK && !inTransaction) {
            kind = Kind.PUT;
        }
        Check[] checks = Check.values();
        Check check =
                random.nextInt(3) == 0 || kind == Kind.CHECK
                        ? checks[1 + random.nextInt(checks.length - 1)]
                        : Check.NONE;
        return new HistoryWrite(
                kind,
                key,
                kind == Kind.PUT ? item(random, key) : key.attributes(),
                random.nextInt(VALUES),
                check);
    }

    /// The item that a put puts.
    static SortedMap<String, String> item(SplittableRandom random, ItemKey key) {
        SortedMap<String, String> item = key.attributes();
        if (random.nextBoolean()) {
            item.put("v", number(random.nextInt(VALUES)));
        }
        if (random.nextBoolean()) {
            item.put("w", number(random.nextInt(VALUES)));
        }
        if (random.nextBoolean()) {
            item.put("d", "{\"S\":\"" + "x".repeat(random.nextInt(50)) + "\"}");
        }
        return item;
    }

    static String number(int n) {
        return "{\"N\":\"" + n + "\"}";
    }

    static String json(SortedMap<String, String> item) {
        List<String> members = new ArrayList<>();
        item.forEach((name, value) -> members.add("\"" + name + "\":" + value));
        return "{" + String.join(",", members) + "}";
    }

    /// The operation that does this alone.
    String action() {
        return switch (kind) {
            case PUT -> "PutItem";
            case DELETE -> "DeleteItem";
            default -> "UpdateItem";
        };
    }

    /// What a transaction calls it.
    String member() {
        return switch (kind) {
            case PUT -> "Put";
            case DELETE -> "Delete";
            case CHECK -> "ConditionCheck";
            default -> "Update";
        };
    }

    /// The members of the request, without braces.
    String request() {
        String values = values();
        return "\"TableName\":\"tab\","
                + (kind == Kind.PUT ? "\"Item\":" + json(item) : "\"Key\":" + key.json())
                + (kind.updates() ? ",\"UpdateExpression\":\"" + kind.expression + "\"" : "")
                + (check == Check.NONE
                        ? ""
                        : ",\"ConditionExpression\":\"" + check.expression + "\"")
                + (values.isEmpty() ? "" : ",\"ExpressionAttributeValues\":{" + values + "}");
    }

    private String values() {
        String used = kind.expression + " " + check.expression;
        List<String> values = new ArrayList<>();
        value(values, used, ":n", number(n));
        value(values, used, ":d", "{\"S\":\"d" + n + "\"}");
        value(values, used, ":zero", number(0));
        value(values, used, ":none", "{\"L\":[]}");
        value(values, used, ":one", "{\"L\":[" + number(n) + "]}");
        return String.join(",", values);
    }

    private static void value(List<String> values, String used, String name, String json) {
        if (used.matches(".*" + name + "\\b.*")) {
            values.add("\"" + name + "\":" + json);
        }
    }

    /// Whether the condition holds.
    boolean holds(@Nullable SortedMap<String, String> old) {
        return switch (check) {
            case NONE -> true;
            case EXISTS -> old != null;
            case ABSENT -> old == null;
            case LARGER -> old != null && old.containsKey("v") && numberOf(old, "v") > n;
            case SMALLER -> old == null || !old.containsKey("w") || numberOf(old, "w") < n;
        };
    }

    private static int numberOf(SortedMap<String, String> item, String name) {
        String json = item.getOrDefault(name, number(0));
        return Integer.parseInt(json.substring("{\"N\":\"".length(), json.length() - 2));
    }

    /// The item after it; null when there is none.
    @Nullable SortedMap<String, String> applied(@Nullable SortedMap<String, String> old) {
        SortedMap<String, String> changed = new TreeMap<>(old == null ? key.attributes() : old);
        switch (kind) {
            case PUT -> {
                return item;
            }
            case DELETE -> {
                return null;
            }
            case CHECK -> {
                return old;
            }
            case SET -> {
                changed.put("v", number(n));
                changed.put("d", "{\"S\":\"d" + n + "\"}");
            }
            case ADD, COUNT -> changed.put("v", number(numberOf(changed, "v") + n));
            case APPEND -> {
                String list = changed.getOrDefault("l", "{\"L\":[]}");
                String comma = list.endsWith("[]}") ? "" : ",";
                changed.put("l", list.substring(0, list.length() - 2) + comma + number(n) + "]}");
            }
            case REMOVE -> {
                changed.remove("v");
                changed.remove("d");
            }
            case MOVE -> {
                changed.put("w", number(n));
                changed.remove("v");
            }
        }
        return changed;
    }
}
