package io.millrace.pattern;

import io.millrace.pattern.FilterPolicyValue.Numeric;
import io.millrace.pattern.FilterPolicyValue.Text;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.net.InetAddress;
import java.util.List;
import java.util.regex.Pattern;

/// One element of a policy's array: a value, or an operator with its argument. `toString` is how an
/// explanation shows it.
sealed interface FilterPolicyCondition {

    /// Whether a value that is present satisfies the condition.
    boolean matches(FilterPolicyValue value);

    record Exact(FilterPolicyValue expected) implements FilterPolicyCondition {
        @Override
        public boolean matches(FilterPolicyValue value) {
            return expected.sameAs(value);
        }

        @Override
        public String toString() {
            return expected.toString();
        }
    }

    /// `prefix`, `suffix` and `equals-ignore-case`, and the first two with ignored case.
    record Part(Kind kind, String part, boolean ignoreCase) implements FilterPolicyCondition {
        enum Kind {
            PREFIX,
            SUFFIX,
            WHOLE
        }

        @Override
        public boolean matches(FilterPolicyValue value) {
            if (!(value instanceof Text(String text))) {
                return false;
            }
            int offset =
                    switch (kind) {
                        case PREFIX, WHOLE -> 0;
                        case SUFFIX -> text.length() - part.length();
                    };
            return (kind != Kind.WHOLE || text.length() == part.length())
                    && text.regionMatches(ignoreCase, offset, part, 0, part.length());
        }

        @Override
        public String toString() {
            String operator =
                    switch (kind) {
                        case PREFIX -> "prefix";
                        case SUFFIX -> "suffix";
                        case WHOLE -> "equals-ignore-case";
                    };
            return "{\"" + operator + "\":\"" + part + "\"}";
        }
    }

    /// `wildcard`: `*` is any run of characters; `\*` and `\\` are themselves. The pieces are
    /// searched greedily from left to right, so the cost is linear in the text for each piece.
    record Wildcard(String source, List<String> pieces) implements FilterPolicyCondition {
        @Override
        public boolean matches(FilterPolicyValue value) {
            if (!(value instanceof Text(String text))) {
                return false;
            }
            String first = pieces.getFirst();
            String last = pieces.getLast();
            if (pieces.size() == 1) {
                return text.equals(first);
            }
            if (!text.startsWith(first)
                    || !text.endsWith(last)
                    || text.length() < first.length() + last.length()) {
                return false;
            }
            int at = first.length();
            int end = text.length() - last.length();
            for (String piece : pieces.subList(1, pieces.size() - 1)) {
                int found = text.indexOf(piece, at);
                if (found < 0 || found + piece.length() > end) {
                    return false;
                }
                at = found + piece.length();
            }
            return true;
        }

        @Override
        public String toString() {
            return "{\"wildcard\":\"" + source + "\"}";
        }
    }

    /// `numeric`: each bound may be absent.
    record Range(
            @Nullable BigDecimal bottom,
            boolean bottomOpen,
            @Nullable BigDecimal top,
            boolean topOpen)
            implements FilterPolicyCondition {
        @Override
        public boolean matches(FilterPolicyValue value) {
            if (!(value instanceof Numeric(BigDecimal number))) {
                return false;
            }
            if (bottom != null) {
                int above = number.compareTo(bottom);
                if (above < 0 || (bottomOpen && above == 0)) {
                    return false;
                }
            }
            if (top != null) {
                int above = number.compareTo(top);
                return above < 0 || (!topOpen && above == 0);
            }
            return true;
        }

        @Override
        public String toString() {
            if (bottom != null && top != null && bottom.compareTo(top) == 0) {
                return "{\"numeric\":[\"=\"," + bottom + "]}";
            }
            StringBuilder text = new StringBuilder("{\"numeric\":[");
            if (bottom != null) {
                text.append(bottomOpen ? "\">\"," : "\">=\",").append(bottom);
            }
            if (top != null) {
                text.append(bottom == null ? "" : ",");
                text.append(topOpen ? "\"<\"," : "\"<=\",").append(top);
            }
            return text.append("]}").toString();
        }
    }

    /// `exists`. That a key is absent is decided by the policy; here the value is present, which
    /// means more than `null` or an empty string, other than in event-ruler. Source: [key
    /// matching](https://docs.aws.amazon.com/sns/latest/dg/attribute-key-matching.html).
    record Exists(boolean expected) implements FilterPolicyCondition {
        private static final FilterPolicyValue NULL = new FilterPolicyValue.Literal("null");
        private static final FilterPolicyValue EMPTY = new FilterPolicyValue.Text("");

        @Override
        public boolean matches(FilterPolicyValue value) {
            return expected && !value.equals(NULL) && !value.equals(EMPTY);
        }

        @Override
        public String toString() {
            return "{\"exists\":" + expected + "}";
        }
    }

    /// `cidr`: addresses of version 4 or 6 whose first `bitCount` bits are those of `network`.
    record Cidr(String source, List<Byte> network, int bitCount) implements FilterPolicyCondition {
        private static final Pattern VERSION_4 = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+");

        static byte @Nullable [] address(String text) {
            if (!VERSION_4.matcher(text).matches() && text.indexOf(':') < 0) {
                return null;
            }
            try {
                return InetAddress.ofLiteral(text).getAddress();
            } catch (IllegalArgumentException _) { // not an address
                return null;
            }
        }

        @Override
        public boolean matches(FilterPolicyValue value) {
            byte[] address = value instanceof Text(String text) ? address(text) : null;
            if (address == null || address.length != network.size()) {
                return false;
            }
            for (int bit = 0; bit < bitCount; bit++) {
                int mask = 0x80 >> (bit & 7);
                if (((address[bit >> 3] ^ network.get(bit >> 3)) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String toString() {
            return "{\"cidr\":\"" + source + "\"}";
        }
    }

    /// `anything-but`: a value that none of the conditions matches.
    record AnythingBut(List<FilterPolicyCondition> conditions) implements FilterPolicyCondition {
        @Override
        public boolean matches(FilterPolicyValue value) {
            for (FilterPolicyCondition condition : conditions) {
                if (condition.matches(value)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String toString() {
            return "{\"anything-but\":" + conditions + "}";
        }
    }
}
