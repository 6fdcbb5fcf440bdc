package io.millrace.pattern;

import org.jspecify.annotations.Nullable;

/// The names that lead to a leaf, as patterns write them: `detail.items.sku`. Immutable.
///
/// Paths share what they have in common, so that an event's paths take no more than the event does,
/// however long its names are and however deep it nests. Two are equal when they are written the
/// same, whether a dot was in a name or between two. Ordered, so that hash tables stay fast when
/// somebody chooses names whose hash codes collide.
final class FieldPath implements Comparable<FieldPath> {

    private static final int PRIME = 31; // as in String.hashCode, so that parts can be put together

    private final @Nullable FieldPath outer;
    private final String name;
    private final int length;
    private final int hash;

    private FieldPath(@Nullable FieldPath outer, String name, int length, int hash) {
        this.outer = outer;
        this.name = name;
        this.length = length;
        this.hash = hash;
    }

    static FieldPath of(String path) {
        return new FieldPath(null, path, path.length(), path.hashCode());
    }

    /// The path of a member of what is here; at the top, where the path is empty, just its name.
    FieldPath member(String member) {
        if (length == 0) {
            return of(member);
        }
        int hashed = (hash * PRIME + '.') * power(member.length()) + member.hashCode();
        return new FieldPath(this, member, length + 1 + member.length(), hashed);
    }

    private static int power(int exponent) {
        int power = 1;
        int square = PRIME;
        for (int left = exponent; left > 0; left >>= 1) {
            power *= (left & 1) == 0 ? 1 : square;
            square *= square;
        }
        return power;
    }

    /// In characters.
    int length() {
        return length;
    }

    @Override
    public boolean equals(@Nullable Object object) {
        return this == object
                || (object instanceof FieldPath other
                        && hash == other.hash
                        && length == other.length
                        && compareWritten(other) == 0);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /// By length, then by the last character that differs.
    @Override
    public int compareTo(FieldPath other) {
        return length == other.length
                ? compareWritten(other)
                : Integer.compare(length, other.length);
    }

    /// Of paths that are equally long: by the last character that differs.
    @SuppressWarnings("ReferenceEquality") // the part that both have in common ends the search
    private int compareWritten(FieldPath other) {
        FieldPath left = this;
        FieldPath right = other;
        int leftEnd = left.name.length();
        int rightEnd = right.name.length();
        for (int rest = length; rest > 0; rest--) {
            if (left == right && leftEnd == rightEnd) {
                return 0;
            }
            if (leftEnd == left.name.length()
                    && rightEnd == right.name.length()
                    && left.name.equals(right.name)) {
                rest -= leftEnd;
                leftEnd = 0;
                rightEnd = 0;
                if (rest == 0) {
                    return 0;
                }
            }
            char leftLast = leftEnd == 0 ? '.' : left.name.charAt(leftEnd - 1);
            char rightLast = rightEnd == 0 ? '.' : right.name.charAt(rightEnd - 1);
            if (leftLast != rightLast) {
                return Character.compare(leftLast, rightLast);
            }
            if (leftEnd == 0 && left.outer != null) {
                left = left.outer;
                leftEnd = left.name.length() + 1;
            }
            if (rightEnd == 0 && right.outer != null) {
                right = right.outer;
                rightEnd = right.name.length() + 1;
            }
            leftEnd--;
            rightEnd--;
        }
        return 0;
    }

    @Override
    public String toString() {
        if (outer == null) {
            return name;
        }
        char[] text = new char[length];
        FieldPath part = this;
        for (int end = length; part != null; part = part.outer) {
            int from = end - part.name.length();
            part.name.getChars(0, part.name.length(), text, from);
            if (from > 0) {
                text[from - 1] = '.';
            }
            end = from - 1;
        }
        return new String(text);
    }
}
