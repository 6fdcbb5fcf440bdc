package io.millrace.service.events;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.OperationModel;
import io.millrace.api.Shape;
import io.millrace.api.events.CreateApiDestinationRequest;
import io.millrace.api.events.CreateConnectionApiKeyAuthRequestParameters;
import io.millrace.api.events.CreateConnectionAuthRequestParameters;
import io.millrace.api.events.CreateConnectionBasicAuthRequestParameters;
import io.millrace.api.events.CreateConnectionOAuthClientRequestParameters;
import io.millrace.api.events.CreateConnectionOAuthRequestParameters;
import io.millrace.api.events.CreateConnectionRequest;
import io.millrace.api.events.CreateEventBusRequest;
import io.millrace.api.events.DescribeConnectionRequest;
import io.millrace.api.events.EventsApi;
import io.millrace.api.events.PutEventsRequest;
import io.millrace.api.events.PutEventsRequestEntry;
import io.millrace.api.events.PutEventsResponse;
import io.millrace.api.events.PutEventsResultEntry;
import io.millrace.api.events.PutRuleRequest;
import io.millrace.api.events.PutTargetsRequest;
import io.millrace.api.events.Target;
import io.millrace.delivery.EventBuses;
import io.millrace.delivery.Outbox;
import io.millrace.delivery.RemoteTarget;
import io.millrace.delivery.RemoteTargets;
import io.millrace.delivery.Targets;
import io.millrace.engine.MemoryStore;
import io.millrace.engine.Store;
import io.millrace.http.Body;
import io.millrace.http.Headers;
import io.millrace.http.Request;
import io.millrace.http.Response;
import io.millrace.pattern.Arn;
import io.millrace.secret.CustomerKeys;
import io.millrace.secret.MasterKey;
import io.millrace.secret.Secrets;
import io.millrace.service.logs.Logs;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;
import io.millrace.wire.ServiceException;
import io.millrace.wire.ServicePage;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/// EventBridge over a store in memory, with a target that records, and short forms of requests.
final class EventsFixture {

    static final String ACCOUNT = "000000000000";
    static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:queue";
    static final String DEAD = "arn:aws:sqs:us-east-1:000000000000:dead";

    final Store store = new MemoryStore();
    final RecordingTarget queues = new RecordingTarget();
    final List<EventTrace.Hop> hops = new ArrayList<>();

    final List<EventTrace.Hop> before = new ArrayList<>();

    /// What the tap saw: the bus, a space, the event.
    final List<String> tapped = new ArrayList<>();

    final Caller caller = caller(ACCOUNT, "us-east-1");
    Instant now = Instant.parse("2026-03-04T05:06:07.890Z");

    /// What HTTP endpoints answer.
    final FakeEndpoints endpoints = new FakeEndpoints();

    MasterKey masterKey =
            MasterKey.of("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", Path.of("none"));
    Logs logs = new Logs(store, () -> now, new Ids(new Random(0)), false, CustomerKeys.ANY);
    RemoteTargets remoteTargets = new RemoteTargets(Map.of());
    Outbox outbox =
            new Outbox(
                    store,
                    () -> now,
                    new Ids(new Random(0)),
                    new Random(0),
                    new Targets(Map.of()),
                    Map.of());
    private Events events;

    EventsFixture() {
        this.events = start(1);
    }

    /// A new process on the same store.
    void restart() {
        events = start(2);
    }

    /// Serves a page of what is owed to more rules; false when nothing is.
    boolean fanOut() {
        return events.fanOutTurn();
    }

