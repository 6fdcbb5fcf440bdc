package io.millrace.api;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/// One member of a structure, or the element of a list, or the key or value of a map: its name on
/// the wire, and the constraints that its model puts on it. Immutable.
public final class Member {
    private static final byte[] NO_NAME = {};

    private final Kind kind;
    private final int index;
    private final String name;
    private final byte[] jsonPrefix;
    private final String queryName;
    private final String path;
    private final boolean required;
    private final boolean flattened;
    private final boolean sensitive;
    private final long min;
    private final long max;
    private final @Nullable String pattern;
    private final List<String> values;
    private final Set<String> valueSet;
    private final TimestampFormat timestampFormat;
    private final Location location;
    private final @Nullable Member key;
    private final @Nullable Member element;
    private final String shape;
    private final boolean checked;
    private volatile @Nullable ModelPattern compiledPattern;

    private Member(Builder builder, int index) {
        this.kind = builder.kind;
        this.index = index;
        this.name = builder.name;
        this.jsonPrefix =
                index < 0 ? NO_NAME : ('"' + name + "\":").getBytes(StandardCharsets.UTF_8);
        this.queryName = builder.queryName;
        this.path =
                name.isEmpty() ? name : Character.toLowerCase(name.charAt(0)) + name.substring(1);
        this.required = builder.required;
        this.flattened = builder.flattened;
        this.sensitive = builder.sensitive;
        this.min = builder.min;
        this.max = builder.max;
        this.pattern = builder.pattern;
        this.values = builder.values;
        this.valueSet = Set.copyOf(builder.values);
        this.timestampFormat = builder.timestampFormat;
        this.location = builder.location;
        this.key = builder.key == null ? null : builder.key.build(-1);
        this.element = builder.element == null ? null : builder.element.build(-1);
        this.shape = builder.shape;
        this.checked = builder.checked || constrained() || checks(key) || kind == Kind.LIST;
    }

    private boolean constrained() {
        return required
                || min != Long.MIN_VALUE
                || max != Long.MAX_VALUE
                || pattern != null
                || !values.isEmpty()
                || checks(element);
    }

    private static boolean checks(@Nullable Member member) {
        return member != null && member.checked;
    }

    public static Builder of(Kind kind, String name) {
        return new Builder(kind, name);
    }

    public Kind kind() {
        return kind;
    }

    /// Its place in the structure, or -1 for the parts of lists and maps.
    public int index() {
        return index;
    }

    /// The name in the model, which is also the name in JSON; of a list's element `member`.
    public String name() {
        return name;
    }

    /// `"Name":` in bytes; empty for the parts of lists and maps. Not to be changed.
    public byte[] jsonPrefix() {
        return jsonPrefix;
    }

    /// The name in form parameters and XML.
    public String queryName() {
        return queryName;
    }

    /// The name in messages about violated constraints.
    public String path() {
        return path;
    }

    public boolean required() {
        return required;
    }

    /// Whether a list or map stands without an enclosing element in the query protocol.
    public boolean flattened() {
        return flattened;
    }

    /// Whether the value must not appear in messages or logs.
    public boolean sensitive() {
        return sensitive;
    }

    /// The least length, size or value; `Long.MIN_VALUE` when there is none.
    public long min() {
        return min;
    }

    /// The greatest length, size or value; `Long.MAX_VALUE` when there is none.
    public long max() {
        return max;
    }

    public boolean hasMin() {
        return min != Long.MIN_VALUE;
    }

    public boolean hasMax() {
        return max != Long.MAX_VALUE;
    }

    public @Nullable String pattern() {
        return pattern;
    }

    /// The enum's values in the order in which messages list them; empty when any string will do.
    public List<String> values() {
        return values;
    }

    public boolean allows(String value) {
        return values.isEmpty() || valueSet.contains(value);
    }

    /// Whether the whole value has the form that the model asks for.
    public boolean matches(String value) {
        if (pattern == null) {
            return true;
        }
        ModelPattern compiled = compiledPattern;
        if (compiled == null) {
            compiled = new ModelPattern(pattern);
            compiledPattern = compiled;
        }
        return compiled.matches(value);
    }

    public TimestampFormat timestampFormat() {
        return timestampFormat;
    }

    public Location location() {
        return location;
    }

    /// Of a map: its key.
    public Member key() {
        return present(key);
    }

    /// Of a list: its element; of a map: its value.
    public Member element() {
        return present(element);
    }

    private Member present(@Nullable Member part) {
        if (part == null) {
            throw new IllegalStateException(name + " is no collection");
        }
        return part;
    }

    /// The type of AWS's own code, which appears in some messages.
    public String typeName() {
        return switch (kind) {
            case STRING -> "java.lang.String";
            case BOOLEAN -> "java.lang.Boolean";
            case INTEGER -> "java.lang.Integer";
            case LONG -> "java.lang.Long";
            case FLOAT -> "java.lang.Float";
            case DOUBLE -> "java.lang.Double";
            case BLOB -> "java.nio.ByteBuffer";
            case TIMESTAMP -> "java.util.Date";
            case LIST -> "java.util.List<" + element().typeName() + ">";
            case MAP -> "java.util.Map<java.lang.String, " + element().typeName() + ">";
            case STRUCTURE -> shape;
        };
    }

    /// Whether there is anything to check, here or below.
    public boolean checked() {
        return checked;
    }

    @Override
    public String toString() {
        return name;
    }

    /// Collects a member's description; used by generated code.
    public static final class Builder {
        private final Kind kind;
        private final String name;
        private String queryName;
        private String shape = "";
        private boolean required;
        private boolean flattened;
        private boolean sensitive;
        private boolean checked;
        private long min = Long.MIN_VALUE;
        private long max = Long.MAX_VALUE;
        private @Nullable String pattern;
        private List<String> values = List.of();
        private TimestampFormat timestampFormat = TimestampFormat.PROTOCOL;
        private Location location = Location.BODY;
        private @Nullable Builder key;
        private @Nullable Builder element;

        private Builder(Kind kind, String name) {
            this.kind = kind;
            this.name = name;
            this.queryName = name;
        }

        public Builder queryName(String value) {
            queryName = value;
            return this;
        }

        /// Names the shape of a structure.
        public Builder shape(String value) {
            shape = value;
            return this;
        }

        public Builder required() {
            required = true;
            return this;
        }

        public Builder flattened() {
            flattened = true;
            return this;
        }

        public Builder sensitive() {
            sensitive = true;
            return this;
        }

        /// Says of a structure that something below it is constrained.
        public Builder checked() {
            checked = true;
            return this;
        }

        public Builder min(long value) {
            min = value;
            return this;
        }

        public Builder max(long value) {
            max = value;
            return this;
        }

        public Builder pattern(String value) {
            pattern = value;
            return this;
        }

        public Builder values(String... value) {
            values = List.of(value);
            return this;
        }

        public Builder timestampFormat(TimestampFormat value) {
            timestampFormat = value;
            return this;
        }

        public Builder location(Location value) {
            location = value;
            return this;
        }

        public Builder key(Builder value) {
            key = value;
            return this;
        }

        public Builder element(Builder value) {
            element = value;
            return this;
        }

        Member build(int index) {
            return new Member(this, index);
        }
    }
}
