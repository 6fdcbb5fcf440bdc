package io.millrace.service.events;

import static io.millrace.service.events.EventsFixture.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.events.Connection;
import io.millrace.api.events.ConnectionHeaderParameter;
import io.millrace.api.events.ConnectionHttpParameters;
import io.millrace.api.events.ConnectionQueryStringParameter;
import io.millrace.api.events.CreateConnectionAuthRequestParameters;
import io.millrace.api.events.CreateConnectionRequest;
import io.millrace.api.events.CreateConnectionResponse;
import io.millrace.api.events.DeauthorizeConnectionRequest;
import io.millrace.api.events.DeleteConnectionRequest;
import io.millrace.api.events.DescribeConnectionRequest;
import io.millrace.api.events.DescribeConnectionResponse;
import io.millrace.api.events.EventsApi;
import io.millrace.api.events.ListConnectionsRequest;
import io.millrace.api.events.UpdateConnectionAuthRequestParameters;
import io.millrace.api.events.UpdateConnectionBasicAuthRequestParameters;
import io.millrace.api.events.UpdateConnectionRequest;
import io.millrace.delivery.OutboxSteps;
import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.secret.CustomerKeys;
import io.millrace.secret.Secrets;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;

final class ConnectionsTest {

    private static final String SECRET = "a-planted-secret";

    private final EventsFixture events = new EventsFixture();

    @Test
    void showsEverythingButSecrets() {
        CreateConnectionResponse created =
                events.call(
                        EventsApi.CREATE_CONNECTION,
                        EventsFixture.basic("c", "user", SECRET).toBuilder()
                                .description("d")
                                .authParameters(
                                        withExtras(
                                                EventsFixture.basic("c", "user", SECRET)
                                                        .authParameters()))
                                .build());
        events.restart();
        DescribeConnectionResponse shown = describe("c");

        assertThat(created.connectionState()).isEqualTo("AUTHORIZED");
        assertThat(created.connectionArn())
                .matches("arn:aws:events:us-east-1:000000000000:connection/c/[0-9a-f-]{36}");
        assertThat(shown.connectionArn()).isEqualTo(created.connectionArn());
        assertThat(shown.secretArn())
                .matches(
                        "arn:aws:secretsmanager:us-east-1:000000000000:secret:"
                                + "events!connection/c/[0-9a-f-]{36}-[0-9a-f]{6}");
        assertThat(shown.toString()).contains("user", "open-value").doesNotContain(SECRET);
        assertThat(shown.lastAuthorizedTime()).isEqualTo(created.creationTime());
    }

    @Test
    void nothingInTheStoreTellsASecret() {
        create(
                EventsFixture.basic("c", "user", SECRET).toBuilder()
                        .authParameters(
                                withExtras(EventsFixture.basic("c", "u", SECRET).authParameters()))
                        .build());
        create(EventsFixture.apiKey("k", "x-key", SECRET));
        create(EventsFixture.oAuth("o", "http://127.0.0.1/token", SECRET));
        OutboxSteps.attemptDue(events.outbox);

        List<String> values = events.store.read(ConnectionsTest::everything);

        assertThat(values).isNotEmpty().noneMatch(value -> value.contains(SECRET));
        assertThat(values).anyMatch(value -> value.contains("open-value"));
    }

    private static List<String> everything(Snapshot snapshot) {
        List<String> values = new java.util.ArrayList<>();
        try (Cursor cursor =
                snapshot.range(Bytes.EMPTY, new byte[] {-1}, Snapshot.Direction.FORWARD)) {
            while (cursor.next()) {
                values.add(new String(cursor.value(), StandardCharsets.ISO_8859_1));
            }
        }
        return values;
    }

    private static CreateConnectionAuthRequestParameters withExtras(
            CreateConnectionAuthRequestParameters auth) {
        return auth.toBuilder()
                .invocationHttpParameters(
                        new ConnectionHttpParameters(
                                List.of(
                                        new ConnectionHeaderParameter("h", SECRET, true),
                                        new ConnectionHeaderParameter("o", "open-value", false)),
                                List.of(new ConnectionQueryStringParameter("q", SECRET, true)),
                                null))
                .build();
    }

