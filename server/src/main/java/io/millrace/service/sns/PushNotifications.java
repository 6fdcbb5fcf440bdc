package io.millrace.service.sns;

import io.millrace.delivery.Job;
import io.millrace.delivery.Message;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.notification.Provider;
import io.millrace.notification.Provider.Answer;
import io.millrace.notification.PushMessage;
import io.millrace.pattern.Arn;
import io.millrace.service.sns.EndpointEvents.Event;
import io.millrace.service.sns.EndpointEvents.Kind;
import io.millrace.service.sns.Platforms.Application;
import io.millrace.service.sns.Platforms.Endpoint;
import io.millrace.storage.ResourceCodec;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashMap;
import java.util.Map;

/// Mobile push: to subscriptions of protocol `application`, and to endpoints. The endpoint's token
/// counts as it is when the message leaves; an endpoint whose device is gone is disabled. Source:
/// [developer
/// guide](https://docs.aws.amazon.com/sns/latest/dg/sns-mobile-application-as-subscriber.html).
final class PushNotifications implements NotificationJobs {
    static final String KIND = "sns.push";
    static final String PROTOCOL = "application";

    private static final String TOPIC_ARN = "topicArn";
    private static final String MOBILE = "AWS.SNS.MOBILE.";
    private static final JsonMapper JSON = new JsonMapper();
    private static final ResourceCodec<PushMessage> PUSHES = new ResourceCodec<>(PushMessage.class);

    private record Target(@Nullable Endpoint endpoint, @Nullable Application application) {}

    private final Store store;
    private final Provider<PushMessage> provider;
    private final Monitoring monitoring;

    PushNotifications(Store store, Provider<PushMessage> provider, Monitoring monitoring) {
        this.store = store;
        this.provider = provider;
        this.monitoring = monitoring;
    }

    /// Refuses to subscribe what is no endpoint.
    static void checkEndpoint(String endpoint) {
        if (!PlatformArn.isEndpoint(endpoint)) {
            throw SnsErrors.invalidParameter("Application endpoint arn invalid");
        }
    }

    /// Refuses to subscribe an endpoint that is not there; the missing blank is AWS's.
    static void checkDevice(Snapshot snapshot, String endpoint) {
        if (Platforms.findEndpoint(snapshot, PlatformArn.endpoint(endpoint)) == null) {
            throw SnsErrors.invalidParameter(
                    "Endpoint", "Endpoint does not exist for endpoint arn" + endpoint);
        }
    }

    static Job notification(Publication publication, Subscription subscription) {
        PushMessage push =
                push(
                        publication.messageId() + "." + subscription.id(),
                        PlatformArn.endpoint(subscription.endpoint()),
                        publication);
        return new Job(
                KIND,
                subscription.arn(),
                Map.of(MESSAGE_ID, publication.messageId(), TOPIC_ARN, subscription.topicArn()),
                PUSHES.encode(push),
                SnsLimits.CUSTOMER_ENDPOINT_RETRIES,
                SubscriptionAttributes.deadLetterArn(subscription));
    }

    /// A message to one endpoint.
    static Job message(PlatformArn endpoint, Publication publication) {
        return new Job(
                KIND,
                endpoint.toString(),
                Map.of(MESSAGE_ID, publication.messageId()),
                PUSHES.encode(push(publication.messageId(), endpoint, publication)),
                SnsLimits.CUSTOMER_ENDPOINT_RETRIES,
                null);
    }

    @Override
    public Attempt attempt(Job job) throws InterruptedException {
        PushMessage push = PUSHES.decode(job.payload());
        PlatformArn arn = PlatformArn.endpoint(push.endpointArn());
        Target target = target(arn);
        Endpoint endpoint = target.endpoint;
        Application application = target.application;
        if (endpoint == null || application == null) {
            return new Attempt.Failed("EndpointNotFound", "Endpoint does not exist", false);
        }
        if (!application.enabled()) {
            return new Attempt.Failed(
                    "PlatformApplicationDisabled", "Platform application is disabled", false);
        }
        if (!endpoint.enabled()) {
            return new Attempt.Failed("EndpointDisabled", "Endpoint is disabled", false);
        }
        return switch (provider.send(addressed(push, endpoint))) {
            case Answer.Taken _ -> new Attempt.Delivered();
            case Answer.Refused(String code, String why, boolean retryable) -> {
                if (!retryable) {
                    fail(arn, job, code, why, null);
                }
                yield new Attempt.Failed(code, why, retryable);
            }
            case Answer.Gone _ -> {
                String why = "Platform token associated with the endpoint is not valid";
                fail(arn, job, "InvalidPlatformToken", why, endpoint.token());
                yield new Attempt.Failed("InvalidPlatformToken", why, false);
            }
        };
    }

