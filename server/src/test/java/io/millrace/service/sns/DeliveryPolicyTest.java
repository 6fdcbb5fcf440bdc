package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.delivery.RetryPolicy.Backoff;
import io.millrace.delivery.RetryPolicy.Phase;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Map;

/// Which delivery policies are taken, and what they come to.
final class DeliveryPolicyTest {
    private static final DeliveryPolicyCheck CHECK =
            new DeliveryPolicyCheck(SnsErrors::invalidParameter);
    private static final String RETRY =
            "{\"minDelayTarget\":1,\"maxDelayTarget\":60,\"numRetries\":50,\"numNoDelayRetries\":3,"
                    + "\"numMinDelayRetries\":2,\"numMaxDelayRetries\":35,"
                    + "\"backoffFunction\":\"exponential\"}";

    @Test
    void hasAllFourPhases() {
        DeliveryPolicy policy =
                DeliveryPolicy.of(topic(null), "{\"healthyRetryPolicy\":" + RETRY + "}");

        assertThat(policy.retryPolicy().phases())
                .containsExactly(
                        Phase.steady(3, Duration.ZERO),
                        Phase.steady(2, Duration.ofSeconds(1)),
                        new Phase(10, 1000, 54_100, Backoff.EXPONENTIAL),
                        Phase.steady(35, Duration.ofSeconds(60)));
        assertThat(policy.retryPolicy().maxAgeMillis()).isEqualTo(Duration.ofHours(1).toMillis());
    }

    @Test
    void theSubscriptionComesBeforeTheTopicAndThatBeforeTheDefault() {
        String ofTopic =
                "{\"http\":{\"defaultHealthyRetryPolicy\":"
                        + RETRY
                        + ",\"defaultThrottlePolicy\":{"
                        + "\"maxReceivesPerSecond\":7},\"defaultRequestPolicy\":{"
                        + "\"headerContentType\":\"application/json\"}}}";
        String own =
                "{\"healthyRetryPolicy\":{\"minDelayTarget\":5,\"maxDelayTarget\":9,"
                        + "\"numRetries\":4},\"throttlePolicy\":{\"maxReceivesPerSecond\":2}}";

        assertThat(DeliveryPolicy.of(topic(null), null).effective())
                .isEqualTo(
                        "{\"healthyRetryPolicy\":{\"minDelayTarget\":20,\"maxDelayTarget\":20,"
                                + "\"numRetries\":3,\"numMaxDelayRetries\":0,"
                                + "\"numNoDelayRetries\":0,\"numMinDelayRetries\":0,"
                                + "\"backoffFunction\":\"linear\"},\"sicklyRetryPolicy\":null,"
                                + "\"throttlePolicy\":null,\"requestPolicy\":{"
                                + "\"headerContentType\":\"text/plain; charset=UTF-8\"},"
                                + "\"guaranteed\":false}");
        DeliveryPolicy inherited = DeliveryPolicy.of(topic(ofTopic), null);
        assertThat(inherited.retry().numRetries()).isEqualTo(50);
        assertThat(inherited.maxReceivesPerSecond()).isEqualTo(7);
        assertThat(inherited.contentType()).isEqualTo("application/json");
        DeliveryPolicy mixed = DeliveryPolicy.of(topic(ofTopic), own);
        assertThat(mixed.retry()).isEqualTo(new DeliveryPolicy.Retry(5, 9, 4, 0, 0, 0, "linear"));
        assertThat(mixed.maxReceivesPerSecond()).isEqualTo(2);
        assertThat(mixed.contentType()).isEqualTo("application/json");
    }

    /// As AWS answered LocalStack's tests in October 2024.
    @Test
    void isShownInAwsForm() {
        assertThat(DeliveryPolicy.ofTopic("{\"http\":{\"defaultHealthyRetryPolicy\":null}}"))
                .isEqualTo("{\"http\":{\"disableSubscriptionOverrides\":false}}");
        assertThat(
                        DeliveryPolicy.ofTopic(
                                "{\"http\":{\"defaultRequestPolicy\":{\"headerContentType\":"
                                        + "\"application/json\"},\"defaultHealthyRetryPolicy\":{"
                                        + "\"numRetries\":1,\"maxDelayTarget\":6,"
                                        + "\"minDelayTarget\":5}}}"))
                .isEqualTo(
                        "{\"http\":{\"defaultHealthyRetryPolicy\":{\"minDelayTarget\":5,"
                                + "\"maxDelayTarget\":6,\"numRetries\":1},"
                                + "\"disableSubscriptionOverrides\":false,\"defaultRequestPolicy\":"
                                + "{\"headerContentType\":\"application/json\"}}}");
        assertThat(
                        DeliveryPolicy.ofSubscription(
                                "{\"throttlePolicy\":{\"maxReceivesPerSecond\":1000}}"))
                .isEqualTo(
                        "{\"healthyRetryPolicy\":null,\"sicklyRetryPolicy\":null,"
                                + "\"throttlePolicy\":{\"maxReceivesPerSecond\":1000},"
                                + "\"requestPolicy\":null,\"guaranteed\":false}");
        assertThat(
                        DeliveryPolicy.of(
                                        topic(null),
                                        "{\"throttlePolicy\":{\"maxReceivesPerSecond\":1000}}")
                                .effective())
                .contains("\"throttlePolicy\":{\"maxReceivesPerSecond\":1000},");
    }

