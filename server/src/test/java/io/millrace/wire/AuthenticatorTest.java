package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.http.Body;
import io.millrace.http.Request;

import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;

/// Against AWS's own signer as the oracle.
class AuthenticatorTest {
    private static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");
    private static final Credential KEY = new Credential("AKIDEXAMPLE", "s/cret+KEY", null);
    private static final Credential TEMPORARY =
            new Credential("ASIAEXAMPLE", "other", "to/ken+with=signs");
    private static final byte[] BODY = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
    private static final String MISMATCH = "The request signature we calculated does not match";

    private final Authenticator authenticator =
            new Authenticator(Identities.of(List.of(KEY, TEMPORARY)), () -> NOW);

    private static SignedRequests signer(Instant at) {
        return new SignedRequests(KEY, "eu-west-1", "sqs", at, null);
    }

    private static SignedRequests presigner(Instant at, Duration expires) {
        return new SignedRequests(KEY, "eu-west-1", "sqs", at, expires);
    }

    private static Request post(SignedRequests signer) {
        return signer.sign(
                signer.plain(SdkHttpMethod.POST, "http://localhost:4566/", BODY)
                        .putHeader("x-amz-target", "AmazonSQS.ListQueues")
                        .build(),
                BODY);
    }

    private static Request get(SignedRequests signer, String url) {
        byte[] nothing = {};
        return signer.sign(signer.plain(SdkHttpMethod.GET, url, nothing).build(), nothing);
    }

    private void check(Request request, byte[] body) {
        Authorization authorization = Objects.requireNonNull(Authorization.of(request));
        authenticator.check(request, new Body(body, body), authorization, "sqs");
    }

    private AbstractThrowableAssert<?, ?> assertRefused(Request request, String code) {
        return assertThatThrownBy(() -> check(request, BODY))
                .isInstanceOf(ServiceException.class)
                .satisfies(e -> assertThat(((ServiceException) e).error().code()).isEqualTo(code));
    }

    /// The request with one header replaced, or with `null` removed.
    private static Request with(Request request, String name, @Nullable String value) {
        Map<String, List<String>> headers = headers(request);
        if (value == null) {
            headers.remove(name);
        } else {
            headers.put(name, List.of(value));
        }
        return SignedRequests.request(
                request.method(), request.path(), request.query(), headers, BODY);
    }

    private static Map<String, List<String>> headers(Request request) {
        Map<String, List<String>> headers = new HashMap<>();
        for (String name :
                List.of(
                        "host",
                        "authorization",
                        "x-amz-date",
                        "x-amz-target",
                        "x-amz-content-sha256",
                        "x-amz-security-token")) {
            if (request.header(name) != null) {
                headers.put(name, request.headers().all(name));
            }
        }
        return headers;
    }

    private static Request withQuery(Request request, String query) {
        return SignedRequests.request(
                request.method(), request.path(), query, headers(request), BODY);
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void acceptsWhatAwsSignsAndRefusesItAltered(long seed) {
        Random random = new Random(seed);
        boolean presigned = random.nextInt(3) == 0;
        SignedRequests signer =
                new SignedRequests(
                        random.nextBoolean() ? KEY : TEMPORARY,
                        "us-west-" + random.nextInt(3),
                        "sqs",
                        NOW.plusSeconds(random.nextInt(1600) - 800),
                        presigned ? Duration.ofSeconds(900 + random.nextInt(1000)) : null);
        byte[] body = new byte[random.nextInt(50)];
        random.nextBytes(body);
        SdkHttpFullRequest.Builder unsigned =
                signer.plain(
                        presigned ? SdkHttpMethod.GET : SdkHttpMethod.POST,
                        "http://host-" + random.nextInt(9) + ":4566" + path(random),
                        presigned ? new byte[0] : body);
        for (int i = random.nextInt(4); i > 0; i--) {
            unsigned.appendRawQueryParameter(text(random), text(random));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            unsigned.appendHeader("X-Test-" + random.nextInt(3), "  " + spaced(random) + " ");
        }
        byte[] sent = presigned ? new byte[0] : body;
        Request request = signer.sign(unsigned.build(), sent);

        check(request, sent);
        byte[] other = Arrays.copyOf(sent, sent.length + 1);
        assertThatThrownBy(() -> check(request, other)).hasMessageStartingWith(MISMATCH);
    }

    private static String path(Random random) {
        StringBuilder path = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            path.append('/').append(QueryString.encode(text(random), ""));
        }
        return path.isEmpty() ? "/" : path.toString();
    }

