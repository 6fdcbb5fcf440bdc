package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.ErrorModel;
import io.millrace.api.sqs.SqsApi;
import io.millrace.http.Headers;
import io.millrace.http.Request;
import io.millrace.http.Response;

import org.junit.jupiter.api.Test;

import software.amazon.awssdk.http.SdkHttpMethod;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// What services answer beside their operations: to whom.
class ServicePageTest {
    private static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");
    private static final Credential KEY = new Credential("111122223333", "s/cret+KEY", null);
    private static final byte[] BODY = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
    private static final String URL = "http://localhost:4566/_millrace/toys";

    private static Gateway gateway(List<Credential> credentials) {
        return gateway(credentials, Authorizer.NONE);
    }

    private static Gateway gateway(List<Credential> credentials, Authorizer authorizer) {
        ServicePage page =
                new ServicePage(
                        "/_millrace/toys",
                        Set.of("POST"),
                        (caller, _, body) ->
                                Response.of(
                                        200,
                                        "text/plain",
                                        caller.accountId()
                                                + " "
                                                + caller.region()
                                                + " "
                                                + new String(
                                                        body.content(), StandardCharsets.UTF_8)));
        Service toys =
                Service.of(
                                SqsApi.MODEL,
                                1_000,
                                violations -> CommonErrors.notFound("" + violations))
                        .page(page)
                        .build();
        return new Gateway(
                new Gateway.Settings("1.2.3", "us-east-1", Identities.of(credentials), () -> true),
                () -> NOW,
                new Ids(new Random(1)),
                List.of(toys),
                List.of(),
                CallObserver.NONE,
                authorizer);
    }

    private static Request unsigned(Map<String, String> headers) {
        Map<String, List<String>> fields = new HashMap<>();
        headers.forEach((name, value) -> fields.put(name, List.of(value)));
        return new Request(
                "POST",
                "/_millrace/toys",
                "",
                Headers.of(fields),
                "127.0.0.1",
                InputStream::nullInputStream);
    }

    private static Request signed(Credential credential, String service) {
        SignedRequests signer = new SignedRequests(credential, "eu-west-1", service, NOW, null);
        return signer.sign(
                signer.plain(SdkHttpMethod.POST, URL, BODY)
                        .putHeader("content-length", "" + BODY.length)
                        .build(),
                BODY);
    }

    private static String text(Response response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    @Test
    void answersWhoeverSignsForTheService() {
        Response response = gateway(List.of(KEY)).handle(signed(KEY, "sqs"));

        assertThat(text(response)).isEqualTo("111122223333 eu-west-1 {\"a\":1}");
        assertThat(response.headers()).containsKey("x-amzn-RequestId");
    }

    @Test
    void refusesEveryoneElseWhereThereAreCredentials() {
        Gateway secure = gateway(List.of(KEY));
        Credential stranger = new Credential(KEY.accessKeyId(), "another", null);

        Response unsigned = secure.handle(unsigned(Map.of()));
        assertThat(unsigned.status()).isEqualTo(403);
        assertThat(text(unsigned)).contains("MissingAuthenticationToken");
        assertThat(secure.handle(signed(stranger, "sqs")).status()).isEqualTo(403);
        assertThat(secure.handle(signed(KEY, "sns")).status()).isEqualTo(403);
    }

    /// A JSON service's denial has the status 400, which tells nobody who asks for a page anything.
    @Test
    void tellsWhoIsDeniedSoByTheStatus() {
        Authorizer strict =
                new Authorizer() {
                    @Override
                    public Caller check(Call call) {
                        return call.caller();
                    }

                    @Override
                    public Caller check(PageCall call) {
                        throw new ServiceException(
                                ErrorModel.of("AccessDeniedException", 400), "You may not.");
                    }
                };

        Response response = gateway(List.of(KEY), strict).handle(signed(KEY, "sqs"));

        assertThat(response.status()).isEqualTo(403);
        assertThat(text(response)).contains("AccessDeniedException").contains("You may not.");
    }

    @Test
    void believesEveryoneInDevelopmentModeButPagesOfOtherMachines() {
        Gateway open = gateway(List.of());

        assertThat(text(open.handle(unsigned(Map.of())))).isEqualTo("000000000000 us-east-1 ");
        assertThat(text(open.handle(signed(KEY, "sqs")))).startsWith("111122223333 eu-west-1");
        Response stranger = open.handle(unsigned(Map.of("origin", "https://example.com")));
        assertThat(stranger.status()).isEqualTo(403);
        Response local = open.handle(unsigned(Map.of("origin", "http://localhost:3000")));
        assertThat(local.status()).isEqualTo(200);
    }
}
