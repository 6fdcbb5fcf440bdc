package io.millrace.service.events;

import static io.millrace.service.events.EventsFixture.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.events.ApiDestination;
import io.millrace.api.events.ConnectionBodyParameter;
import io.millrace.api.events.ConnectionHeaderParameter;
import io.millrace.api.events.ConnectionHttpParameters;
import io.millrace.api.events.ConnectionQueryStringParameter;
import io.millrace.api.events.CreateApiDestinationRequest;
import io.millrace.api.events.CreateConnectionRequest;
import io.millrace.api.events.DeauthorizeConnectionRequest;
import io.millrace.api.events.DeleteApiDestinationRequest;
import io.millrace.api.events.DescribeApiDestinationRequest;
import io.millrace.api.events.DescribeConnectionRequest;
import io.millrace.api.events.DescribeConnectionResponse;
import io.millrace.api.events.EventsApi;
import io.millrace.api.events.ListApiDestinationsRequest;
import io.millrace.api.events.UpdateApiDestinationRequest;
import io.millrace.delivery.OutboxSteps;
import io.millrace.delivery.RemoteTarget.Call;
import io.millrace.delivery.RemoteTarget.Reply;
import io.millrace.pattern.Arn;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;

final class ApiDestinationsTest {

    private static final String URL = "http://127.0.0.1:1/x/*/y/*";

    private final EventsFixture events = new EventsFixture();

    @Test
    void isDescribedUpdatedListedAndDeleted() {
        connection(EventsFixture.basic("c", "u", "p"));
        String arn = events.destination("d", "c", URL);
        assertThat(arn)
                .matches("arn:aws:events:us-east-1:000000000000:api-destination/d/[0-9a-f-]{36}");

        events.call(
                EventsApi.UPDATE_API_DESTINATION,
                UpdateApiDestinationRequest.builder()
                        .name("d")
                        .httpMethod("PUT")
                        .invocationRateLimitPerSecond(7)
                        .build());
        events.restart();

        var described = describe();
        assertThat(described.httpMethod()).isEqualTo("PUT");
        assertThat(described.invocationEndpoint()).isEqualTo(URL);
        assertThat(described.invocationRateLimitPerSecond()).isEqualTo(7);
        assertThat(described.apiDestinationState()).isEqualTo("ACTIVE");
        assertThat(
                        events.call(
                                        EventsApi.LIST_API_DESTINATIONS,
                                        ListApiDestinationsRequest.builder().build())
                                .apiDestinations())
                .extracting(ApiDestination::name)
                .containsExactly("d");
        events.call(
                EventsApi.DELETE_API_DESTINATION,
                DeleteApiDestinationRequest.builder().name("d").build());
        assertRefused(
                this::describe,
                "ResourceNotFoundException",
                "Failed to describe the api-destination(s). An api-destination 'd' does not"
                        + " exist.");
    }

    @Test
    void refusesWhatItCannotCall() {
        connection(EventsFixture.basic("c", "u", "p"));
        for (String url : List.of("ftp://x/y", "nothing", "http:///y", "https://u:p@x/")) {
            assertRefused(
                    () -> events.destination("d", "c", url),
                    "ValidationException",
                    "Parameter InvocationEndpoint is not valid. Reason: Must be a valid HTTPS"
                            + " URL.");
        }
        events.destination("d", "c", URL);
        assertRefused(
                () -> events.destination("d", "c", URL),
                "ResourceAlreadyExistsException",
                "An api-destination 'd' already exists.");
        String nobody = "arn:aws:events:us-east-1:000000000000:connection/no/1";
        assertRefused(
                () ->
                        events.call(
                                EventsApi.CREATE_API_DESTINATION,
                                CreateApiDestinationRequest.builder()
                                        .name("e")
                                        .connectionArn(nobody)
                                        .invocationEndpoint(URL)
                                        .httpMethod("POST")
                                        .build()),
                "ResourceNotFoundException",
                "Connection '" + nobody + "' does not exist.");
    }

