package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.api.sns.DeleteTopicInput;
import io.millrace.api.sns.MessageAttributeValue;
import io.millrace.api.sns.PublishInput;
import io.millrace.api.sns.SetSubscriptionAttributesInput;
import io.millrace.api.sns.SnsApi;
import io.millrace.api.sns.UnsubscribeInput;
import io.millrace.delivery.Message;
import io.millrace.delivery.StoreTarget;
import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.pattern.Arn;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Who receives a publication, with policies that change between publications.
final class RecipientsTest {
    private static final String RAW = "RawMessageDelivery";
    private static final String FOR_C7 = "{\"customer\":[\"c7\"]}";

    private final SnsFixture fixture = new SnsFixture();
    private final String topic = fixture.topic("orders");

    /// Another server on the same store, with a cache of its own.
    private final Sns other = fixture.sns(new SnsOptions(SnsFixture.ENDPOINT, false));

    private final FanOut fanOut =
            new FanOut(
                    fixture.store,
                    new Publisher(
                            fixture.clock,
                            fixture.ids,
                            fixture.targets,
                            fixture.outbox,
                            fixture.notifications,
                            fixture.monitoring));

    @Test
    void subscriptionsFromBeforeThereWereListsReceive() {
        for (int i = 0; i < 250; i++) {
            if (i % 2 == 0) {
                fixture.subscribeQueue(topic, "queue-" + i, Map.of(RAW, "true"));
            } else {
                subscribe("queue-" + i, FOR_C7);
            }
        }
        fixture.store.write(tx -> {
            for (int prefix : new int[] {0x4a, 0x68, 0x6d, 0x6e, 0x6f}) {
                byte[] from = {(byte) prefix};
                tx.deleteRange(from, Bytes.prefixEnd(from));
            }
            return true;
        });

        fixture.sns(new SnsOptions(SnsFixture.ENDPOINT, false));
        publish("hello", "c7");
        fanOut.turn();
        fanOut.turn();

        for (int i = 0; i < 250; i++) {
            assertThat(fixture.messages("queue-" + i)).hasSize(1);
        }
    }

    @Test
    void theFewOfManyThatMatchAreServedInThePublishItself() {
        for (int i = 0; i < 2000; i++) {
            subscribe("queue-" + i, "{\"customer\":[\"c" + i % 200 + "\"]}");
        }

        publish("hello", "c7");

        for (int i = 0; i < 2000; i++) {
            assertThat(fixture.messages("queue-" + i)).hasSize(i % 200 == 7 ? 1 : 0);
        }
        assertThat(fanOut.turn()).isFalse();
    }

    @Test
    void everyRecipientBehindTheFirstPageIsServedOnce() {
        for (int i = 0; i < 150; i++) {
            fixture.subscribeQueue(topic, "open-" + i, Map.of(RAW, "true"));
        }
        for (int i = 0; i < 250; i++) {
            subscribe("filtered-" + i, "{\"customer\":[\"c7\"],\"n\":[{\"exists\":false}]}");
            subscribe("unfit-" + i, "{\"customer\":[\"c8\"]}");
        }

        publish("hello", "c7");
        assertThat(count("open-", 150)).isEqualTo(100);
        while (fanOut.turn()) { // ends when all are served
            assertThat(count("open-", 150)).isEqualTo(150);
        }

        for (int i = 0; i < 250; i++) {
            assertThat(fixture.messages("filtered-" + i)).hasSize(1);
            assertThat(fixture.messages("unfit-" + i)).isEmpty();
        }
        assertThat(count("open-", 150)).isEqualTo(150);
    }

    @Test
    void aPolicyThatChangesBetweenTwoPagesHolds() {
        Map<String, String> arns = new TreeMap<>(); // in the order in which they are served
        for (int i = 0; i < 150; i++) {
            arns.put(subscribe("queue-" + i, "{\"customer\":[\"c7\"]}"), "queue-" + i);
        }
        publish("hello", "c7");
        String last = Objects.requireNonNull(new TreeMap<>(arns).lastKey());

        set(last, "FilterPolicy", "{\"customer\":[\"c8\"]}");
        while (fanOut.turn()) { // ends when all are served
            assertThat(arns).hasSize(150);
        }

        assertThat(count("queue-", 150)).isEqualTo(149);
        assertThat(fixture.messages(Objects.requireNonNull(arns.get(last)))).isEmpty();
    }

