package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Unreadable;
import io.millrace.api.sns.ConfirmSubscriptionInput;
import io.millrace.api.sns.GetSubscriptionAttributesInput;
import io.millrace.api.sns.PublishInput;
import io.millrace.api.sns.SetSubscriptionAttributesInput;
import io.millrace.api.sns.SetTopicAttributesInput;
import io.millrace.api.sns.SnsApi;
import io.millrace.api.sns.SubscribeInput;
import io.millrace.api.sns.UnsubscribeInput;
import io.millrace.delivery.Message;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.json.JsonMapper;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/// Archives replayed to subscriptions. Each turn is made by a new [Replays], as after a crash.
final class ReplaysTest {
    private static final String FROM_START =
            "{\"PointType\":\"Timestamp\",\"StartingPoint\":\"2026-01-02T03:04:05.678Z\"}";

    private final SnsFixture fixture = new SnsFixture();
    private final String topic =
            fixture.topic(
                    "orders.fifo",
                    Map.of(
                            "FifoTopic",
                            "true",
                            "ArchivePolicy",
                            "{\"MessageRetentionPeriod\":\"30\"}"));
    private int published;

    @Test
    void aNewSubscriptionGetsWhatWasPublishedBefore() {
        publish(3);

        String arn = subscribe("late.fifo", Map.of("ReplayPolicy", FROM_START));
        assertThat(status(arn)).isEqualTo("Pending");
        turn();

        assertThat(fixture.bodies("late.fifo")).containsExactly("0", "1", "2");
        assertThat(status(arn)).isEqualTo("Completed");
        publish(1);
        assertThat(fixture.bodies("late.fifo")).containsExactly("0", "1", "2", "3");
    }

    @Test
    void replayedMessagesSaySoAndAreOtherwiseTheSame() {
        String live = "live.fifo";
        fixture.subscribeQueue(topic, live, Map.of());
        publish(1);

        fixture.subscribeQueue(topic, "late.fifo", Map.of("ReplayPolicy", FROM_START));
        subscribe("raw.fifo", Map.of("ReplayPolicy", FROM_START));
        turn();

        String original = fixture.bodies(live).getFirst();
        String replayed = fixture.bodies("late.fifo").getFirst();
        assertThat(replayed).contains(",\n  \"Replayed\" : true");
        assertThat(replayed.replace(",\n  \"Replayed\" : true", "").lines().limit(7).toList())
                .isEqualTo(original.lines().limit(7).toList());
        Message raw = fixture.messages("raw.fifo").getFirst();
        assertThat(raw.attributes()).containsEntry("Replayed", Message.Attribute.string("true"));
        assertThat(raw.groupId()).isEqualTo(fixture.messages(live).getFirst().groupId());
    }

    @Test
    void whatIsPublishedMeanwhileComesBehindTheReplay() {
        publish(250);
        String arn = subscribe("late.fifo", Map.of("ReplayPolicy", FROM_START));

        turn();
        assertThat(status(arn)).isEqualTo("In progress");
        publish(1);
        assertThat(fixture.bodies("late.fifo")).hasSize(100);
        turn();
        publish(1);
        turn();

        assertThat(status(arn)).isEqualTo("Completed");
        publish(1);
        assertThat(fixture.bodies("late.fifo")).isEqualTo(numbers(0, 253));
    }

    /// Publishes and pages in any order. Shown to fail when a subscription takes part in publishes
    /// while it replays (out of order, and double).
    @Test
    void losesAndDoublesNothingWhateverHappensBetween() {
        SplittableRandom random = new SplittableRandom(7);
        publish(500);
        subscribe("late.fifo", Map.of("ReplayPolicy", FROM_START));

        for (int i = 0; i < 60; i++) {
            if (random.nextInt(3) == 0) {
                turn();
            } else {
                publish(random.nextInt(10));
            }
        }
        for (int i = 0; i < 10; i++) {
            turn();
        }

        assertThat(fixture.bodies("late.fifo")).isEqualTo(numbers(0, published));
    }

    @Test
    void aPageIsBoundedByItsBytes() {
        String large = "x".repeat(200_000);
        for (int i = 0; i < 25; i++) {
            fixture.call(
                    SnsApi.PUBLISH,
                    PublishInput.builder()
                            .topicArn(topic)
                            .message(large)
                            .messageGroupId("g")
                            .messageDeduplicationId("id-" + i)
                            .build());
        }
        String arn = subscribe("late.fifo", Map.of("ReplayPolicy", FROM_START));

        turn();
        assertThat(fixture.messages("late.fifo")).hasSizeBetween(10, 12);
        turn();
        turn();

        assertThat(fixture.messages("late.fifo")).hasSize(25);
        assertThat(status(arn)).isEqualTo("Completed");
    }

