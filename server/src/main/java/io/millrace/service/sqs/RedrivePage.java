package io.millrace.service.sqs;

import io.millrace.delivery.Renderings;
import io.millrace.engine.Store;
import io.millrace.http.Body;
import io.millrace.http.Response;
import io.millrace.wire.Caller;
import io.millrace.wire.ServiceException;
import io.millrace.wire.ServicePage;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.InstantSource;
import java.util.Set;
import java.util.function.Predicate;

/// `POST /_millrace/sqs/redrive`: a move task for some messages of a dead-letter queue only, or,
/// with `dryRun`, what it would move. Ours: AWS moves all. A task needs a condition, so that one
/// that was forgotten does not move all.
///
/// The body is JSON: `sourceArn`; `destinationArn` and `maxPerSecond` as `StartMessageMoveTask`
/// knows them; the conditions of [MoveFilter], patterns as objects or as texts; `dryRun`. The task
/// is durable when it is answered, and like any other for `ListMessageMoveTasks` and
/// `CancelMessageMoveTask`.
final class RedrivePage {
    private static final String PATH = "/_millrace/sqs/redrive";
    private static final int SAMPLES_MAX = 10;
    private static final int SAMPLE_CHARACTERS = 1_000;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Set<String> MEMBERS =
            Set.of(
                    "sourceArn",
                    "destinationArn",
                    "maxPerSecond",
                    "bodyPattern",
                    "attributePattern",
                    "bodyContains",
                    "dryRun");

    private final Store store;
    private final InstantSource clock;
    private final Renderings renderings;
    private final StartMessageMoveTask tasks;

    RedrivePage(
            Store store, InstantSource clock, Renderings renderings, StartMessageMoveTask tasks) {
        this.store = store;
        this.clock = clock;
        this.renderings = renderings;
        this.tasks = tasks;
    }

    ServicePage page() {
        return new ServicePage(PATH, Set.of("POST"), (caller, _, body) -> answer(caller, body));
    }

    Response answer(Caller caller, Body body) {
        try {
            JsonNode asked = read(body);
            StartMessageMoveTask.Order order = order(asked);
            boolean dry = isDry(asked);
            if (order.filter() == null && !dry) {
                throw SqsErrors.invalid(
                        "The body must have a condition: bodyPattern, attributePattern or"
                                + " bodyContains. StartMessageMoveTask moves all messages.");
            }
            Caller there =
                    Inspection.caller(caller, order.sourceArn(), null)
                            .calling("StartMessageMoveTask");
            return Inspection.json(
                    200,
                    dry
                            ? dryRun(there, order)
                            : MAPPER.createObjectNode()
                                    .put("taskHandle", tasks.start(there, order)));
        } catch (ServiceException e) {
            return Inspection.json(
                    ServicePage.status(e.error()),
                    MAPPER.createObjectNode()
                            .put("code", e.error().queryCodeOrCode())
                            .put("message", e.message()));
        }
    }

    private static JsonNode read(Body body) {
        try {
            JsonNode asked = MAPPER.readTree(body.content());
            if (asked.isObject()) {
                for (String name : asked.propertyNames()) {
                    if (!MEMBERS.contains(name)) {
                        throw SqsErrors.invalid("There is no member " + name + ".");
                    }
                }
                return asked;
            }
        } catch (JacksonException _) { // refused below
        }
        throw SqsErrors.invalid("The body must be a JSON object.");
    }

    /// What is almost a boolean must not move what only was to be counted.
    private static boolean isDry(JsonNode asked) {
        JsonNode dry = asked.path("dryRun");
        if (!dry.isMissingNode() && !dry.isBoolean()) {
            throw SqsErrors.invalid("dryRun must be true or false.");
        }
        return dry.asBoolean(false);
    }

    private static StartMessageMoveTask.Order order(JsonNode asked) {
        String contained = text(asked, "bodyContains"); // the empty text is in all
        MoveFilter filter =
                new MoveFilter(
                        text(asked, "bodyPattern"),
                        text(asked, "attributePattern"),
                        contained == null || contained.isEmpty() ? null : contained);
        filter.check();
        JsonNode rate = asked.get("maxPerSecond");
        if (rate != null && !rate.isInt()) {
            throw SqsErrors.invalidMoveRate();
        }
        String source = text(asked, "sourceArn");
        return new StartMessageMoveTask.Order(
                source == null ? "" : source,
                text(asked, "destinationArn"),
                rate == null ? null : rate.intValue(),
                filter.isEmpty() ? null : filter);
    }

    private static @Nullable String text(JsonNode asked, String name) {
        JsonNode value = asked.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        return value.isString() ? value.stringValue() : value.toString();
    }

    private ObjectNode dryRun(Caller caller, StartMessageMoveTask.Order order) {
        MoveFilter filter = order.filter();
        Predicate<StoredMessage> wanted = filter == null ? _ -> true : filter.compile(renderings);
        Queue source = store.read(tx -> order.check(tx, caller));
        long now = clock.millis();
        ObjectNode told = MAPPER.createObjectNode();
        ArrayNode samples = told.putArray("samples");
        Position from = new Position(0, 0);
        long looked = 0;
        long matched = 0;
        boolean last = false;
        while (!last && looked < SqsLimits.LOOKED_MAX) { // each look moves on
            Position start = from;
            MoveLook look =
                    store.read(tx ->
                            MoveLook.read(
                                    tx,
                                    source.number(),
                                    start,
                                    Long.MAX_VALUE,
                                    SqsLimits.MOVE_PAGE));
            looked += look.entries().size();
            for (MoveLook.Entry entry : look.filtered(wanted).entries()) {
                if (store.read(tx -> MoveLook.isFree(tx, source, entry, now))) {
                    matched++;
                    if (samples.size() < SAMPLES_MAX) {
                        samples.add(sample(entry.message()));
                    }
                }
            }
            from = look.next();
            last = look.last();
        }
        return told.put("matched", matched).put("looked", looked).put("complete", last);
    }

    private ObjectNode sample(StoredMessage message) {
        String body = message.body().in(renderings).text();
        ObjectNode sample = MAPPER.createObjectNode();
        sample.put("messageId", message.messageId());
        sample.put("sentMillis", message.sentMillis());
        sample.put("deadLetterSource", message.sourceArn());
        ObjectNode attributes = sample.putObject("attributes");
        message.attributes()
                .forEach((name, attribute) -> attributes.put(name, attribute.stringValue()));
        sample.put("body", body.substring(0, Math.min(body.length(), SAMPLE_CHARACTERS)));
        return sample;
    }
}
