package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.http.Body;
import io.millrace.http.Request;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// AWS's published test suite: each of its signed requests is accepted, and refused when one letter
/// of its signature differs.
final class SigningSuiteTest {
    private static final Instant SIGNED = Instant.parse("2015-08-30T12:36:00Z");
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final String TOKEN =
            "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267";

    /// A request of the suite.
    ///
    /// @param text first line, headers, and behind an empty line the body
    record Case(String name, String text) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(
                        SigningSuiteTest.class.getResourceAsStream("signature-version-4.txt"))) {
            String suite = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            List<Case> cases = new ArrayList<>();
            for (String each : suite.split("(?m)^# ", -1)) {
                int end = each.indexOf('\n');
                if (end > 0) {
                    cases.add(new Case(each.substring(0, end), each.substring(end + 1).strip()));
                }
            }
            return cases.stream();
        }
    }

    private static Identity check(String text, Instant now) {
        int blank = text.indexOf("\n\n");
        byte[] body = (blank < 0 ? "" : text.substring(blank + 2)).getBytes(StandardCharsets.UTF_8);
        List<String> lines = (blank < 0 ? text : text.substring(0, blank)).lines().toList();
        int space = lines.getFirst().indexOf(' ');
        String target = lines.getFirst().substring(space + 1);
        int question = target.indexOf('?');
        Map<String, List<String>> headers = new HashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(
                            line.substring(0, colon).toLowerCase(Locale.ROOT),
                            _ -> new ArrayList<>())
                    .add(line.substring(colon + 1));
        }
        headers.replaceAll((name, values) ->
                name.startsWith("my-") ? values : values.stream().map(String::strip).toList());
        Request request =
                SignedRequests.request(
                        lines.getFirst().substring(0, space),
                        question < 0 ? target : target.substring(0, question),
                        question < 0 ? "" : target.substring(question + 1),
                        headers,
                        body);
        String token = headers.containsKey("x-amz-security-token") ? TOKEN : null;
        Identities identities =
                Identities.of(List.of(new Credential("AKIDEXAMPLE", SECRET, token)));
        return new Authenticator(identities, () -> now)
                .check(
                        request,
                        new Body(body, body),
                        Objects.requireNonNull(Authorization.of(request)),
                        "service");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void acceptsTheSignature(Case request) {
        assertThat(check(request.text, SIGNED).arn()).endsWith(":root");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void refusesAnotherSignature(Case request) {
        int at = request.text.indexOf("Signature=") + "Signature=".length();
        char other = request.text.charAt(at) == '0' ? '1' : '0';
        String altered = request.text.substring(0, at) + other + request.text.substring(at + 1);

        assertThatThrownBy(() -> check(altered, SIGNED)).isInstanceOf(ServiceException.class);
    }

    @Test
    void aSignatureIsGoodForFifteenMinutesAndAPresignedOneAsLongAsItSays() throws IOException {
        List<Case> all = cases().toList();
        Case inHeader = all.getFirst();
        Case presigned = all.getLast();

        assertThat(check(inHeader.text, SIGNED.plus(Duration.ofMinutes(15)))).isNotNull();
        assertThatThrownBy(() -> check(inHeader.text, SIGNED.plus(Duration.ofSeconds(901))))
                .hasMessageContaining("Signature expired");
        assertThat(check(presigned.text, SIGNED.plus(Duration.ofHours(1)))).isNotNull();
        assertThatThrownBy(() -> check(presigned.text, SIGNED.plus(Duration.ofSeconds(3601))))
                .hasMessageContaining("Signature expired");
    }
}