    private static String text(Random random) {
        String alphabet = "abzAZ09-._~ +=&%/?#äö€\uD83D\uDE00*'()!$,:;@[]";
        int[] points = alphabet.codePoints().toArray();
        StringBuilder text = new StringBuilder("k");
        for (int i = random.nextInt(8); i > 0; i--) {
            text.appendCodePoint(points[random.nextInt(points.length)]);
        }
        return text.toString();
    }

    private static String spaced(Random random) {
        return "a"
                + " ".repeat(random.nextInt(4))
                + "b,c"
                + " ".repeat(random.nextInt(3))
                + "\"d\"";
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-target, AmazonSQS.DeleteQueue",
        "host, elsewhere:4566",
        "x-amz-date, 20261124T030001Z"
    })
    void refusesAnAlteredHeader(String name, String value) {
        Request request = with(post(signer(NOW)), name, value);

        assertRefused(request, "InvalidSignatureException").hasMessageStartingWith(MISMATCH);
    }

    @Test
    void refusesAnAlteredMethodPathQueryAndSignature() {
        Request request = post(signer(NOW));
        Map<String, List<String>> headers = headers(request);
        String authorization = String.valueOf(request.header("authorization"));
        char last = authorization.charAt(authorization.length() - 1);
        String forged =
                authorization.substring(0, authorization.length() - 1) + (last == '0' ? '1' : '0');

        assertRefused(
                SignedRequests.request("PUT", "/", "", headers, BODY), "InvalidSignatureException");
        assertRefused(
                SignedRequests.request("POST", "/a", "", headers, BODY),
                "InvalidSignatureException");
        assertRefused(
                SignedRequests.request("POST", "/", "a=b", headers, BODY),
                "InvalidSignatureException");
        assertRefused(with(request, "authorization", forged), "InvalidSignatureException");
    }

    @Test
    void refusesAnUnsignedTarget() {
        SignedRequests signer = signer(NOW);
        Request request =
                signer.sign(
                        signer.plain(SdkHttpMethod.POST, "http://localhost/", BODY).build(), BODY);

        assertRefused(
                        with(request, "x-amz-target", "AmazonSQS.DeleteQueue"),
                        "InvalidSignatureException")
                .hasMessage("'x-amz-target' must be a 'SignedHeader' in the AWS Authorization.");
    }

    @Test
    void aTemporaryKeyIsGoodUntilTheInstantWhenItExpires() {
        Credential good = new Credential("ASIAGOOD", "s", "token", NOW.plusMillis(1));
        Credential expired = new Credential("ASIAEXPIRED", "s", "token", NOW);
        Authenticator temporary =
                new Authenticator(Identities.of(List.of(good, expired)), () -> NOW);

        check(temporary, good);
        assertThatThrownBy(() -> check(temporary, expired))
                .isInstanceOf(ServiceException.class)
                .hasMessage("The security token included in the request is expired")
                .extracting(e -> ((ServiceException) e).error().queryCodeOrCode())
                .isEqualTo("ExpiredToken");
    }

    private static void check(Authenticator authenticator, Credential signer) {
        Request request = post(new SignedRequests(signer, "eu-west-1", "sqs", NOW, null));
        Authorization authorization = Objects.requireNonNull(Authorization.of(request));
        authenticator.check(request, new Body(BODY, BODY), authorization, "sqs");
    }

    @Test
    void refusesAnUnknownKeyAndAWrongToken() {
        Credential stranger = new Credential("AKIDSTRANGER", "s", null);
        Credential withToken = new Credential("AKIDEXAMPLE", "s/cret+KEY", "token");
        Credential withoutToken = new Credential("ASIAEXAMPLE", "other", null);
        Credential wrongToken = new Credential("ASIAEXAMPLE", "other", "old");

        for (Credential wrong : List.of(stranger, withToken, withoutToken, wrongToken)) {
            assertRefused(
                            post(new SignedRequests(wrong, "eu-west-1", "sqs", NOW, null)),
                            "UnrecognizedClientException")
                    .hasMessage("The security token included in the request is invalid.");
        }
    }

    @Test
    void refusesAWrongSecret() {
        Credential wrong = new Credential("AKIDEXAMPLE", "wrong", null);

        assertRefused(
                        post(new SignedRequests(wrong, "eu-west-1", "sqs", NOW, null)),
                        "InvalidSignatureException")
                .hasMessageStartingWith(MISMATCH);
    }

    @Test
    void refusesAScopeForAnotherService() {
        assertRefused(
                        post(new SignedRequests(KEY, "eu-west-1", "sns", NOW, null)),
                        "InvalidSignatureException")
                .hasMessage("Credential should be scoped to correct service: 'sqs'.");
    }

    @Test
    void refusesAScopeOfAnotherDayOrWithAnotherEnd() {
        Request request = post(signer(NOW));
        String authorization = String.valueOf(request.header("authorization"));

        assertRefused(
                        with(
                                request,
                                "authorization",
                                authorization.replace("/20261124/", "/20261123/")),
                        "InvalidSignatureException")
                .hasMessage(
                        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of"
                                + " date from HTTP: '20261123' != '20261124', from"
                                + " '20261124T030000Z'.");
        assertRefused(
                        with(
                                request,
                                "authorization",
                                authorization.replace("aws4_request", "aws3_request")),
                        "InvalidSignatureException")
                .hasMessage(
                        "Credential should be scoped with a valid terminator: 'aws4_request', not"
                                + " 'aws3_request'.");
    }

    @Test
    void refusesWhatIsMoreThanFifteenMinutesOldOrAhead() {
        check(post(signer(NOW.minusSeconds(900))), BODY);
        check(post(signer(NOW.plusSeconds(900))), BODY);

        assertRefused(post(signer(NOW.minusSeconds(901))), "InvalidSignatureException")
                .hasMessage(
                        "Signature expired: 20261124T024459Z is now earlier than 20261124T024500Z"
                                + " (20261124T030000Z - 15 min.)");
        assertRefused(post(signer(NOW.plusSeconds(901))), "InvalidSignatureException")
                .hasMessage(
                        "Signature not yet current: 20261124T031501Z is still later than"
                                + " 20261124T031500Z (20261124T030000Z + 15 min.)");
    }

    @Test
    void refusesAnExpiredPresignedRequest() {
        String url = "http://localhost:4566/?Action=ListQueues";
        Request good = get(presigner(NOW.minusSeconds(3600), Duration.ofHours(1)), url);
        Request late = get(presigner(NOW.minusSeconds(3601), Duration.ofHours(1)), url);

        check(good, new byte[0]);
        assertThatThrownBy(() -> check(late, new byte[0]))
                .hasMessageStartingWith("Signature expired: 20261124T015959Z is now earlier than");
    }

    @Test
    void refusesAPresignedRequestThatWasAltered() {
        Request request =
                get(
                        presigner(NOW, Duration.ofMinutes(5)),
                        "http://localhost:4566/?Action=ListQueues");

        assertThatThrownBy(() ->
                        check(
                                withQuery(
                                        request,
                                        request.query().replace("ListQueues", "DeleteQueue")),
                                new byte[0]))
                .hasMessageStartingWith(MISMATCH);
        assertThatThrownBy(() ->
                        check(
                                withQuery(
                                        request,
                                        request.query()
                                                .replace(
                                                        "X-Amz-Expires=300",
                                                        "X-Amz-Expires=604801")),
                                new byte[0]))
                .hasMessageContaining("less than a week");
    }

    @Test
    void acceptsAnUnsignedPayloadOnlyWhenTheSignatureSaysSo() {
        SignedRequests signer = new SignedRequests(KEY, "eu-west-1", "sqs", NOW, null, false);
        Request request =
                signer.sign(
                        signer.plain(SdkHttpMethod.POST, "https://localhost:4566/", BODY).build(),
                        BODY);

        assertThat(request.header("x-amz-content-sha256")).isEqualTo("UNSIGNED-PAYLOAD");
        check(request, "any other body".getBytes(StandardCharsets.UTF_8));
        assertRefused(
                with(post(signer(NOW)), "x-amz-content-sha256", "UNSIGNED-PAYLOAD"),
                "InvalidSignatureException");
    }

    @Test
    void refusesSignedStreaming() {
        assertRefused(
                        with(
                                post(signer(NOW)),
                                "x-amz-content-sha256",
                                "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
                        "NotImplemented")
                .hasMessageContaining("STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
    }

    @Test
    void refusesADateThatIsNone() {
        assertRefused(
                        with(post(signer(NOW)), "x-amz-date", "yesterday"),
                        "IncompleteSignatureException")
                .hasMessageStartingWith(
                        "Date must be in ISO-8601 'basic format'. Got 'yesterday'.");
    }

    @Test
    void namesEveryPartThatIsMissing() {
        Request request =
                with(
                        with(post(signer(NOW)), "authorization", "AWS4-HMAC-SHA256 a"),
                        "x-amz-date",
                        null);

        assertThatThrownBy(() -> Authorization.of(request))
                .hasMessage(
                        "Authorization header requires 'Credential' parameter. Authorization"
                                + " header requires 'Signature' parameter. Authorization header"
                                + " requires 'SignedHeaders' parameter. Authorization header"
                                + " requires existence of either a 'X-Amz-Date' or a 'Date'"
                                + " header. Authorization=AWS4-HMAC-SHA256 a");
        assertThatThrownBy(() ->
                        Authorization.of(
                                SignedRequests.request(
                                        "GET",
                                        "/",
                                        "X-Amz-Algorithm=AWS4-HMAC-SHA256",
                                        Map.of(),
                                        BODY)))
                .hasMessageContaining("AWS query-string parameters must include 'X-Amz-Date'.");
    }

    @Test
    void refusesACredentialWithoutItsScope() {
        Request request =
                with(
                        post(signer(NOW)),
                        "authorization",
                        "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=c");

        assertThatThrownBy(() -> Authorization.of(request))
                .hasMessage(
                        "Credential must have exactly 5 slash-delimited elements, e.g."
                                + " keyid/date/region/service/term, got 'a/b'");
    }

    @Test
    void refusesTwoSignatures() {
        Request request = withQuery(post(signer(NOW)), "X-Amz-Algorithm=AWS4-HMAC-SHA256");

        assertThatThrownBy(() -> Authorization.of(request))
                .hasMessageStartingWith("Found both 'X-Amz-Algorithm' as a query-string param");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic abc", "Bearer abc", ""})
    void takesOtherAuthorizationAsNone(String header) {
        assertThat(Authorization.of(with(post(signer(NOW)), "authorization", header))).isNull();
    }

    @Test
    void believesEveryoneInDevelopmentMode() {
        Authenticator development =
                new Authenticator(Identities.of(List.of()), () -> NOW.plusSeconds(99_999));
        Request request = with(post(signer(NOW)), "x-amz-target", "AmazonSQS.DeleteQueue");

        development.check(
                request, Body.EMPTY, Objects.requireNonNull(Authorization.of(request)), "anything");
    }
}