    @Test
    void putsTheRequestTogether() throws Exception {
        CreateConnectionRequest connection = EventsFixture.apiKey("c", "X-Key", "k");
        connection(
                connection.toBuilder()
                        .authParameters(
                                connection.authParameters().toBuilder()
                                        .invocationHttpParameters(
                                                new ConnectionHttpParameters(
                                                        List.of(
                                                                new ConnectionHeaderParameter(
                                                                        "h", "connection", false)),
                                                        List.of(
                                                                new ConnectionQueryStringParameter(
                                                                        "q", "a b", false)),
                                                        List.of(
                                                                new ConnectionBodyParameter(
                                                                        "m", "\"", false))))
                                        .build())
                        .build());
        Arn arn = Arn.parse(events.destination("d", "c", URL + "?z=1")).orElseThrow();

        Reply reply =
                events.remoteTargets.call(
                        arn,
                        new Call(
                                "{\"m\":1,\"n\":[1,2.0]}",
                                Map.of(
                                        "H",
                                        "call",
                                        "g",
                                        "call",
                                        "Host",
                                        "evil",
                                        "user-agent",
                                        "me"),
                                Map.of("q", "call", "r", "&"),
                                List.of("a/b", "ü"),
                                "events.amazonaws.com",
                                null));

        assertThat(reply).isEqualTo(new Reply.Answered(200, "ok"));
        HttpCaller.Request request = events.endpoints.last();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.uri().toString())
                .isEqualTo("http://127.0.0.1:1/x/a%2Fb/y/%C3%BC?z=1&q=a%20b&r=%26");
        assertThat(request.headers())
                .isEqualTo(
                        Map.of(
                                "Content-Type",
                                "application/json; charset=utf-8",
                                "H",
                                "connection",
                                "g",
                                "call",
                                "X-Key",
                                "k",
                                "User-Agent",
                                "Amazon/EventBridge/ApiDestinations",
                                "Range",
                                "bytes=0-1048575",
                                "Accept-Encoding",
                                "gzip,deflate"));
        assertThat(FakeEndpoints.body(request)).isEqualTo("{\"n\":[1,2.0],\"m\":\"\\\"\"}");
    }

    @Test
    void tellsWhatMayPassAndWhatMayNot() throws Exception {
        connection(EventsFixture.basic("c", "u", "p"));
        String arn = events.destination("d", "c", URL);

        for (int status : new int[] {401, 407, 409, 429, 500, 503}) {
            events.endpoints.answers(status, "");
            assertThat(refused(arn).retryable()).as("%d", status).isTrue();
        }
        for (int status : new int[] {301, 400, 403, 404, 422}) {
            events.endpoints.answers(status, "");
            assertThat(refused(arn).retryable()).as("%d", status).isFalse();
        }
        events.endpoints.isDown = true;
        assertThat(refused(arn).errorCode()).isEqualTo("CONNECTION_FAILURE");
    }

    @Test
    void aLoginThatIsRefusedDeauthorizesUntilItIsTaken() throws Exception {
        connection(EventsFixture.basic("c", "u", "p"));
        String arn = events.destination("d", "c", URL);

        for (int status : new int[] {401, 407}) {
            events.endpoints.answers(status, "");
            assertThat(refused(arn).retryable()).isTrue();
            assertThat(describe().apiDestinationState()).isEqualTo("INACTIVE");
            assertThat(describeConnection().connectionState()).isEqualTo("DEAUTHORIZED");
            assertThat(describeConnection().stateReason())
                    .isEqualTo("The endpoint answered with HTTP status " + status + ".");

            assertThat(events.remote(arn, "{}")).isInstanceOf(Reply.Answered.class);
            assertThat(describe().apiDestinationState()).isEqualTo("ACTIVE");
            assertThat(describeConnection().stateReason()).isNull();
        }
    }

    private DescribeConnectionResponse describeConnection() {
        return events.call(
                EventsApi.DESCRIBE_CONNECTION,
                DescribeConnectionRequest.builder().name("c").build());
    }

    @Test
    void honoursRetryAfterAndEndsWhenItIsNegative() throws Exception {
        connection(EventsFixture.basic("c", "u", "p"));
        String arn = events.destination("d", "c", URL);

        events.endpoints.answers.add(
                new HttpCaller.Answer(503, Map.of("retry-after", "120"), new byte[0]));
        assertThat(refused(arn).retryAfter()).isEqualTo(Duration.ofMinutes(2));
        events.endpoints.answers.add(
                new HttpCaller.Answer(503, Map.of("retry-after", "-1"), new byte[0]));
        assertThat(refused(arn).retryable()).isFalse();
    }

    @Test
    void keepsATokenUntilItExpiresOrIsRefused() throws Exception {
        connection(EventsFixture.oAuth("c", "http://127.0.0.1/token", "s"));
        String arn = events.destination("d", "c", URL);
        events.endpoints.answers(200, "{\"access_token\":\"1\",\"expires_in\":300}");
        OutboxSteps.attemptDue(events.outbox);

        events.remote(arn, "{}");
        events.remote(arn, "{}");
        assertThat(tokensSent()).containsExactly("Bearer 1", "Bearer 1");

        events.now = events.now.plusSeconds(271);
        events.endpoints.answers(200, "{\"access_token\":\"2\",\"expires_in\":300}");
        events.remote(arn, "{}");
        assertThat(tokensSent()).containsExactly("Bearer 1", "Bearer 1", "Bearer 2");

        events.endpoints.answers(401, "");
        assertThat(refused(arn).retryable()).isTrue();
        events.endpoints.answers(200, "{\"access_token\":\"3\",\"token_type\":\"bearer\"}");
        events.remote(arn, "{}");
        assertThat(tokensSent().getLast()).isEqualTo("Bearer 3");
    }

    private List<String> tokensSent() {
        return events.endpoints.requests.stream()
                .filter(request -> request.uri().getPath().startsWith("/x/"))
                .map(request -> String.valueOf(request.headers().get("Authorization")))
                .toList();
    }

    @Test
    void aRefusedTokenDeauthorizesAndALaterOneAuthorizesAgain() throws Exception {
        connection(EventsFixture.oAuth("c", "http://127.0.0.1/token", "s"));
        String arn = events.destination("d", "c", URL);
        events.endpoints.answers(200, "{\"access_token\":\"1\",\"expires_in\":31}");
        OutboxSteps.attemptDue(events.outbox);
        events.now = events.now.plusSeconds(60);

        events.endpoints.answers(403, "");
        assertThat(refused(arn))
                .isEqualTo(
                        new Reply.Refused(
                                "NO_PERMISSIONS",
                                "The authorization endpoint answered with HTTP status 403.",
                                true,
                                null));
        assertThat(describe().apiDestinationState()).isEqualTo("INACTIVE");

        events.endpoints.answers(200, "{\"access_token\":\"2\"}");
        assertThat(events.remote(arn, "{}")).isInstanceOf(Reply.Answered.class);
        assertThat(describe().apiDestinationState()).isEqualTo("ACTIVE");
        assertThat(describeConnection().stateReason()).isNull();
    }

    @Test
    void callsNobodyWithoutAuthorizationOrDestination() throws Exception {
        connection(EventsFixture.basic("c", "u", "p"));
        String arn = events.destination("d", "c", URL);
        events.call(
                EventsApi.DEAUTHORIZE_CONNECTION,
                DeauthorizeConnectionRequest.builder().name("c").build());

        assertThat(refused(arn).errorCode()).isEqualTo("NO_PERMISSIONS");
        assertThat(refused(arn + "0").errorCode()).isEqualTo("NO_RESOURCE");
        assertThat(refused(arn + "0").retryable()).isFalse();
        assertThat(events.endpoints.requests).isEmpty();
    }

    @Test
    void keepsItsInvocationRate() throws Exception {
        connection(EventsFixture.basic("c", "u", "p"));
        String arn = events.destination("d", "c", URL);
        events.call(
                EventsApi.UPDATE_API_DESTINATION,
                UpdateApiDestinationRequest.builder()
                        .name("d")
                        .invocationRateLimitPerSecond(4)
                        .build());

        var begin = events.now; // whoever waits moves the clock
        for (int i = 0; i < 9; i++) {
            events.remote(arn, "{}");
        }

        assertThat(Duration.between(begin, events.now)).isEqualTo(Duration.ofSeconds(2));
    }

    private Reply.Refused refused(String arn) throws InterruptedException {
        return (Reply.Refused) events.remote(arn, "{}");
    }

    private void connection(CreateConnectionRequest request) {
        events.call(EventsApi.CREATE_CONNECTION, request);
    }

    private io.millrace.api.events.DescribeApiDestinationResponse describe() {
        return events.call(
                EventsApi.DESCRIBE_API_DESTINATION,
                DescribeApiDestinationRequest.builder().name("d").build());
    }
}
