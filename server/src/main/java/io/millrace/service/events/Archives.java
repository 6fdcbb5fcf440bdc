package io.millrace.service.events;

import io.millrace.api.events.InputTransformer;
import io.millrace.api.events.Target;
import io.millrace.delivery.StoreTarget.Outcome;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.pattern.EventPattern;
import io.millrace.pattern.EventPatternException;
import io.millrace.pattern.JsonPathText;
import io.millrace.storage.ResourceCodec;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The stored archives, and the rules by which buses send them events. Thread-safe.
///
/// As at AWS, an archive is the target of a rule that its service manages: its pattern is matched
/// together with all others of the bus, and a bus without archives pays nothing. The rule's pattern
/// leaves out what a replay sends. Source: [user
/// guide](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html).
final class Archives {
    private static final String RULE = "Events-Archive-";
    private static final String REPLAY_NAME = "replay-name";
    private static final String NO_REPLAYS = "\"" + REPLAY_NAME + "\":[{\"exists\":false}]";
    private static final JsonMapper JSON = new JsonMapper();

    private final InstantSource clock;
    private final Buses buses;
    private final Rules rules;
    private final ArchivedEvents events = new ArchivedEvents();
    private final ResourceCodec<StoredArchive> codec = new ResourceCodec<>(StoredArchive.class);

    Archives(InstantSource clock, Buses buses, Rules rules) {
        this.clock = clock;
        this.buses = buses;
        this.rules = rules;
    }

    ArchivedEvents events() {
        return events;
    }

    Optional<StoredArchive> find(Snapshot snapshot, ArchiveName name) {
        return Optional.ofNullable(codec.decodeOrNull(snapshot.get(ArchiveKeys.archive(name))));
    }

    StoredArchive require(Snapshot snapshot, ArchiveName name) {
        return find(snapshot, name).orElseThrow(() -> EventsErrors.archiveNotFound(name.name()));
    }

    StoredArchive decode(byte[] value) {
        return codec.decode(value);
    }

    /// The event goes into the archive of a rule that is an archive's.
    Outcome keep(Transaction transaction, BusName bus, StoredRule rule, EventEnvelope event) {
        String name = rule.name().substring(RULE.length());
        Optional<StoredArchive> archive =
                find(transaction, new ArchiveName(bus.accountId(), bus.region(), name));
        if (archive.isEmpty()) {
            return new Outcome.Refused("NO_RESOURCE", "The archive does not exist.");
        }
        events.add(transaction, archive.get(), ArchivedEvent.of(event, clock.millis()));
        return new Outcome.Delivered(event.id());
    }

    /// Adds an archive, which gets all events from then on.
    void create(Transaction transaction, ArchiveName name, StoredArchive archive) {
        if (find(transaction, name).isPresent()) {
            throw EventsErrors.archiveExists(name.name());
        }
        int count = 0;
        byte[] all = ArchiveKeys.archives(name.accountId(), name.region());
        try (Cursor cursor = transaction.prefix(all)) {
            while (cursor.next()) {
                count++;
            }
        }
        if (count >= EventsLimits.ARCHIVES_MAX) {
            throw EventsErrors.limitExceeded();
        }
        put(transaction, name, archive);
    }

    /// Writes an archive, and its rule.
    void put(Transaction transaction, ArchiveName name, StoredArchive archive) {
        transaction.put(ArchiveKeys.archive(name), codec.encode(archive));
        BusName busName = bus(archive);
        StoredBus bus = buses.own(transaction, busName);
        Optional<StoredRule> before = rules.find(transaction, bus, RULE + name.name());
        if (before.isPresent() && !ManagedRules.isOfArchive(before.get())) {
            throw EventsErrors.ruleExists(RULE + name.name());
        }
        StoredRule rule = rule(name, archive, busName);
        rules.put(transaction, bus, rule, before.isEmpty());
        rules.putTargets(transaction, bus, rule, List.of(target(name, archive)));
    }

    void delete(Transaction transaction, ArchiveName name, StoredArchive archive) {
        transaction.delete(ArchiveKeys.archive(name));
        events.clear(transaction, archive);
        Optional<StoredBus> bus = buses.find(transaction, bus(archive));
        if (bus.isPresent()) {
            rules.find(transaction, bus.get(), RULE + name.name())
                    .filter(ManagedRules::isOfArchive)
                    .ifPresent(rule -> {
                        rules.putTargets(transaction, bus.get(), rule, List.of());
                        rules.remove(transaction, bus.get(), rule);
                    });
        }
    }

    static BusName bus(StoredArchive archive) {
        return Arn.parse(archive.busArn()).map(BusName::of).orElseThrow();
    }

    /// @throws io.millrace.wire.ServiceException when the pattern is not valid
    static void check(@Nullable String pattern) {
        if (pattern != null && !pattern.isEmpty()) {
            try {
                EventPattern.parse(pattern);
            } catch (EventPatternException e) {
                throw EventsErrors.invalidPattern(e.reason());
            }
        }
    }

    private static StoredRule rule(ArchiveName name, StoredArchive archive, BusName bus) {
        return new StoredRule(
                RULE + name.name(),
                withoutReplays(archive.eventPattern()),
                StoredRule.ENABLED,
                null,
                null,
                bus.accountId(),
                ManagedRules.OF_ARCHIVES,
                Map.of(),
                List.of());
    }

    private static String withoutReplays(@Nullable String pattern) {
        if (pattern == null) {
            return "{" + NO_REPLAYS + "}";
        }
        ObjectNode tree = (ObjectNode) JSON.readTree(pattern);
        boolean had = tree.remove(REPLAY_NAME) != null;
        String rest = had ? JSON.writeValueAsString(tree) : JsonPathText.compact(pattern);
        return rest.length() == 2
                ? "{" + NO_REPLAYS + "}"
                : rest.substring(0, rest.length() - 1) + "," + NO_REPLAYS + "}";
    }

    private static Target target(ArchiveName name, StoredArchive archive) {
        String template =
                "{\"archive-arn\":\""
                        + name.archiveArn()
                        + ":"
                        + Long.toHexString(archive.number())
                        + "\",\"event\":<aws.events.event.json>,"
                        + "\"ingestion-time\":<aws.events.event.ingestion-time>}";
        return Target.builder()
                .id(RULE + name.name())
                .arn("arn:aws:events:" + name.region() + ":::")
                .inputTransformer(new InputTransformer(Map.of(), template))
                .build();
    }
}
