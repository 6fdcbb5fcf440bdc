package io.millrace.service.events;

import io.millrace.engine.Bytes;

import org.jspecify.annotations.Nullable;

/// How often the rules of a bus have changed, and how many there are. Both change together.
record RuleGeneration(long generation, long ruleCount) {

    static final RuleGeneration NONE = new RuleGeneration(0, 0);

    static RuleGeneration of(byte @Nullable [] value) {
        return value == null
                ? NONE
                : new RuleGeneration(Bytes.readLong(value, 0), Bytes.readLong(value, Long.BYTES));
    }

    byte[] toBytes() {
        byte[] value = new byte[2 * Long.BYTES];
        Bytes.writeLong(value, 0, generation);
        Bytes.writeLong(value, Long.BYTES, ruleCount);
        return value;
    }
}
