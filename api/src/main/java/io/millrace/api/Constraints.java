package io.millrace.api;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Checks a shape against the constraints of its model, in AWS's words. It is a [ShapeWriter] that
/// writes nothing: a shape is shown to it, and it notes what is missing, too long, too many, or of
/// the wrong form. Parts below which nothing is constrained are skipped.
///
/// Constraints on the elements of a list, and on the keys and values of a map, are reported at the
/// list or map, all of them at once; inside structures the path goes on
/// (`requestItems.T.member.1.member.putRequest.item`). Sources: the answers of the services, as
/// recorded by test suites that run against AWS.
public final class Constraints implements ShapeWriter {
    /// AWS stops here too.
    public static final int VIOLATIONS_MAX = 10;

    private static final int PATH_DEPTH_INITIAL = 8;

    private final List<Violation> violations = new ArrayList<>();
    private Object[] path = new Object[PATH_DEPTH_INITIAL];
    private int depth;
    private boolean partViolated;

    private Constraints() {}

    /// Each violation as `Value … at '…' failed to satisfy constraint: …`, at most
    /// [#VIOLATIONS_MAX]; empty when the shape is as its model wants it.
    public static List<String> check(Shape shape) {
        List<Violation> violations = violations(shape);
        return violations.isEmpty()
                ? List.of()
                : violations.stream().map(Violation::message).toList();
    }

    /// The same, for services that have words of their own.
    public static List<Violation> violations(Shape shape) {
        Constraints constraints = new Constraints();
        shape.write(constraints);
        return constraints.violations;
    }

    /// The one message about all of them: `2 validation errors detected: …; …`.
    public static String message(List<String> violations) {
        int count = violations.size();
        return count
                + (count == 1 ? " validation error detected: " : " validation errors detected: ")
                + String.join("; ", violations);
    }

    @Override
    public void begin(Schema<?> schema) {
        // members follow
    }

    @Override
    public void end() {
        // nothing was opened
    }

    @Override
    public void string(Member member, @Nullable String value) {
        if (value == null) {
            absent(member);
        } else if (member.checked()) {
            length(member, value, lengthOf(member, value));
            if (!member.matches(value)) {
                violated(member, value, Wording.pattern(member));
            }
            if (!member.allows(value)) {
                violated(member, value, Wording.values(member));
            }
        }
    }

    /// Lengths are counted in code points, which matters only where UTF-16 would be too long.
    private static long lengthOf(Member member, String value) {
        int units = value.length();
        return units > member.max() ? value.codePointCount(0, units) : units;
    }

    @Override
    public void bool(Member member, @Nullable Boolean value) {
        if (value == null) {
            absent(member);
        }
    }

    @Override
    public void integer(Member member, @Nullable Integer value) {
        if (value == null) {
            absent(member);
        } else {
            range(member, value, value);
        }
    }

    @Override
    public void longInteger(Member member, @Nullable Long value) {
        if (value == null) {
            absent(member);
        } else {
            range(member, value, value);
        }
    }

    @Override
    public void floatNumber(Member member, @Nullable Float value) {
        if (value == null) {
            absent(member);
        } else {
            range(member, value, value);
        }
    }

    @Override
    public void doubleNumber(Member member, @Nullable Double value) {
        if (value == null) {
            absent(member);
        } else {
            range(member, value, value);
        }
    }

    private void range(Member member, Object value, double number) {
        if (!member.checked()) {
            return;
        }
        if (member.hasMax() && !(number <= member.max())) {
            violated(member, value, Wording.greatest(member));
        }
        if (member.hasMin() && !(number >= member.min())) {
            violated(member, value, Wording.least(member));
        }
    }

    private void length(Member member, Object value, long length) {
        if (length > member.max()) {
            violated(member, value, Wording.greatest(member));
        }
        if (length < member.min()) {
            violated(member, value, Wording.least(member));
        }
    }

    @Override
    public void blob(Member member, byte @Nullable [] value) {
        if (value == null) {
            absent(member);
        } else {
            length(member, value, value.length);
        }
    }

    @Override
    public void timestamp(Member member, @Nullable Instant value) {
        if (value == null) {
            absent(member);
        }
    }

    @Override
    public void structure(Member member, @Nullable Shape value) {
        if (value == null) {
            absent(member);
        } else if (member.checked()) {
            boolean named = push(member);
            value.write(this);
            pop(named);
        }
    }

    @Override
    public <T> void list(Member member, @Nullable List<T> value, ElementWriter<? super T> element) {
        if (value == null) {
            absent(member);
            return;
        }
        length(member, value, value.size());
        Member each = member.element();
        boolean named = push(member);
        boolean outer = partViolated;
        partViolated = false;
        int index = 0;
        for (T one : value) {
            index++;
            if (one == null) {
                partViolated = true;
            } else if (each.checked()) {
                push((Object) index);
                element.write(this, each, one);
                depth--;
            }
        }
        boolean violated = partViolated;
        partViolated = outer;
        pop(named);
        if (violated) {
            violated(member, value, "Member must satisfy constraint: [" + Wording.all(each) + "]");
        }
    }

    @Override
    public <T> void map(
            Member member, @Nullable Map<String, T> value, ElementWriter<? super T> element) {
        if (value == null) {
            absent(member);
            return;
        }
        length(member, value, value.size());
        Member key = member.key();
        Member each = member.element();
        boolean named = push(member);
        boolean outer = partViolated;
        boolean keysViolated = false;
        boolean valuesViolated = false;
        for (Map.Entry<String, T> entry : value.entrySet()) {
            partViolated = false;
            string(key, entry.getKey());
            keysViolated |= partViolated;
            partViolated = entry.getValue() == null;
            if (each.checked() && entry.getValue() != null) {
                push((Object) entry.getKey());
                element.write(this, each, entry.getValue());
                depth--;
            }
            valuesViolated |= partViolated;
        }
        partViolated = outer;
        pop(named);
        if (keysViolated) {
            violated(member, value, "Map keys must satisfy constraint: [" + Wording.all(key) + "]");
        }
        if (valuesViolated) {
            violated(
                    member,
                    value,
                    "Map value must satisfy constraint: [" + Wording.all(each) + "]");
        }
    }

    private void absent(Member member) {
        if (member.required()) {
            violated(member, null, Wording.NOT_NULL);
        }
    }

    /// Notes a violation; one of a part is noted by the collection that it belongs to.
    private void violated(Member member, @Nullable Object value, String constraint) {
        if (member.index() < 0) {
            partViolated = true;
        } else if (violations.size() < VIOLATIONS_MAX) {
            violations.add(
                    new Violation(
                            member,
                            pathTo(member, false),
                            pathTo(member, true),
                            value == null ? null : ValueText.of(value),
                            constraint));
        }
    }

    private String pathTo(Member member, boolean wire) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            switch (path[i]) {
                case Member part -> text.append(wire ? part.name() : part.path());
                case Object indexOrKey -> text.append(indexOrKey).append(".member");
            }
            text.append('.');
        }
        return text.append(wire ? member.name() : member.path()).toString();
    }

    /// Parts of collections have no name of their own: their index or key is there already.
    private boolean push(Member member) {
        if (member.index() >= 0) {
            push((Object) member);
            return true;
        }
        return false;
    }

    private void pop(boolean pushed) {
        if (pushed) {
            depth--;
        }
    }

    private void push(Object part) {
        if (depth == path.length) {
            path = Arrays.copyOf(path, depth * 2);
        }
        path[depth++] = part;
    }
}
