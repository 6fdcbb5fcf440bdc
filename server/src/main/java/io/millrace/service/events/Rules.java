package io.millrace.service.events;

import io.millrace.api.events.Target;
import io.millrace.engine.Bytes;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.storage.ResourceCodec;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The stored rules, with what has to change together with them. Thread-safe.
final class Rules {
    private final ResourceCodec<StoredRule> codec = new ResourceCodec<>(StoredRule.class);

    Optional<StoredRule> find(Snapshot snapshot, StoredBus bus, String name) {
        return Optional.ofNullable(
                codec.decodeOrNull(snapshot.get(EventsKeys.rule(bus.number(), name))));
    }

    StoredRule require(Snapshot snapshot, StoredBus bus, String name) {
        return find(snapshot, bus, name)
                .orElseThrow(() -> EventsErrors.ruleNotFound(name, bus.name()));
    }

    RuleGeneration generation(Snapshot snapshot, StoredBus bus) {
        return RuleGeneration.of(snapshot.get(EventsKeys.generation(bus.number())));
    }

    /// Writes a rule that is new or changed in its pattern or state.
    void put(Transaction transaction, StoredBus bus, StoredRule rule, boolean isNew) {
        RuleGeneration before = generation(transaction, bus);
        if (isNew && before.ruleCount() >= EventsLimits.RULES_PER_BUS_MAX) {
            throw EventsErrors.limitExceeded();
        }
        changed(transaction, bus, rule.name(), before, isNew ? 1 : 0);
        rewrite(transaction, bus, rule);
    }

    /// Writes a rule that matches the same events as before.
    void rewrite(Transaction transaction, StoredBus bus, StoredRule rule) {
        transaction.put(EventsKeys.rule(bus.number(), rule.name()), codec.encode(rule));
    }

    /// Removes a rule that has no targets.
    void remove(Transaction transaction, StoredBus bus, StoredRule rule) {
        changed(transaction, bus, rule.name(), generation(transaction, bus), -1);
        transaction.delete(EventsKeys.rule(bus.number(), rule.name()));
    }

    /// Replaces a rule's targets.
    void putTargets(Transaction transaction, StoredBus bus, StoredRule rule, List<Target> targets) {
        Set<String> before = arns(rule.targets());
        Set<String> after = arns(targets);
        for (String arn : before) {
            if (!after.contains(arn)) {
                transaction.delete(EventsKeys.ruleByTarget(bus.number(), arn, rule.name()));
            }
        }
        for (String arn : after) {
            if (!before.contains(arn)) {
                transaction.put(
                        EventsKeys.ruleByTarget(bus.number(), arn, rule.name()), Bytes.EMPTY);
            }
        }
        rewrite(transaction, bus, rule.withTargets(targets));
    }

    /// Removes what is left of a bus that has no rules.
    void clear(Transaction transaction, StoredBus bus) {
        transaction.delete(EventsKeys.generation(bus.number()));
        byte[] changes = EventsKeys.changes(bus.number());
        transaction.deleteRange(changes, Bytes.prefixEnd(changes));
    }

    StoredRule decode(byte[] value) {
        return codec.decode(value);
    }

    private static void changed(
            Transaction transaction,
            StoredBus bus,
            String rule,
            RuleGeneration before,
            int ruleCountChange) {
        long next = before.generation() + 1;
        RuleGeneration after = new RuleGeneration(next, before.ruleCount() + ruleCountChange);
        transaction.put(EventsKeys.generation(bus.number()), after.toBytes());
        transaction.put(
                EventsKeys.change(bus.number(), next), rule.getBytes(StandardCharsets.UTF_8));
        if (next > EventsLimits.CHANGES_KEPT) {
            transaction.delete(EventsKeys.change(bus.number(), next - EventsLimits.CHANGES_KEPT));
        }
    }

    private static Set<String> arns(List<Target> targets) {
        Set<String> arns = new HashSet<>();
        targets.forEach(target -> arns.add(target.arn()));
        return arns;
    }
}
