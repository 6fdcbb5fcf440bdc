package io.millrace.service.schemas;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// The registry `aws.events`: the events that services of this product put on the default bus. It
/// is the same for everyone, nobody can change it, and it is not stored.
final class AwsEvents {

    static final String REGISTRY = "aws.events";

    /// The number that stands for the registry; no stored one has it.
    static final long NUMBER = -1;

    private static final String RESOURCE = "aws-events.json";
    private static final long CREATED_MILLIS = Instant.parse("2019-12-02T00:00:00Z").toEpochMilli();

    private record Provided(StoredSchema schema, StoredVersion version) {}

    /// Read at the first use: most servers are never asked.
    private static final class Holder {
        static final NavigableMap<String, Provided> SCHEMAS = read();
    }

    private AwsEvents() {}

    static StoredRegistry registry() {
        return StoredRegistry.of(
                REGISTRY,
                NUMBER,
                CREATED_MILLIS,
                "Schemas of the events that services put on the default event bus",
                Map.of());
    }

    static Optional<StoredSchema> schema(String name) {
        return Optional.ofNullable(Holder.SCHEMAS.get(name)).map(Provided::schema);
    }

    /// Its only version; empty for a schema that is not of this registry.
    static Optional<StoredVersion> version(StoredSchema schema) {
        if (schema.number() >= 0) {
            return Optional.empty();
        }
        Provided provided = Holder.SCHEMAS.get(schema.name());
        return Optional.ofNullable(provided).map(Provided::version);
    }

    static List<StoredSchema> schemas(String after, String prefix, int countMax) {
        List<StoredSchema> found = new ArrayList<>();
        for (Provided provided : Holder.SCHEMAS.tailMap(after, false).values()) {
            if (found.size() < countMax && provided.schema().name().startsWith(prefix)) {
                found.add(provided.schema());
            }
        }
        return found;
    }

    private static NavigableMap<String, Provided> read() {
        JsonMapper mapper = JsonMapper.builder().build();
        NavigableMap<String, Provided> schemas = new TreeMap<>();
        try (InputStream in = AwsEvents.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing");
            }
            for (JsonNode node : mapper.readTree(in)) {
                String name = node.get("name").stringValue();
                StoredSchema schema =
                        StoredSchema.of(
                                        name,
                                        NUMBER,
                                        CREATED_MILLIS,
                                        node.get("description").stringValue(),
                                        Map.of())
                                .withVersionAdded(CREATED_MILLIS);
                String content = mapper.writeValueAsString(node.get("content"));
                schemas.put(
                        name,
                        new Provided(
                                schema,
                                new StoredVersion(
                                        1, StoredVersion.OPEN_API, content, CREATED_MILLIS)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return schemas;
    }
}