    @Override
    public Message deadLetter(Job job, Attempt.Failed failure) {
        return Message.of(PUSHES.decode(job.payload()).payload(), Dispatch.SENDER_ID)
                .from(job.attributes().getOrDefault(TOPIC_ARN, ""));
    }

    /// Logged for the topic, and for the application, as each of them wants it.
    @Override
    public void ended(Job job, Ending ending) {
        PushMessage push = PUSHES.decode(job.payload());
        String id = job.attributes().getOrDefault(MESSAGE_ID, "");
        String topicArn = job.attributes().get(TOPIC_ARN);
        if (topicArn != null) {
            HttpNotifications.ended(monitoring, job, ending, id, topicArn, push.endpointArn());
        }
        PlatformArn arn = PlatformArn.endpoint(push.endpointArn());
        Target target = target(arn);
        boolean success = ending.last() instanceof Attempt.Delivered;
        if (target.application != null
                && Feedback.of(target.application).wants(success, monitoring.random())) {
            String token = target.endpoint == null ? null : target.endpoint.token();
            long now = monitoring.nowMillis();
            monitoring.ended(
                    Arn.parse(push.applicationArn()).orElseThrow(),
                    success,
                    DirectStatus.of(push, id, token, ending, now));
        }
    }

    @Override
    public String to(Job job) {
        return PUSHES.decode(job.payload()).endpointArn();
    }

    private Target target(PlatformArn endpoint) {
        return store.read(snapshot ->
                new Target(
                        Platforms.findEndpoint(snapshot, endpoint),
                        Platforms.find(snapshot, endpoint.application())));
    }

    /// Tells of a failure for good; with a token that is gone, and is still the endpoint's, also
    /// disables the endpoint.
    private void fail(
            PlatformArn arn, Job job, String type, String why, @Nullable String goneToken) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("FailureType", type);
        details.put("FailureMessage", why);
        details.put("MessageId", job.attributes().getOrDefault(MESSAGE_ID, ""));
        Event failed = new Event(Kind.FAILED, details);
        store.<@Nullable Void>write(tx -> {
            Endpoint endpoint = Platforms.findEndpoint(tx, arn);
            Application application = Platforms.find(tx, arn.application());
            if (endpoint == null || application == null) {
                return null;
            }
            String text = arn.toString();
            EndpointEvents.add(tx, application, failed, text);
            if (endpoint.token().equals(goneToken)) {
                Platforms.put(tx, arn, endpoint.with(Map.of(Platforms.ENABLED, "false")));
                EndpointEvents.add(tx, application, PlatformEndpoints.updated(), text);
            }
            return null;
        });
    }

    private static PushMessage push(String id, PlatformArn endpoint, Publication publication) {
        Map<String, String> attributes = new LinkedHashMap<>();
        publication
                .attributes()
                .forEach((name, attribute) -> {
                    String value = attribute.stringValue();
                    if (name.startsWith(MOBILE) && value != null) {
                        attributes.put(name, value);
                    }
                });
        String own = publication.bodies().get(endpoint.platform());
        return new PushMessage(
                id,
                publication.timestampMillis(),
                endpoint.accountId(),
                endpoint.region(),
                endpoint.toString(),
                endpoint.application().toString(),
                own != null ? own : payload(endpoint.platform(), publication.body(PROTOCOL)),
                attributes);
    }

    /// A plain message as the platform takes it.
    private static String payload(String platform, String message) {
        ObjectNode payload = JSON.createObjectNode();
        if (platform.startsWith("APNS") || platform.startsWith("MACOS")) {
            payload.putObject("aps").put("alert", message);
        } else if (platform.equals("GCM") || platform.equals("ADM")) {
            payload.putObject("data").put("default", message);
        } else {
            return message;
        }
        return JSON.writeValueAsString(payload);
    }

    private static PushMessage addressed(PushMessage push, Endpoint endpoint) {
        Map<String, String> attributes = new LinkedHashMap<>(push.attributes());
        attributes.put(Platforms.TOKEN, endpoint.token());
        attributes.put("Platform", PlatformArn.endpoint(endpoint.arn()).platform());
        String userData = endpoint.attributes().get(Platforms.CUSTOM_USER_DATA);
        if (userData != null) {
            attributes.put(Platforms.CUSTOM_USER_DATA, userData);
        }
        return new PushMessage(
                push.id(),
                push.timeMillis(),
                push.accountId(),
                push.region(),
                push.endpointArn(),
                push.applicationArn(),
                push.payload(),
                attributes);
    }
}
