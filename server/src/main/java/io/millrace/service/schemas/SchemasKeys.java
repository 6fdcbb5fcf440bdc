package io.millrace.service.schemas;

import io.millrace.engine.KeyReader;
import io.millrace.engine.KeyWriter;

/// All durable keys of the schema registry.
///
/// | prefix | key | value | lives |
/// |---|---|---|---|
/// | 88 registry | account, region, name | [StoredRegistry] as JSON | until DeleteRegistry |
/// | 89 schema | registry, name | [StoredSchema] as JSON | until DeleteSchema |
/// | 8a version | schema, number | [StoredVersion] as JSON | until DeleteSchemaVersion |
/// | 8b binding | schema, number, language | [StoredBinding] as JSON | with the version |
/// | 8c discoverer | account, region, id | [StoredDiscoverer] as JSON | until DeleteDiscoverer |
/// | 8d started | the bus's ARN | [StartedDiscoverer] as JSON | while the discoverer is started |
/// | 8e pending | discoverer, slot | an event, as rules deliver it | until it is inferred from |
/// | 8f inferred | `00`, schema | the newest version's [EventShape] as JSON | with the schema |
/// | 8f dropped | `01`, discoverer | counter of events not inferred from | with the discoverer |
///
/// Registries, schemas and discoverers are their internal numbers. The registry `aws.events` is not
/// stored: it is in the program.
final class SchemasKeys {

    private static final int REGISTRY = 0x88;
    private static final int SCHEMA = 0x89;
    private static final int VERSION = 0x8a;
    private static final int BINDING = 0x8b;
    private static final int DISCOVERER = 0x8c;
    private static final int STARTED = 0x8d;
    private static final int PENDING = 0x8e;
    private static final int DISCOVERY = 0x8f;

    private static final int INFERRED = 0;
    private static final int DROPPED = 1;

    private SchemasKeys() {}

    static byte[] registries(Place place) {
        return new KeyWriter(REGISTRY).string(place.accountId()).string(place.region()).toBytes();
    }

    static byte[] registry(Place place, String name) {
        return new KeyWriter(REGISTRY)
                .string(place.accountId())
                .string(place.region())
                .string(name)
                .toBytes();
    }

    static byte[] schemas(long registry) {
        return new KeyWriter(SCHEMA).uint64(registry).toBytes();
    }

    static byte[] schema(long registry, String name) {
        return new KeyWriter(SCHEMA).uint64(registry).string(name).toBytes();
    }

    static byte[] versions(long schema) {
        return new KeyWriter(VERSION).uint64(schema).toBytes();
    }

    static byte[] version(long schema, long number) {
        return new KeyWriter(VERSION).uint64(schema).uint64(number).toBytes();
    }

    static byte[] bindings(long schema) {
        return new KeyWriter(BINDING).uint64(schema).toBytes();
    }

    static byte[] bindings(long schema, long version) {
        return new KeyWriter(BINDING).uint64(schema).uint64(version).toBytes();
    }

    static byte[] binding(long schema, long version, String language) {
        return new KeyWriter(BINDING).uint64(schema).uint64(version).string(language).toBytes();
    }

    static byte[] discoverers(Place place) {
        return new KeyWriter(DISCOVERER).string(place.accountId()).string(place.region()).toBytes();
    }

    static byte[] discoverer(Place place, String id) {
        return new KeyWriter(DISCOVERER)
                .string(place.accountId())
                .string(place.region())
                .string(id)
                .toBytes();
    }

    static byte[] started(String busArn) {
        return new KeyWriter(STARTED).string(busArn).toBytes();
    }

    static byte[] pending() {
        return new KeyWriter(PENDING).toBytes();
    }

    static byte[] pending(long discoverer) {
        return new KeyWriter(PENDING).uint64(discoverer).toBytes();
    }

    static byte[] pending(long discoverer, int slot) {
        return new KeyWriter(PENDING).uint64(discoverer).uint16(slot).toBytes();
    }

    static long pendingDiscoverer(byte[] key) {
        return new KeyReader(key).uint64();
    }

    static byte[] inferred(long schema) {
        return new KeyWriter(DISCOVERY).uint8(INFERRED).uint64(schema).toBytes();
    }

    static byte[] dropped() {
        return new KeyWriter(DISCOVERY).uint8(DROPPED).toBytes();
    }

    static byte[] dropped(long discoverer) {
        return new KeyWriter(DISCOVERY).uint8(DROPPED).uint64(discoverer).toBytes();
    }
}
