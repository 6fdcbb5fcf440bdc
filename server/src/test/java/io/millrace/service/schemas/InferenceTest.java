package io.millrace.service.schemas;

import static io.millrace.service.schemas.SchemasFixture.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.schemas.GetDiscoveredSchemaRequest;
import io.millrace.api.schemas.SchemasApi;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Random events, by seed: whatever they are, they are valid by the schema that is inferred from
/// them, in both languages, and the order in which they come does not matter.
final class InferenceTest {

    private final SchemasFixture schemas = new SchemasFixture();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void allEventsAreValidByTheSchemaThatIsInferredFromThem(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 40; round++) {
            List<String> events = events(random, 1 + random.nextInt(10));

            String openApi = infer("OpenApi3", events);
            String draftFour = infer("JSONSchemaDraft4", events);

            ContentCheck.check("OpenApi3", openApi);
            ContentCheck.check("JSONSchemaDraft4", draftFour);
            JsonNode schema = EventShapes.MAPPER.readTree(draftFour);
            for (String event : events) {
                assertThat(
                                new DraftFourChecker(schema)
                                        .problems(EventShapes.MAPPER.readTree(event)))
                        .as("seed %d, event %s, schema %s", seed, event, draftFour)
                        .isEmpty();
            }
            Collections.shuffle(events, random);
            assertThat(infer("OpenApi3", events)).as("seed %d", seed).isEqualTo(openApi);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24})
    void discoveryComesToTheSameSchemaHoweverTheEventsAreGrouped(long seed) {
        Random random = new Random(seed);
        schemas.discoverer();
        List<String> events = events(random, 60);
        for (String event : events) {
            schemas.accept(event);
            if (random.nextInt(4) == 0) {
                schemas.inferAll();
            }
        }
        schemas.inferAll();

        SchemasFixture other = new SchemasFixture();
        other.discoverer();
        Collections.shuffle(events, random);
        events.forEach(other::accept);
        other.inferAll();

        String content = schemas.discovered("shop@T").content();
        assertThat(other.discovered("shop@T").content()).as("seed %d", seed).isEqualTo(content);
        JsonNode draftFour = DraftFour.of(EventShapes.MAPPER.readTree(content));
        for (String event : events) {
            assertThat(new DraftFourChecker(draftFour).problems(EventShapes.MAPPER.readTree(event)))
                    .as("seed %d, event %s", seed, event)
                    .isEmpty();
        }
    }

    @Test
    void theCheckerFindsWhatIsWrong() {
        JsonNode schema =
                EventShapes.MAPPER.readTree(
                        infer("JSONSchemaDraft4", List.of(event("T", "{\"a\":{\"b\":[1]}}"))));

        for (String detail :
                List.of("{}", "{\"a\":1}", "{\"a\":{}}", "{\"a\":{\"b\":[1.5]}}", "[]")) {
            assertThat(
                            new DraftFourChecker(schema)
                                    .problems(EventShapes.MAPPER.readTree(event("T", detail))))
                    .as(detail)
                    .isNotEmpty();
        }
    }

    @Test
    void valuesWithoutAnEnvelopeAreAnEvent() {
        assertThat(infer("OpenApi3", List.of("{\"Source\":\"s\",\"Resources\":[\"r\"]}")))
                .isEqualTo(
                        """
                        {"openapi":"3.0.0","info":{"version":"1.0.0","title":"Event"},"paths":{},\
                        "components":{"schemas":{"Event":{"type":"object","required":["Resources",\
                        "Source"],"properties":{"Resources":{"type":"array","items":{"type":\
                        "string"}},"Source":{"type":"string"}}}}}}\
                        """);
    }

    @Test
    void refusesWhatIsNoEventAndEventsOfTwoKinds() {
        SchemasFixture.assertRefused(
                () -> infer("OpenApi3", List.of("[1]")),
                "BadRequestException",
                "Event is not a valid JSON object.");
        SchemasFixture.assertRefused(
                () -> infer("OpenApi3", List.of(event("T", "{}"), event("U", "{}"))),
                "BadRequestException",
                "All events must be of a single type.");
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33})
    void eventsOfOneShapeHaveOneFingerprintAndOthersAnother(long seed) {
        Random random = new Random(seed);
        List<String> events = events(random, 200);
        List<EventShape> shapes =
                events.stream().map(each -> EventShapes.ofDetail(each).orElseThrow()).toList();
        List<Long> prints =
                events.stream()
                        .map(each -> EventSample.of(each).orElseThrow().fingerprint())
                        .toList();
        for (int i = 0; i < events.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (prints.get(i).equals(prints.get(j))) {
                    assertThat(shapes.get(i)).as("seed %d", seed).isEqualTo(shapes.get(j));
                }
            }
        }
    }

    private String infer(String type, List<String> events) {
        return String.valueOf(
                schemas.call(
                                SchemasApi.GET_DISCOVERED_SCHEMA,
                                new GetDiscoveredSchemaRequest(events, type))
                        .content());
    }

    private static List<String> events(Random random, int count) {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(event("T", object(random, 0).toString()));
        }
        return events;
    }

    private static ObjectNode object(Random random, int depth) {
        ObjectNode object = EventShapes.MAPPER.createObjectNode();
        String[] names = {"a", "b", "c-d", "c d", "T", "Item", "AWSEvent", "é", "$ref", "type", ""};
        for (int i = random.nextInt(5); i > 0; i--) {
            object.set(names[random.nextInt(names.length)], value(random, depth + 1));
        }
        return object;
    }

    private static JsonNode value(Random random, int depth) {
        int kind = random.nextInt(depth > 3 ? 7 : 10);
        return switch (kind) {
            case 0 -> EventShapes.MAPPER.nullNode();
            case 1 -> EventShapes.MAPPER.valueToTree(random.nextBoolean());
            case 2 -> EventShapes.MAPPER.valueToTree(random.nextLong());
            case 3 -> EventShapes.MAPPER.valueToTree(random.nextDouble());
            case 4 -> EventShapes.MAPPER.valueToTree("text \u2028\"" + random.nextInt(9));
            case 5 -> EventShapes.MAPPER.valueToTree("2026-02-28T23:59:59.5+01:00");
            case 6 -> EventShapes.MAPPER.valueToTree(new java.math.BigInteger("9".repeat(25)));
            case 7 -> {
                ArrayNode array = EventShapes.MAPPER.createArrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(value(random, depth + 1));
                }
                yield array;
            }
            default -> object(random, depth);
        };
    }
}
