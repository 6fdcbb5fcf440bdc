package io.millrace.service.sns;

import io.millrace.api.Unit;
import io.millrace.api.sns.UnsubscribeInput;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

/// `Unsubscribe`: ends a subscription, also as a link without credentials; succeeds when there is
/// none. An HTTP endpoint is told, and a queue or a mail address when someone else than the
/// subscription's owner asks, with a link that restores it.
///
/// Source: [API reference](https://docs.aws.amazon.com/sns/latest/api/API_Unsubscribe.html).
final class Unsubscribe implements Operation<UnsubscribeInput, Unit> {
    private static final String CONFIRMATION = "UnsubscribeConfirmation";
    private static final int ARN_ELEMENTS = 7;

    private final Store store;
    private final Confirmations confirmations;

    Unsubscribe(Store store, Confirmations confirmations) {
        this.store = store;
        this.confirmations = confirmations;
    }

    @Override
    public Unit handle(Caller caller, UnsubscribeInput request) {
        String arn = request.subscriptionArn();
        if (arn.isEmpty()) {
            throw SnsErrors.invalidParameter("SubscriptionArn", "no value for required parameter");
        }
        checkArn(arn);
        Confirmations.@Nullable Prepared tell =
                store.<Boolean>read(snapshot -> isTold(caller, Subscriptions.find(snapshot, arn)))
                        ? confirmations.prepare(CONFIRMATION, arn, caller.endpoint(), version(arn))
                        : null;
        store.<@Nullable Void>write(tx -> {
            Subscription subscription = Subscriptions.find(tx, arn);
            if (subscription == null) {
                return null;
            }
            Arn topicArn = Arn.parse(subscription.topicArn()).orElseThrow();
            Topic topic = Topics.find(tx, topicArn);
            if (topic == null) {
                return null;
            }
            checkAllowed(caller, topic, subscription);
            Subscriptions.delete(tx, subscription);
            if (tell != null && subscription.confirmed()) {
                confirmations.send(tx, CONFIRMATION, tell, topic, subscription, subscription);
            }
            return null;
        });
        return Unit.UNIT;
    }

    private static boolean isTold(Caller caller, @Nullable Subscription subscription) {
        return subscription != null
                && (subscription.isHttp()
                        || (subscription.isMail() && caller.isAnonymous())
                        || ((subscription.protocol().equals("sqs") || subscription.isMail())
                                && !caller.accountId().equals(subscription.owner())));
    }

    private String version(String subscriptionArn) {
        Arn topicArn = Arn.parse(Subscription.topicArn(subscriptionArn)).orElseThrow();
        Topic topic = store.<@Nullable Topic>read(snapshot -> Topics.find(snapshot, topicArn));
        return topic == null ? "1" : topic.signatureVersion();
    }

    static void checkArn(String arn) {
        int elementCount = arn.split(":", -1).length;
        if (elementCount < ARN_ELEMENTS - 1) {
            throw SnsErrors.malformedArn("SubscriptionArn", arn);
        }
        if (elementCount != ARN_ELEMENTS
                || Arn.parse(arn).filter(parsed -> parsed.service().equals("sns")).isEmpty()) {
            throw SnsErrors.invalidParameter("SubscriptionId");
        }
    }

    private static void checkAllowed(Caller caller, Topic topic, Subscription subscription) {
        boolean allowed =
                caller.isAnonymous()
                        ? !subscription.unsubscribeAuthenticated()
                        : caller.accountId().equals(subscription.owner())
                                || caller.accountId().equals(topic.accountId());
        if (!allowed) {
            throw SnsErrors.notAuthorized(caller.principalArn(), "Unsubscribe", subscription.arn());
        }
    }
}
