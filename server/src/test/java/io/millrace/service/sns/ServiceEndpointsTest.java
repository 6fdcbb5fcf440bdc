package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sns.SnsApi;
import io.millrace.api.sns.SubscribeInput;
import io.millrace.delivery.FailedJob;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;

/// Subscriptions of functions and delivery streams, which do not exist here yet.
final class ServiceEndpointsTest {
    private static final String FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:resize";
    private static final String STREAM =
            "arn:aws:firehose:us-east-1:000000000000:deliverystream/events";
    private static final String ROLE = "arn:aws:iam::000000000000:role/firehose";

    private final SnsFixture fixture = new SnsFixture();
    private final String topic = fixture.topic("orders");

    @Test
    void areConfirmedAtOnce() {
        assertThat(fixture.subscribe(topic, "lambda", FUNCTION, Map.of())).startsWith(topic);
        assertThat(
                        fixture.subscribe(
                                topic, "firehose", STREAM, Map.of("SubscriptionRoleArn", ROLE)))
                .startsWith(topic);
    }

    @Test
    void aDeliveryEndsInTheDeadLetterQueue() {
        fixture.subscribe(
                topic,
                "lambda",
                FUNCTION,
                Map.of(
                        "RedrivePolicy",
                        "{\"deadLetterTargetArn\":\"" + SnsFixture.queueArn("dead") + "\"}"));

        fixture.publish(topic, "hello");

        assertThat(fixture.bodies("dead").getFirst()).contains("\"Message\" : \"hello\"");
    }

    @Test
    void withoutOneItStaysVisibleAsFailed() {
        fixture.subscribe(topic, "firehose", STREAM, Map.of("SubscriptionRoleArn", ROLE));

        fixture.publish(topic, "hello");

        FailedJob failed = fixture.outbox.failed(1).getFirst();
        assertThat(failed.job().target()).isEqualTo(STREAM);
        assertThat(failed.failure().errorMessage())
                .isEqualTo("Millrace has no target behind " + STREAM + ".");
    }

    @ParameterizedTest
    @CsvSource({
        "lambda, resize, Lambda endpoint ARN",
        "lambda, arn:aws:sqs:us-east-1:000000000000:q, Lambda endpoint ARN",
        "lambda, arn:aws:lambda:us-east-1:000000000000:function:, Lambda endpoint ARN",
        "firehose, arn:aws:firehose:us-east-1:000000000000:stream/x, Firehose endpoint ARN",
        "firehose, arn:aws:firehose:us-east-1:000000000000:deliverystream/x,"
                + " Attributes Reason: SubscriptionRoleArn"
    })
    void refusesWhatIsNoSuchEndpoint(String protocol, String endpoint, String why) {
        assertThat(
                        fixture.refusal(
                                        SnsApi.SUBSCRIBE,
                                        SubscribeInput.builder()
                                                .topicArn(topic)
                                                .protocol(protocol)
                                                .endpoint(endpoint)
                                                .build())
                                .message())
                .isEqualTo("Invalid parameter: " + why);
    }
}
