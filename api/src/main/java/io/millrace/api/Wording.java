package io.millrace.api;

import java.util.StringJoiner;

/// How AWS words a constraint.
final class Wording {
    static final String NOT_NULL = "Member must not be null";

    private Wording() {}

    static String greatest(Member member) {
        return measure(member) + "less than or equal to " + member.max();
    }

    static String least(Member member) {
        return measure(member) + "greater than or equal to " + member.min();
    }

    private static String measure(Member member) {
        return switch (member.kind()) {
            case INTEGER, LONG, FLOAT, DOUBLE -> "Member must have value ";
            case STRING, BOOLEAN, BLOB, TIMESTAMP, LIST, MAP, STRUCTURE ->
                    "Member must have length ";
        };
    }

    static String pattern(Member member) {
        return "Member must satisfy regular expression pattern: " + member.pattern();
    }

    static String values(Member member) {
        return "Member must satisfy enum value set: [" + String.join(", ", member.values()) + "]";
    }

    /// Every constraint of a part of a collection, in AWS's order.
    static String all(Member part) {
        StringJoiner all = new StringJoiner(", ");
        if (part.hasMax()) {
            all.add(greatest(part));
        }
        if (part.hasMin()) {
            all.add(least(part));
        } else if (part.hasMax() && part.kind() == Kind.STRING) {
            all.add("Member must have length greater than or equal to 0");
        }
        if (part.pattern() != null) {
            all.add(pattern(part));
        }
        if (!part.values().isEmpty()) {
            all.add(values(part));
        }
        return all.length() == 0 ? NOT_NULL : all.toString();
    }
}