    /// Another server has no index yet: it reads the policies page by page before its transaction,
    /// and what changes between two pages counts. Fails when an index that is built leaves those
    /// changes out (tried).
    @Test
    void policiesThatChangeWhileTheyAreReadForTheFirstTimeHold() {
        Map<String, String> arns = new TreeMap<>(); // in the order in which they are read
        for (int i = 0; i < 2500; i++) {
            arns.put(
                    subscribe("queue-" + i, "{\"customer\":[\"c" + i % 200 + "\"]}"), "queue-" + i);
        }
        Recipients recipients = new Recipients();
        Topic stored =
                Objects.requireNonNull(
                        fixture.store.<@Nullable Topic>read(
                                snapshot -> Topics.find(snapshot, Arn.parse(topic).orElseThrow())));
        Publication publication = publication("c201");
        Recipients.IndexMissingException missing =
                catchThrowableOfType(
                        Recipients.IndexMissingException.class,
                        () -> page(recipients, stored, publication));

        assertThat(recipients.prepare(fixture.store, missing)).isFalse();
        String first = Objects.requireNonNull(new TreeMap<>(arns).firstKey());
        set(first, "FilterPolicy", "{\"customer\":[\"c201\"]}"); // has been read
        assertThat(recipients.prepare(fixture.store, missing)).isFalse();
        String last = Objects.requireNonNull(new TreeMap<>(arns).lastKey());
        set(last, "FilterPolicy", "{\"customer\":[\"c201\"]}"); // is still to be read
        assertThat(recipients.prepare(fixture.store, missing)).isTrue();

        assertThat(page(recipients, stored, publication).subscriptions())
                .extracting(Subscription::arn)
                .containsExactly(first, last);
    }

    @Test
    void aTopicWithManyPoliciesIsPublishedToByAServerThatHasNotReadThem() {
        for (int i = 0; i < 1500; i++) {
            subscribe("queue-" + i, "{\"customer\":[\"c" + i % 200 + "\"]}");
        }

        publish(other, "hello", "c7");

        assertThat(count("queue-", 1500)).isEqualTo(8);
    }

    @Test
    void anotherServicesTransactionReadsManyPoliciesItself() {
        for (int i = 0; i < 1500; i++) {
            subscribe("queue-" + i, i < 3 ? "{}" : FOR_C7);
        }

        StoreTarget.Outcome outcome =
                fixture.store.write(tx ->
                        other.target()
                                .deliver(
                                        tx,
                                        Arn.parse(topic).orElseThrow(),
                                        Message.of("hello", "events")));

        assertThat(outcome).isInstanceOf(StoreTarget.Outcome.Delivered.class);
        assertThat(count("queue-", 1500)).isEqualTo(3);
    }

    private Recipients.Page page(Recipients recipients, Topic topic, Publication publication) {
        return fixture.store.read(snapshot ->
                recipients.page(snapshot, topic, publication, Recipients.Position.START, 100));
    }

    private Publication publication(String customer) {
        return new Publication(
                fixture.ids.uuid(),
                fixture.clock.millis(),
                Map.of(Publication.DEFAULT, "hello"),
                null,
                Map.of("customer", new Message.Attribute("String", customer, null)),
                null,
                null,
                null,
                SnsFixture.ENDPOINT,
                false);
    }

    /// Against what the policies say, over both scopes and two servers. Fails when
    /// [Recipients#changed] does not note a change (tried with the one of a changed scope, and with
    /// that for [OpenRecipients]).
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void changesTakeEffectInTheNextPublishOnEitherServer(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, String> arns = new HashMap<>();
        Map<String, String> wanted = new HashMap<>();
        Map<String, Integer> expected = new HashMap<>();
        for (int round = 0; round < 100; round++) {
            String queue = "queue-" + random.nextInt(12);
            change(random, queue, arns, wanted);
            String customer = "c" + random.nextInt(3);
            String body = "{\"customer\":\"c" + random.nextInt(3) + "\"}";
            publish(random.nextBoolean() ? fixture.sns : other, body, customer);
            wanted.forEach((each, want) -> {
                if (want.equals("all")
                        || want.equals("attribute " + customer)
                        || (want.startsWith("body ")
                                && body.contains('"' + want.substring(5) + '"'))) {
                    expected.merge(each, 1, Integer::sum);
                }
            });
            expected.forEach((each, count) ->
                    assertThat(fixture.messages(each)).describedAs(each).hasSize(count));
        }
    }