    private Events start(long seed) {
        Ids ids = new Ids(new Random(seed));
        logs = new Logs(store, () -> now, ids, false, CustomerKeys.ANY);
        Targets targets = new Targets(Map.of("sqs", queues, "logs", logs.target()));
        ApiDestinations destinations =
                new ApiDestinations(
                        store,
                        () -> now,
                        ids,
                        new Secrets(store, new Random(seed), masterKey),
                        CustomerKeys.ANY,
                        endpoints,
                        pause -> now = now.plus(pause));
        remoteTargets = new RemoteTargets(Map.of(ApiDestinations.KIND, destinations.target()));
        outbox =
                new Outbox(
                        store, () -> now, ids, new Random(seed), targets, destinations.handlers());
        return new Events(
                store,
                () -> now,
                ids,
                targets,
                new Events.Outside(outbox, remoteTargets, destinations, CustomerKeys.ANY),
                this::told,
                List.of((_, bus, json) -> tapped.add(bus + " " + json)),
                List.of());
    }

    /// What the page answers to a question.
    String explain(String question) {
        return explain(caller, question);
    }

    String explain(Caller asking, String question) {
        byte[] bytes = question.getBytes(StandardCharsets.UTF_8);
        Request request =
                new Request(
                        "POST",
                        ExplainPage.PATH,
                        "",
                        Headers.of(Map.of()),
                        "127.0.0.1",
                        InputStream::nullInputStream);
        for (ServicePage page : events.service().pages()) {
            if (page.pathPrefix().equals(ExplainPage.PATH)) {
                Response response = page.answer().to(asking, request, new Body(bytes, bytes));
                return new String(response.body(), StandardCharsets.UTF_8);
            }
        }
        throw new AssertionError("no such page");
    }

    /// Without what comes before each result: that an event was accepted, and matched.
    private void told(EventTrace.Hop hop) {
        switch (hop.result()) {
            case EventTrace.Result.Accepted _,
                    EventTrace.Result.Matched _,
                    EventTrace.Result.Transformed _ ->
                    before.add(hop);
            default -> hops.add(hop);
        }
    }

    long turnReplays() {
        return events.turnReplays();
    }

    /// Puts an event onto the default bus as a service does.
    void putOfService(String source) {
        EventBuses.Event event =
                new EventBuses.Event(source, "Something", "{}", List.of(), now, null);
        Arn bus = EventBuses.defaultBus(ACCOUNT, "us-east-1");
        store.write(tx -> events.buses().put(tx, bus, event, "service.amazonaws.com", null));
    }

    /// Fires the schedules of rules that are due.
    int fireDue() {
        return events.fireDue();
    }

    boolean sweepArchives() {
        return events.sweepArchives();
    }

    static Caller caller(String account, String region) {
        String root = "arn:aws:iam::" + account + ":root";
        return new Caller(account, region, root, account, "r", "http://localhost:4566");
    }

    <I extends Shape, O extends Shape> O call(OperationModel<I, O> operation, I request) {
        return call(caller, operation, request);
    }

    <I extends Shape, O extends Shape> O call(
            Caller by, OperationModel<I, O> operation, I request) {
        Operation<I, O> handler = Objects.requireNonNull(events.service().operation(operation));
        return handler.handle(by, request);
    }

    /// A target that is a bus.
    static Target busTarget(String arn) {
        return Target.builder()
                .id(arn.substring(arn.lastIndexOf('/') + 1))
                .arn(arn)
                .roleArn("arn:aws:iam::000000000000:role/r")
                .build();
    }

    void bus(String name) {
        call(EventsApi.CREATE_EVENT_BUS, CreateEventBusRequest.builder().name(name).build());
    }

    void rule(String name, String pattern) {
        rule(BusName.DEFAULT, name, pattern);
    }

    void rule(String bus, String name, String pattern) {
        call(
                EventsApi.PUT_RULE,
                PutRuleRequest.builder()
                        .name(name)
                        .eventBusName(bus)
                        .eventPattern(pattern)
                        .build());
    }

    void target(String rule, Target target) {
        target(BusName.DEFAULT, rule, target);
    }

    void target(String bus, String rule, Target... targets) {
        call(
                EventsApi.PUT_TARGETS,
                PutTargetsRequest.builder()
                        .rule(rule)
                        .eventBusName(bus)
                        .targets(List.of(targets))
                        .build());
    }