    @Test
    void refusesWhatDoesNotFitTheType() {
        CreateConnectionRequest basic = EventsFixture.basic("c", "user", SECRET);
        assertRefused(
                () -> create(basic.toBuilder().authorizationType("API_KEY").build()),
                "ValidationException",
                "Authorization parameters do not match the authorization type API_KEY.");
        create(basic);
        assertRefused(
                () -> create(basic),
                "ResourceAlreadyExistsException",
                "Connection c already exists.");
        assertRefused(
                () -> describe("none"),
                "ResourceNotFoundException",
                "Failed to describe the connection(s). Connection 'none' does not exist.");
    }

    @Test
    void anUpdateKeepsWhatItDoesNotTell() throws Exception {
        create(EventsFixture.basic("c", "user", SECRET));
        String destination = events.destination("d", "c", "http://127.0.0.1/x");

        update(new UpdateConnectionBasicAuthRequestParameters("other", null));

        events.remote(destination, "{}");
        assertThat(events.endpoints.last().headers())
                .containsEntry("Authorization", "Basic " + base64("other:" + SECRET));
        assertThat(describe("c").toString()).contains("other").doesNotContain(SECRET);
    }

    private static String base64(String text) {
        return java.util.Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private void update(UpdateConnectionBasicAuthRequestParameters basic) {
        events.call(
                EventsApi.UPDATE_CONNECTION,
                UpdateConnectionRequest.builder()
                        .name("c")
                        .authorizationType("BASIC")
                        .authParameters(
                                UpdateConnectionAuthRequestParameters.builder()
                                        .basicAuthParameters(basic)
                                        .build())
                        .build());
    }

    @Test
    void anotherDescriptionIsNoOtherAuthorization() {
        events.endpoints.answers(200, "{\"access_token\":\"t\",\"expires_in\":60}");
        create(EventsFixture.oAuth("o", "http://127.0.0.1/token", SECRET));
        OutboxSteps.attemptDue(events.outbox);
        Instant authorized = Objects.requireNonNull(describe("o").lastAuthorizedTime());
        events.now = events.now.plusSeconds(5);

        var answer =
                events.call(
                        EventsApi.UPDATE_CONNECTION,
                        UpdateConnectionRequest.builder().name("o").description("d").build());

        assertThat(answer.connectionState()).isEqualTo("AUTHORIZED");
        assertThat(describe("o").description()).isEqualTo("d");
        assertThat(describe("o").lastAuthorizedTime()).isEqualTo(authorized);
        assertThat(describe("o").lastModifiedTime()).isEqualTo(authorized.plusSeconds(5));
        assertRefused(
                () ->
                        events.call(
                                EventsApi.UPDATE_CONNECTION,
                                UpdateConnectionRequest.builder().name("o").build()),
                "ValidationException",
                "Failed to update the connection(s). At least one of the following is required:"
                        + " Description, KmsKeyIdentifier, AuthorizationType with"
                        + " BasicAuthParameters, ApiKeyAuthParameters, or OAuthParameters.");
    }

    @Test
    void anotherDescriptionKeepsTheAuthorizationOfThatMoment() {
        events.endpoints.answers(200, "{\"access_token\":\"t\",\"expires_in\":60}");
        create(EventsFixture.oAuth("o", "http://127.0.0.1/token", SECRET));
        Secrets secrets = new Secrets(events.store, new Random(0), events.masterKey);
        UpdateConnection update =
                new UpdateConnection(
                        events.store,
                        () -> {
                            OutboxSteps.attemptDue(events.outbox); // meanwhile
                            return events.now;
                        },
                        new Connections(secrets, CustomerKeys.ANY),
                        events.outbox);

        update.handle(
                events.caller,
                UpdateConnectionRequest.builder().name("o").description("d").build());

        assertThat(describe("o").description()).isEqualTo("d");
        assertThat(describe("o").connectionState()).isEqualTo("AUTHORIZED");
    }

    @Test
    void listsInPagesByPrefixAndState() {
        create(EventsFixture.basic("a1", "u", "p"));
        create(EventsFixture.basic("a2", "u", "p"));
        create(EventsFixture.basic("b", "u", "p"));
        events.call(
                EventsApi.DEAUTHORIZE_CONNECTION,
                DeauthorizeConnectionRequest.builder().name("a2").build());

        var first = list(ListConnectionsRequest.builder().limit(2));
        assertThat(first.connections()).extracting(Connection::name).containsExactly("a1", "a2");
        var second = list(ListConnectionsRequest.builder().nextToken(first.nextToken()));
        assertThat(second.connections()).extracting(Connection::name).containsExactly("b");
        assertThat(second.nextToken()).isNull();
        assertThat(list(ListConnectionsRequest.builder().namePrefix("a")).connections()).hasSize(2);
        assertThat(
                        list(ListConnectionsRequest.builder().connectionState("DEAUTHORIZED"))
                                .connections())
                .extracting(Connection::name)
                .containsExactly("a2");
    }

    private io.millrace.api.events.ListConnectionsResponse list(
            ListConnectionsRequest.Builder request) {
        return events.call(EventsApi.LIST_CONNECTIONS, request.build());
    }

    @Test
    void deauthorizingRemovesTheSecretAndDeletingEverything() {
        create(EventsFixture.apiKey("c", "k", SECRET));

        var answer =
                events.call(
                        EventsApi.DEAUTHORIZE_CONNECTION,
                        DeauthorizeConnectionRequest.builder().name("c").build());
        assertThat(answer.connectionState()).isEqualTo("DEAUTHORIZING");
        assertThat(describe("c").connectionState()).isEqualTo("DEAUTHORIZED");
        assertThat(describe("c").secretArn()).isNull();
        assertThat(describe("c").stateReason())
                .isEqualTo(
                        "The authorization parameters were removed from this connection by a"
                                + " DeauthorizeConnection operation.");

        events.call(
                EventsApi.DELETE_CONNECTION, DeleteConnectionRequest.builder().name("c").build());
        assertRefused(
                () -> describe("c"),
                "ResourceNotFoundException",
                "Failed to describe the connection(s). Connection 'c' does not exist.");
    }

    @Test
    void aConnectionByOAuthIsAuthorizedByItsFirstToken() {
        events.endpoints.answers(200, "{\"access_token\":\"t\",\"expires_in\":60}");
        CreateConnectionResponse created =
                create(EventsFixture.oAuth("o", "http://127.0.0.1/token", SECRET));
        assertThat(created.connectionState()).isEqualTo("AUTHORIZING");

        events.restart();
        OutboxSteps.attemptDue(events.outbox);

        assertThat(describe("o").connectionState()).isEqualTo("AUTHORIZED");
        assertThat(FakeEndpoints.body(events.endpoints.last()))
                .isEqualTo("grant_type=client_credentials&client_id=id&client_secret=" + SECRET);
    }

    @Test
    void aConnectionByOAuthIsDeauthorizedWhenItsTokenIsRefused() {
        events.endpoints.answers(400, "{}");
        create(EventsFixture.oAuth("o", "http://127.0.0.1/token", SECRET));

        OutboxSteps.attemptDue(events.outbox);

        assertThat(describe("o").connectionState()).isEqualTo("DEAUTHORIZED");
        assertThat(describe("o").stateReason())
                .isEqualTo("The authorization endpoint answered with HTTP status 400.");
    }

    private CreateConnectionResponse create(CreateConnectionRequest request) {
        return events.call(EventsApi.CREATE_CONNECTION, request);
    }

    private DescribeConnectionResponse describe(String name) {
        return events.call(
                EventsApi.DESCRIBE_CONNECTION,
                DescribeConnectionRequest.builder().name(name).build());
    }
}
