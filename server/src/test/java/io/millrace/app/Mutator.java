package io.millrace.app;

import java.util.List;
import java.util.Random;

/// Makes bad input out of good: a few changes of a text that is valid, with the words of all the
/// languages that parsers here read. The same seed makes the same inputs.
final class Mutator {
    private static final int CHANGES_MAX = 4;
    private static final int REPETITIONS_MAX = 2_000;

    /// What grammars are made of, and what number and text readers stumble over.
    private static final List<String> WORDS =
            List.of(
                    "(",
                    ")",
                    "[",
                    "]",
                    "{",
                    "}",
                    "<",
                    ">",
                    "\"",
                    "'",
                    "`",
                    "\\",
                    "/",
                    "$",
                    "$.",
                    "..",
                    "*",
                    "?",
                    "#",
                    ":",
                    ",",
                    ";",
                    "=",
                    "<>",
                    "<=",
                    "-",
                    "+",
                    "%",
                    "&",
                    "|",
                    "||",
                    "&&",
                    "!",
                    "@",
                    "^",
                    "~",
                    "\t",
                    "\n",
                    "\r",
                    "\u0000",
                    "\u0007",
                    "\u00e9",
                    "\u2028",
                    "\ud800",
                    "\udc00",
                    "\ud83d\ude00",
                    "\ufeff",
                    "0",
                    "-0",
                    "1e400",
                    "1e-400",
                    "1E+9999999999",
                    "9223372036854775808",
                    "-9223372036854775809",
                    "99999999999999999999999999999999999999999",
                    "NaN",
                    "Infinity",
                    "0x1",
                    "1_000",
                    "1.5.5",
                    "null",
                    "true",
                    "false",
                    "AND",
                    "OR",
                    "NOT",
                    "BETWEEN",
                    "IN",
                    "SET",
                    "REMOVE",
                    "ADD",
                    "DELETE",
                    "SELECT",
                    "FROM",
                    "WHERE",
                    "VALUE",
                    "INSERT INTO",
                    "size(",
                    "contains(",
                    "begins_with(",
                    "attribute_exists(",
                    "if_not_exists(",
                    "list_append(",
                    "attribute_type(",
                    ":v",
                    "#n",
                    "a[0]",
                    "a[99999999999]",
                    "[-1]",
                    "MISSING",
                    "<<",
                    ">>",
                    "cron(",
                    "rate(",
                    "at(",
                    "L",
                    "W",
                    "1W",
                    "2#5",
                    "*/0",
                    "0/0",
                    "MON-SUN",
                    "FRI#9",
                    "exists",
                    "prefix",
                    "suffix",
                    "anything-but",
                    "numeric",
                    "wildcard",
                    "cidr",
                    "equals-ignore-case",
                    "$or",
                    "**",
                    "***",
                    "10.0.0.0/33",
                    "::/129",
                    "arn:aws:",
                    "arn:aws:sqs:::",
                    "arn:aws:iam::000000000000:root",
                    "${aws:username}",
                    "${",
                    "<aws.events.event>",
                    "<$.a.b>",
                    "%regex%",
                    "Effect",
                    "Principal",
                    "NotAction",
                    "Condition",
                    "Statement",
                    "&#x0;",
                    "<![CDATA[",
                    "<!DOCTYPE",
                    "%00",
                    "%",
                    "%zz",
                    "+",
                    "2026-02-30T25:61:61");

    private final Random random;

    Mutator(long seed) {
        this.random = new Random(seed);
    }

    /// Valid text with one to four changes; perhaps very long, perhaps empty.
    String mutate(String valid) {
        StringBuilder text = new StringBuilder(valid);
        for (int change = random.nextInt(CHANGES_MAX); change >= 0; change--) {
            change(text);
        }
        return text.toString();
    }

    private void change(StringBuilder text) {
        int at = random.nextInt(text.length() + 1);
        int to = Math.min(text.length(), at + random.nextInt(12));
        switch (random.nextInt(9)) {
            case 0 -> text.delete(at, to);
            case 1 -> text.insert(at, text.substring(at, to));
            case 2, 3, 4 -> text.insert(at, word());
            case 5 -> text.replace(at, to, word());
            case 6 -> text.setLength(at);
            case 7 -> text.insert(at, word().repeat(random.nextInt(REPETITIONS_MAX)));
            default -> text.insert(at, (char) random.nextInt(random.nextBoolean() ? 128 : 65_536));
        }
    }

    private String word() {
        return WORDS.get(random.nextInt(WORDS.size()));
    }
}