    @Test
    void aReplayWaitsForTheConfirmation() {
        publish(2);
        fixture.call(
                SnsFixture.CALLER,
                SnsApi.SUBSCRIBE,
                SubscribeInput.builder()
                        .topicArn(topic)
                        .protocol("sqs")
                        .endpoint("arn:aws:sqs:us-east-1:111111111111:theirs.fifo")
                        .attributes(
                                Map.of("ReplayPolicy", FROM_START, "RawMessageDelivery", "true"))
                        .build());
        assertThat(replays(fixture).turn()).isFalse();
        String asked = fixture.bodies("theirs.fifo").getFirst();

        fixture.call(
                SnsFixture.STRANGER,
                SnsApi.CONFIRM_SUBSCRIPTION,
                ConfirmSubscriptionInput.builder()
                        .topicArn(topic)
                        .token(new JsonMapper().readTree(asked).path("Token").asString())
                        .build());
        assertThat(replays(fixture).turn()).isTrue();

        assertThat(fixture.bodies("theirs.fifo").subList(1, 3)).containsExactly("0", "1");
    }

    @Test
    void anEndingPointPausesTheSubscription() {
        publish(2);
        fixture.clock.advance(Duration.ofMinutes(1));
        publish(2);
        fixture.clock.advance(Duration.ofMinutes(1));

        String arn = subscribe("late.fifo", Map.of("ReplayPolicy", between(0, 60)));
        turn();
        assertThat(status(arn)).isEqualTo("Completed");
        publish(1);
        assertThat(fixture.bodies("late.fifo")).containsExactly("0", "1");

        set(arn, from(60));
        turn();
        publish(1);

        assertThat(fixture.bodies("late.fifo")).isEqualTo(numbers(0, 6));
    }

    @Test
    void theFilterPolicyApplies() {
        publish(4);

        subscribe(
                "late.fifo",
                Map.of(
                        "ReplayPolicy",
                        FROM_START,
                        "FilterPolicyScope",
                        "MessageBody",
                        "FilterPolicy",
                        "{\"never\":[\"there\"]}"));
        turn();

        assertThat(fixture.bodies("late.fifo")).isEmpty();
    }

    @Test
    void removingThePolicyEndsTheReplay() {
        publish(150);
        String arn = subscribe("late.fifo", Map.of("ReplayPolicy", FROM_START));
        turn();

        set(arn, "{}");
        turn();
        publish(1);

        assertThat(fixture.bodies("late.fifo")).hasSize(101).endsWith("150");
        assertThat(attributes(arn)).doesNotContainKeys("ReplayPolicy", "ReplayStatus");
    }

    @Test
    void aNewPolicyReplacesTheOldOne() {
        publish(150);
        String arn = subscribe("late.fifo", Map.of("ReplayPolicy", FROM_START));
        turn();

        set(arn, FROM_START);
        turn();
        turn();

        assertThat(fixture.bodies("late.fifo")).hasSize(250).endsWith("149");
    }

    @Test
    void anArchiveThatGoesAwayMakesItFail() {
        publish(150);
        String arn = subscribe("late.fifo", Map.of("ReplayPolicy", FROM_START));
        fixture.call(
                SnsApi.SET_TOPIC_ATTRIBUTES,
                SetTopicAttributesInput.builder()
                        .topicArn(topic)
                        .attributeName("ArchivePolicy")
                        .attributeValue("{}")
                        .build());

        turn();
        publish(1);

        assertThat(status(arn)).isEqualTo("Failed");
        assertThat(fixture.bodies("late.fifo")).containsExactly("150");
    }