    static CreateConnectionRequest basic(String name, String user, String password) {
        return connection(
                name,
                "BASIC",
                CreateConnectionAuthRequestParameters.builder()
                        .basicAuthParameters(
                                new CreateConnectionBasicAuthRequestParameters(user, password)));
    }

    static CreateConnectionRequest apiKey(String name, String key, String value) {
        return connection(
                name,
                "API_KEY",
                CreateConnectionAuthRequestParameters.builder()
                        .apiKeyAuthParameters(
                                new CreateConnectionApiKeyAuthRequestParameters(key, value)));
    }

    static CreateConnectionRequest oAuth(String name, String endpoint, String secret) {
        return connection(
                name,
                "OAUTH_CLIENT_CREDENTIALS",
                CreateConnectionAuthRequestParameters.builder()
                        .oAuthParameters(
                                new CreateConnectionOAuthRequestParameters(
                                        new CreateConnectionOAuthClientRequestParameters(
                                                "id", secret),
                                        endpoint,
                                        "POST",
                                        null)));
    }

    private static CreateConnectionRequest connection(
            String name, String type, CreateConnectionAuthRequestParameters.Builder parameters) {
        return CreateConnectionRequest.builder()
                .name(name)
                .authorizationType(type)
                .authParameters(parameters.build())
                .build();
    }

    /// Makes an API destination; tells its ARN.
    String destination(String name, String connection, String url) {
        String connectionArn =
                String.valueOf(
                        call(
                                        EventsApi.DESCRIBE_CONNECTION,
                                        DescribeConnectionRequest.builder()
                                                .name(connection)
                                                .build())
                                .connectionArn());
        return String.valueOf(
                call(
                                EventsApi.CREATE_API_DESTINATION,
                                CreateApiDestinationRequest.builder()
                                        .name(name)
                                        .connectionArn(connectionArn)
                                        .invocationEndpoint(url)
                                        .httpMethod("POST")
                                        .build())
                        .apiDestinationArn());
    }

    RemoteTarget.Reply remote(String arn, String body) throws InterruptedException {
        return remoteTargets.call(
                Arn.parse(arn).orElseThrow(),
                RemoteTarget.Call.of(body, "events.amazonaws.com", null));
    }

    /// What a page of the service answers.
    String page(String method, String path, Caller by, Body body) {
        ServicePage page =
                events.service().pages().stream()
                        .filter(p -> p.pathPrefix().equals(path) && p.methods().contains(method))
                        .findFirst()
                        .orElseThrow();
        Request request =
                new Request(
                        method,
                        path,
                        "",
                        Headers.of(Map.of()),
                        "127.0.0.1",
                        () -> new ByteArrayInputStream(body.raw()));
        return new String(page.answer().to(by, request, body).body(), StandardCharsets.UTF_8);
    }

    static Target.Builder queue() {
        return Target.builder().id("t").arn(QUEUE);
    }

    static PutEventsRequestEntry.Builder entry(String source, String detail) {
        return PutEventsRequestEntry.builder().source(source).detailType("Test").detail(detail);
    }

    PutEventsResultEntry put(PutEventsRequestEntry.Builder entry) {
        return Objects.requireNonNull(putAll(entry.build()).entries()).getFirst();
    }

    PutEventsResponse putAll(PutEventsRequestEntry... entries) {
        return call(
                EventsApi.PUT_EVENTS, PutEventsRequest.builder().entries(List.of(entries)).build());
    }

    List<RecordingTarget.Delivery> deliveries() {
        return queues.deliveries(store);
    }

    List<String> bodies() {
        return deliveries().stream().map(RecordingTarget.Delivery::body).toList();
    }

    static void assertRefused(ThrowingCallable call, String code, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ServiceException.class,
                        e -> {
                            org.assertj.core.api.Assertions.assertThat(e.message())
                                    .isEqualTo(message);
                            org.assertj.core.api.Assertions.assertThat(e.error().code())
                                    .isEqualTo(code);
                        });
    }
}
