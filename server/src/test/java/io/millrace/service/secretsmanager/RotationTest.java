package io.millrace.service.secretsmanager;

import static io.millrace.service.secretsmanager.SecretsManagerFixture.MISSING_QUEUE;
import static io.millrace.service.secretsmanager.SecretsManagerFixture.QUEUE;
import static io.millrace.service.secretsmanager.SecretsManagerFixture.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.secretsmanager.CancelRotateSecretRequest;
import io.millrace.api.secretsmanager.DescribeSecretResponse;
import io.millrace.api.secretsmanager.RotateSecretRequest;
import io.millrace.api.secretsmanager.RotationRulesType;
import io.millrace.api.secretsmanager.SecretsmanagerApi;
import io.millrace.api.secretsmanager.UpdateSecretVersionStageRequest;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;

/// Rotations: refused for functions, told to queues at their time, exactly once in each window.
final class RotationTest {
    private static final String TOKEN = "00000000-0000-4000-8000-000000000001";

    private final SecretsManagerFixture aws = new SecretsManagerFixture();

    @Test
    void aFunctionCannotBeInvokedAndNothingChanges() {
        aws.create("s", "one");
        DescribeSecretResponse before = aws.describe("s");

        assertRefused(
                () -> rotate("arn:aws:lambda:us-east-1:000000000000:function:f", days(1)),
                "AccessDeniedException",
                "Secrets Manager cannot invoke the specified Lambda function. Ensure that the"
                        + " function policy grants access to the principal"
                        + " secretsmanager.amazonaws.com.");

        assertThat(aws.describe("s")).isEqualTo(before);
    }

    @Test
    void aQueueThatRefusesTheMessageChangesNothing() {
        aws.create("s", "one");
        DescribeSecretResponse before = aws.describe("s");

        assertRefused(
                () -> rotate(MISSING_QUEUE, days(1)),
                "AccessDeniedException",
                "Secrets Manager cannot send to the queue "
                        + MISSING_QUEUE
                        + ": It does not exist.");

        assertThat(aws.describe("s")).isEqualTo(before);
        assertThat(aws.told).isEmpty();
    }

    @Test
    void aConsumerRotatesAndTheNextRotationComesAtItsTime() {
        String arn = aws.create("s", "one").arn();
        String first = aws.get("s", null, null).versionId();
        rotate(QUEUE, days(10));
        assertThat(aws.told)
                .containsExactly(
                        "{\"Step\":\"createSecret\",\"SecretId\":\""
                                + arn
                                + "\",\"ClientRequestToken\":\""
                                + TOKEN
                                + "\"}");
        assertThat(aws.describe("s").nextRotationDate()).isEqualTo("2026-03-14T23:59:59Z");

        aws.put("s", TOKEN, "two", "AWSPENDING");
        aws.call(
                SecretsmanagerApi.UPDATE_SECRET_VERSION_STAGE,
                new UpdateSecretVersionStageRequest("s", "AWSCURRENT", first, TOKEN));
        assertThat(aws.value("s", null)).isEqualTo("two");
        assertThat(aws.describe("s").lastRotatedDate()).isEqualTo(aws.now);

        aws.restart();
        assertThat(aws.after("P9D")).isZero();
        assertThat(aws.after("P1D")).isOne();
        assertThat(aws.told).hasSize(2);
        assertThat(aws.describe("s").nextRotationDate()).isEqualTo("2026-03-24T23:59:59Z");
    }

    @Test
    void aRotationThatHasNotEndedIsToldAgainAndNoOtherBegins() {
        aws.create("s", "one");
        rotate(QUEUE, days(1));

        assertRefused(
                () ->
                        aws.call(
                                SecretsmanagerApi.ROTATE_SECRET,
                                RotateSecretRequest.builder()
                                        .secretId("s")
                                        .clientRequestToken(aws.ids.uuid())
                                        .build()),
                "InvalidRequestException",
                "A previous rotation isn't complete. That rotation will be reattempted.");
        aws.after("P1D");

        assertThat(aws.told).hasSize(2);
        assertThat(aws.told.getFirst()).isEqualTo(aws.told.getLast());
    }

    @Test
    void aCancelledRotationDoesNotComeAgain() {
        aws.create("s", "one");
        rotate(QUEUE, days(1));
        aws.call(SecretsmanagerApi.CANCEL_ROTATE_SECRET, new CancelRotateSecretRequest("s"));

        assertThat(aws.after("P10D")).isZero();
        assertThat(aws.describe("s").rotationEnabled()).isFalse();
        assertThat(aws.describe("s").nextRotationDate()).isNull();
    }

    @Test
    void theSameRequestAgainIsNotASecondRotation() {
        aws.create("s", "one");
        rotate(QUEUE, days(1));
        rotate(QUEUE, days(1));

        assertThat(aws.told).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cron(0 16 1,15 * ? *) |    | 2026-03-15T23:59:59Z",
                "cron(0 8 1 * ? *)     | 3h | 2026-04-01T11:00:00Z",
                "rate(4 hours)         |    | 2026-03-04T10:06:07Z",
                "rate(10 days)         | 2h | 2026-03-14T07:06:07Z"
            })
    void theNextRotationIsWhenItsWindowCloses(
            String expression, @Nullable String duration, Instant closes) {
        aws.create("s", "one");
        rotate(QUEUE, new RotationRulesType(null, duration, expression));

        assertThat(aws.describe("s").nextRotationDate()).isEqualTo(closes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rate(3 hours)",
                "rate(10 minutes)",
                "rate(1000 days)",
                "cron(5 8 1 * ? *)",
                "cron(0 8 1 * ? 2027)",
                "cron(0 8, 1 * ? *)",
                "at(2027-01-01T00:00:00)",
                "every day"
            })
    void refusesAScheduleThatIsNone(String expression) {
        aws.create("s", "one");

        assertRefused(
                () -> rotate(QUEUE, new RotationRulesType(null, null, expression)),
                "InvalidParameterException",
                "The ScheduleExpression of RotationRules is not valid: it is a rate of 4 hours to"
                        + " 999 days, or a cron expression with 0 minutes and every year.");
    }

    private void rotate(String target, RotationRulesType rules) {
        aws.call(
                SecretsmanagerApi.ROTATE_SECRET,
                RotateSecretRequest.builder()
                        .secretId("s")
                        .clientRequestToken(TOKEN)
                        .rotationLambdaARN(target)
                        .rotationRules(rules)
                        .build());
    }

    private static RotationRulesType days(long days) {
        return new RotationRulesType(days, null, null);
    }
}