    @Test
    void aSubscriptionThatGoesAwayEndsIt() {
        publish(1);
        String arn = subscribe("late.fifo", Map.of("ReplayPolicy", FROM_START));
        fixture.call(SnsApi.UNSUBSCRIBE, UnsubscribeInput.builder().subscriptionArn(arn).build());

        assertThat(replays(fixture).turn()).isFalse();
        assertThat(fixture.bodies("late.fifo")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{|Unable to parse JSON",
                "{\"PointType\":\"Timestamp\"}|JSON is missing required fields",
                "{\"PointType\":\"Sequence\",\"StartingPoint\":\"1\"}|Invalid PointType",
                "{\"PointType\":\"Timestamp\",\"StartingPoint\":\"yesterday\"}|"
                        + "Invalid StartingPoint value",
                "{\"PointType\":\"Timestamp\",\"StartingPoint\":\"2026-01-01T00:00:00Z\"}|"
                        + "Invalid StartingPoint value",
                "{\"PointType\":\"Timestamp\",\"StartingPoint\":\"2027-01-01T00:00:00Z\"}|"
                        + "Invalid StartingPoint value",
                "{\"PointType\":\"Timestamp\",\"StartingPoint\":\"2026-01-02T03:04:05.678Z\","
                        + "\"EndingPoint\":\"2026-01-02T03:04:05.678Z\"}|Invalid EndingPoint value",
                "{\"PointType\":\"Timestamp\",\"StartingPoint\":\"2026-01-02T03:04:05.678Z\","
                        + "\"EndingPoint\":\"2027-01-01T00:00:00Z\"}|Invalid EndingPoint value"
            })
    void refusesAPolicyThatIsNotValid(String policy, String why) {
        String arn = subscribe("late.fifo", Map.of());

        assertThat(
                        fixture.refusal(SnsApi.SET_SUBSCRIPTION_ATTRIBUTES, setting(arn, policy))
                                .message())
                .isEqualTo("Invalid parameter: ReplayPolicy: " + why);
        assertThat(attributes(arn)).doesNotContainKeys("ReplayPolicy", "ReplayStatus");
    }

    @Test
    void refusesWhereThereIsNoArchive() {
        String bare = fixture.topic("bare.fifo", Map.of("FifoTopic", "true"));
        String ofBare = fixture.subscribeQueue(bare, "q.fifo", Map.of());
        String standard = fixture.subscribeQueue(fixture.topic("standard"), "q", Map.of());

        assertThat(
                        fixture.refusal(
                                        SnsApi.SET_SUBSCRIPTION_ATTRIBUTES,
                                        setting(ofBare, FROM_START))
                                .message())
                .isEqualTo("Invalid parameter: ReplayPolicy: Topic does not have an ArchivePolicy");
        assertThat(
                        fixture.refusal(
                                        SnsApi.SET_SUBSCRIPTION_ATTRIBUTES,
                                        setting(standard, FROM_START))
                                .message())
                .isEqualTo("Invalid parameter: AttributeName");
    }

    @Test
    void whatCannotBeReadDoesNotHoldUpTheReplaysOfOthers() {
        publish(3);
        subscribe("one.fifo", Map.of("ReplayPolicy", FROM_START));
        subscribe("two.fifo", Map.of("ReplayPolicy", FROM_START));
        byte[] key = Unreadable.first(fixture.store, SnsKeys.replays());

        turn();

        int served = fixture.messages("one.fifo").size() + fixture.messages("two.fifo").size();
        assertThat(served).isEqualTo(3);
        assertThat(Unreadable.setAside(fixture.store)).containsExactly(key);
    }

    @Test
    void aReplayThatIsAskedForAnewRunsThoughTheOneBeforeCouldNotBeRead() {
        publish(3);
        String arn = subscribe("late.fifo", Map.of("ReplayPolicy", FROM_START));
        Unreadable.first(fixture.store, SnsKeys.replays());
        turn();

        set(arn, FROM_START);
        turn();

        assertThat(fixture.bodies("late.fifo")).containsExactly("0", "1", "2");
        assertThat(Unreadable.setAside(fixture.store)).isEmpty();
    }

    static Replays replays(SnsFixture fixture) {
        return new Replays(
                fixture.store,
                fixture.clock,
                new Publisher(
                        fixture.clock,
                        fixture.ids,
                        fixture.targets,
                        fixture.outbox,
                        fixture.notifications,
                        fixture.monitoring));
    }

    private void turn() {
        replays(fixture).turn();
    }

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            fixture.call(
                    SnsApi.PUBLISH,
                    PublishInput.builder()
                            .topicArn(topic)
                            .message(Integer.toString(published))
                            .messageGroupId("group-" + published % 3)
                            .messageDeduplicationId("id-" + published)
                            .build());
            published++;
        }
    }

    private String subscribe(String queue, Map<String, String> attributes) {
        Map<String, String> raw = new HashMap<>(attributes);
        raw.put("RawMessageDelivery", "true");
        return fixture.subscribeQueue(topic, queue, raw);
    }

    private void set(String arn, String policy) {
        fixture.call(SnsApi.SET_SUBSCRIPTION_ATTRIBUTES, setting(arn, policy));
    }

    private static SetSubscriptionAttributesInput setting(String arn, String policy) {
        return SetSubscriptionAttributesInput.builder()
                .subscriptionArn(arn)
                .attributeName("ReplayPolicy")
                .attributeValue(policy)
                .build();
    }

    private static String from(int seconds) {
        return "{\"PointType\":\"Timestamp\",\"StartingPoint\":\"" + time(seconds) + "\"}";
    }

    private static String between(int fromSeconds, int untilSeconds) {
        return "{\"PointType\":\"Timestamp\",\"StartingPoint\":\""
                + time(fromSeconds)
                + "\",\"EndingPoint\":\""
                + time(untilSeconds)
                + "\"}";
    }

    private static String time(int seconds) {
        return new SnsFixture.ManualClock().instant().plusSeconds(seconds).toString();
    }

    private String status(String arn) {
        return String.valueOf(attributes(arn).get("ReplayStatus"));
    }

    private Map<String, String> attributes(String arn) {
        return Objects.requireNonNull(
                fixture.call(
                                SnsApi.GET_SUBSCRIPTION_ATTRIBUTES,
                                GetSubscriptionAttributesInput.builder()
                                        .subscriptionArn(arn)
                                        .build())
                        .attributes());
    }

    private static List<String> numbers(int from, int to) {
        List<String> numbers = new ArrayList<>();
        for (int i = from; i < to; i++) {
            numbers.add(Integer.toString(i));
        }
        return numbers;
    }
}