    private void change(
            SplittableRandom random,
            String queue,
            Map<String, String> arns,
            Map<String, String> wanted) {
        String arn = arns.get(queue);
        if (arn == null) {
            arns.put(queue, fixture.subscribeQueue(topic, queue, Map.of(RAW, "true")));
            wanted.put(queue, "all");
            return;
        }
        String customer = "c" + random.nextInt(3);
        String policy = "{\"customer\":[\"" + customer + "\"]}";
        switch (random.nextInt(5)) {
            case 0 -> {
                fixture.call(SnsApi.UNSUBSCRIBE, new UnsubscribeInput(arn));
                arns.remove(queue);
                wanted.remove(queue);
            }
            case 1 -> {
                set(arn, "FilterPolicy", "");
                wanted.put(queue, "all");
            }
            case 2 -> {
                set(arn, "FilterPolicyScope", "MessageBody");
                set(arn, "FilterPolicy", policy);
                wanted.put(queue, "body " + customer);
            }
            case 3 -> {
                set(arn, "FilterPolicy", policy);
                set(arn, "FilterPolicyScope", "MessageAttributes");
                wanted.put(queue, "attribute " + customer);
            }
            default -> set(arn, RAW, "true");
        }
    }

    @Test
    void bodiesAreMatchedAsTheSubscriptionsProtocolGetsThem() {
        subscribe("queue", "{\"a\":[1]}", "MessageBody");
        fixture.call(
                SnsApi.PUBLISH,
                PublishInput.builder()
                        .topicArn(topic)
                        .messageStructure("json")
                        .message("{\"default\":\"{\\\"a\\\":2}\",\"sqs\":\"{\\\"a\\\":1}\"}")
                        .build());

        assertThat(fixture.bodies("queue")).containsExactly("{\"a\":1}");
    }

    @Test
    void anEmptyPolicyLetsEverythingThrough() {
        subscribe("queue", "{}");

        fixture.publish(topic, "hello");

        assertThat(fixture.bodies("queue")).containsExactly("hello");
    }

    @Test
    void aSubscriptionThatIsNotConfirmedIsNoRecipient() {
        fixture.subscribe(
                topic,
                "http",
                "http://example.com/hook",
                Map.of("FilterPolicy", "{\"customer\":[\"c7\"]}"));
        fixture.subscribe(topic, "http", "http://example.com/open", Map.of());
        int owed = fixture.owed().size();

        publish("hello", "c7");

        assertThat(fixture.owed()).hasSize(owed);
    }

    @Test
    void aDeletedTopicLeavesNothing() {
        for (int i = 0; i < 120; i++) {
            subscribe("queue-" + i, "{\"customer\":[\"c" + i + "\"]}");
            fixture.subscribeQueue(topic, "open-" + i, Map.of());
        }
        fixture.call(SnsApi.DELETE_TOPIC, new DeleteTopicInput(topic));

        for (byte prefix : new byte[] {0x68, 0x6d, 0x6e}) {
            byte[] key = {prefix};
            assertThat(
                            fixture.store.<Boolean>read(snapshot -> {
                                try (Cursor cursor = snapshot.prefix(key)) {
                                    return cursor.next();
                                }
                            }))
                    .isFalse();
        }
    }

    private int count(String queues, int queueCount) {
        int count = 0;
        for (int i = 0; i < queueCount; i++) {
            count += fixture.messages(queues + i).size();
        }
        return count;
    }

    private String subscribe(String queue, String policy) {
        return subscribe(queue, policy, null);
    }

    private String subscribe(String queue, String policy, @Nullable String scope) {
        Map<String, String> attributes = new HashMap<>(Map.of(RAW, "true", "FilterPolicy", policy));
        if (scope != null) {
            attributes.put("FilterPolicyScope", scope);
        }
        return fixture.subscribeQueue(topic, queue, attributes);
    }

    private void set(String subscription, String name, String value) {
        fixture.call(
                SnsApi.SET_SUBSCRIPTION_ATTRIBUTES,
                new SetSubscriptionAttributesInput(subscription, name, value));
    }

    private void publish(String message, String customer) {
        publish(fixture.sns, message, customer);
    }

    private void publish(Sns server, String message, String customer) {
        Objects.requireNonNull(server.service().operation(SnsApi.PUBLISH))
                .handle(
                        SnsFixture.CALLER,
                        PublishInput.builder()
                                .topicArn(topic)
                                .message(message)
                                .messageAttributes(
                                        Map.of(
                                                "customer",
                                                MessageAttributeValue.builder()
                                                        .dataType("String")
                                                        .stringValue(customer)
                                                        .build()))
                                .build());
    }
}