    @Test
    void aTopicCanForbidThatSubscriptionsOverride() {
        String ofTopic = "{\"http\":{\"disableSubscriptionOverrides\":true}}";

        DeliveryPolicy policy =
                DeliveryPolicy.of(topic(ofTopic), "{\"healthyRetryPolicy\":" + RETRY + "}");

        assertThat(policy.retry()).isEqualTo(DeliveryPolicy.Retry.DEFAULT);
        assertThat(DeliveryPolicy.effective(topic(ofTopic)))
                .contains("\"disableSubscriptionOverrides\":true");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{|failed to parse JSON.",
                "[]|failed to parse JSON.",
                "{\"http\":{}}|Unexpected JSON member: http",
                "{\"healthyRetryPolicy\":3}|failed to parse JSON.",
                "{\"healthyRetryPolicy\":{\"maxDelayTarget\":1,\"numRetries\":1}}|"
                        + "healthyRetryPolicy.minDelayTarget must be specified",
                "{\"healthyRetryPolicy\":{\"minDelayTarget\":0,\"maxDelayTarget\":1,"
                        + "\"numRetries\":1}}|"
                        + "healthyRetryPolicy.minDelayTarget must be greater than or equal to 1",
                "{\"healthyRetryPolicy\":{\"minDelayTarget\":3,\"maxDelayTarget\":2,"
                        + "\"numRetries\":1}}|healthyRetryPolicy.maxDelayTarget must be greater"
                        + " than or equal to minDelayTarget",
                "{\"healthyRetryPolicy\":{\"minDelayTarget\":3,\"maxDelayTarget\":3601,"
                        + "\"numRetries\":1}}|"
                        + "healthyRetryPolicy.maxDelayTarget must be less than or equal to 3600",
                "{\"healthyRetryPolicy\":{\"minDelayTarget\":1,\"maxDelayTarget\":1,"
                        + "\"numRetries\":101}}|"
                        + "healthyRetryPolicy.numRetries must be less than or equal to 100",
                "{\"healthyRetryPolicy\":{\"minDelayTarget\":1,\"maxDelayTarget\":1,"
                        + "\"numRetries\":3,\"numNoDelayRetries\":2,\"numMaxDelayRetries\":2}}|"
                        + "healthyRetryPolicy.numRetries must be greater than or equal to total of"
                        + " numMinDelayRetries, numNoDelayRetries and numMaxDelayRetries",
                "{\"healthyRetryPolicy\":{\"minDelayTarget\":1,\"maxDelayTarget\":1,"
                        + "\"numRetries\":3,\"backoffFunction\":\"cubic\"}}|"
                        + "healthyRetryPolicy.backoffFunction is invalid",
                "{\"healthyRetryPolicy\":{\"minDelayTarget\":1,\"maxDelayTarget\":2400,"
                        + "\"numRetries\":5,\"numNoDelayRetries\":1}}|"
                        + "healthyRetryPolicy total retry time must be less than or equal to 3600",
                "{\"throttlePolicy\":{\"maxReceivesPerSecond\":0}}|"
                        + "throttlePolicy.maxReceivesPerSecond must be greater than or equal to 1",
                "{\"throttlePolicy\":{\"maxReceivesPerSecond\":1.5}}|"
                        + "throttlePolicy.maxReceivesPerSecond must be an integer",
                "{\"requestPolicy\":{\"headerContentType\":\"text/xml\"}}|"
                        + "requestPolicy.headerContentType is not supported"
            })
    void refusesWhatASubscriptionCannotHave(String json, String why) {
        assertThat(
                        catchThrowableOfType(
                                        ServiceException.class,
                                        () -> CHECK.ofSubscription(json, false))
                                .message())
                .isEqualTo("Invalid parameter: DeliveryPolicy: " + why);
    }

    /// A second more AWS refuses, as the users of this policy found by trying.
    @Test
    void takesRetriesOfAnHour() {
        CHECK.ofTopic(
                "{\"http\":{\"defaultHealthyRetryPolicy\":{\"minDelayTarget\":1,"
                        + "\"maxDelayTarget\":2399,\"numRetries\":5,\"numNoDelayRetries\":1}}}");
    }

    @Test
    void refusesInATopicUnderTheTopicsNames() {
        assertThat(
                        catchThrowableOfType(
                                        ServiceException.class,
                                        () ->
                                                CHECK.ofTopic(
                                                        "{\"http\":{\"defaultHealthyRetryPolicy\":{"
                                                                + "\"minDelayTarget\":1,"
                                                                + "\"maxDelayTarget\":1,"
                                                                + "\"numRetries\":200}}}"))
                                .message())
                .isEqualTo(
                        "Invalid parameter: DeliveryPolicy:"
                                + " http.defaultHealthyRetryPolicy.numRetries must be less than or"
                                + " equal to 100");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/csv", "application/xml; charset=utf-8", "application/json"})
    void rawMessagesHaveMoreContentTypes(String type) {
        String json = "{\"requestPolicy\":{\"headerContentType\":\"" + type + "\"}}";

        assertThatCode(() -> CHECK.ofSubscription(json, true)).doesNotThrowAnyException();
    }

    private static Topic topic(@Nullable String policy) {
        return new Topic(
                "000000000000",
                "us-east-1",
                "orders",
                1,
                0,
                policy == null ? Map.of() : Map.of("DeliveryPolicy", policy),
                Map.of());
    }
}
