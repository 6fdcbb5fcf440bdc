package io.millrace.service.sns;

import io.millrace.api.sns.SubscribeInput;
import io.millrace.api.sns.SubscribeResponse;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;

/// `Subscribe`: adds an endpoint to a topic, or finds the subscription that it has.
///
/// A queue of the caller's account a telephone and a device are confirmed at once; an HTTP
/// endpoint, a mail address, and another account's queue are sent a confirmation first. Source:
/// [API reference](https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html).
final class Subscribe implements Operation<SubscribeInput, SubscribeResponse> {
    private static final String CONFIRMATION = "SubscriptionConfirmation";
    private static final String PENDING = "pending confirmation";
    private static final Set<String> PROTOCOLS =
            Set.of(
                    "sqs",
                    "http",
                    "https",
                    MailNotifications.EMAIL,
                    MailNotifications.EMAIL_JSON,
                    SmsNotifications.PROTOCOL,
                    PushNotifications.PROTOCOL,
                    ServiceEndpoints.LAMBDA,
                    ServiceEndpoints.FIREHOSE);

    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final Confirmations confirmations;

    Subscribe(Store store, InstantSource clock, Ids ids, Confirmations confirmations) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.confirmations = confirmations;
    }

    @Override
    public SubscribeResponse handle(Caller caller, SubscribeInput request) {
        Arn arn = Topics.parse(caller, "TopicArn", request.topicArn());
        String protocol = request.protocol();
        String endpoint = request.endpoint() == null ? "" : request.endpoint();
        boolean isConfirmed = checkEndpoint(caller, arn, protocol, endpoint);
        Permission permission = Permission.toSubscribe(caller, protocol, endpoint);
        String subscriptionArn = arn + ":" + ids.uuid();
        Confirmations.@Nullable Prepared ask =
                isConfirmed ? null : prepare(permission, arn, subscriptionArn);
        Subscription subscription =
                store.write(tx -> {
                    Topic topic = Topics.require(tx, permission, arn);
                    Map<String, String> attributes =
                            SubscriptionAttributes.ofSubscribe(
                                            topic, caller.accountId(), protocol, endpoint)
                                    .setAll(
                                            request.attributes() == null
                                                    ? Map.of()
                                                    : request.attributes());
                    ServiceEndpoints.checkAttributes(protocol, attributes);
                    Subscription wanted =
                            new Subscription(
                                    subscriptionArn,
                                    topic.number(),
                                    protocol,
                                    endpoint,
                                    caller.accountId(),
                                    caller.principalArn(),
                                    isConfirmed,
                                    isConfirmed,
                                    false,
                                    attributes);
                    return subscribe(tx, topic, wanted, ask);
                });
        boolean tellArn =
                subscription.confirmed() || Boolean.TRUE.equals(request.returnSubscriptionArn());
        return SubscribeResponse.builder()
                .subscriptionArn(tellArn ? subscription.arn() : PENDING)
                .build();
    }

    private Subscription subscribe(
            Transaction tx,
            Topic topic,
            Subscription wanted,
            Confirmations.@Nullable Prepared ask) {
        if (wanted.protocol().equals(PushNotifications.PROTOCOL)) {
            PushNotifications.checkDevice(tx, wanted.endpoint());
        }
        Subscription existing = Subscriptions.find(tx, topic, wanted.protocol(), wanted.endpoint());
        Subscription subscription = existing == null ? wanted : existing;
        if (existing == null) {
            if (topic.isFifo()
                    && Subscriptions.page(
                                            tx,
                                            topic.number(),
                                            "",
                                            SnsLimits.FIFO_TOPIC_SUBSCRIPTIONS)
                                    .size()
                            == SnsLimits.FIFO_TOPIC_SUBSCRIPTIONS) {
                throw SnsErrors.subscriptionLimitExceeded();
            }
            subscription =
                    Replays.follow(
                            tx,
                            wanted,
                            clock.millis(),
                            fault -> SnsErrors.invalidParameter("Attributes", fault));
            Subscriptions.create(tx, subscription);
        } else {
            checkSame(existing, wanted.attributes());
        }
        if (!subscription.confirmed() && ask != null) {
            confirmations.send(tx, CONFIRMATION, ask, topic, subscription, null);
        }
        return subscription;
    }

    /// The message names the subscription nowhere, so that it serves an existing one as well.
    private Confirmations.Prepared prepare(Permission permission, Arn arn, String subscriptionArn) {
        Topic topic = store.read(snapshot -> Topics.require(snapshot, permission, arn));
        return confirmations.prepare(
                CONFIRMATION,
                subscriptionArn,
                permission.caller().endpoint(),
                topic.signatureVersion());
    }

    private static void checkSame(Subscription existing, Map<String, String> attributes) {
        attributes.forEach((name, value) -> {
            String had = existing.attributes().get(name);
            boolean isDefault =
                    switch (name) {
                        case SubscriptionAttributes.RAW_MESSAGE_DELIVERY -> value.equals("false");
                        case SubscriptionAttributes.FILTER_POLICY_SCOPE ->
                                value.equals("MessageAttributes");
                        default -> false;
                    };
            if (had == null ? !isDefault : !had.equals(value)) {
                throw SnsErrors.invalidParameter(
                        "Attributes", "Subscription already exists with different attributes");
            }
        });
    }

    /// Refuses what AWS refuses; tells whether the endpoint needs no confirmation.
    private static boolean checkEndpoint(
            Caller caller, Arn topic, String protocol, String endpoint) {
        if (!PROTOCOLS.contains(protocol)) {
            throw SnsErrors.invalidParameter(
                    "Amazon SNS does not support this protocol string: " + protocol);
        }
        boolean isFifo = topic.resource().endsWith(".fifo");
        if (!protocol.equals("sqs")) {
            if (isFifo) {
                throw SnsErrors.invalidParameter(
                        "Invalid parameter: Endpoint Reason: Please use FIFO SQS queue");
            }
            if (protocol.equals(PushNotifications.PROTOCOL)) {
                PushNotifications.checkEndpoint(endpoint);
                return true;
            }
            if (protocol.equals(SmsNotifications.PROTOCOL)) {
                PhoneNumbers.checkSubscription(endpoint);
                return true;
            }
            if (ServiceEndpoints.has(protocol)) {
                return ServiceEndpoints.check(caller, protocol, endpoint);
            }
            if (protocol.startsWith("http")) {
                checkUrl(protocol, endpoint);
            } else {
                MailNotifications.checkAddress(endpoint);
            }
            return false;
        }
        Arn queue = Arn.parse(endpoint).orElse(null);
        if (queue == null
                || !queue.service().equals("sqs")
                || queue.accountId().isEmpty()
                || queue.region().isEmpty()) {
            throw SnsErrors.invalidParameter("SQS endpoint ARN");
        }
        if (queue.resource().endsWith(".fifo") && !isFifo) {
            throw SnsErrors.invalidParameter(
                    "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to"
                            + " standard SNS topics");
        }
        return queue.accountId().equals(caller.accountId());
    }

    private static void checkUrl(String protocol, String endpoint) {
        if (!endpoint.startsWith(protocol + "://")) {
            throw SnsErrors.invalidParameter("Endpoint must match the specified protocol");
        }
        try {
            if (new URI(endpoint).getHost() != null) {
                return;
            }
        } catch (URISyntaxException _) { // refused below
        }
        throw SnsErrors.invalidParameter("Endpoint");
    }
}
