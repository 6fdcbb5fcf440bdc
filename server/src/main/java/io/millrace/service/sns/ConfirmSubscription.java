package io.millrace.service.sns;

import io.millrace.api.sns.ConfirmSubscriptionInput;
import io.millrace.api.sns.ConfirmSubscriptionResponse;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.InstantSource;
import java.util.regex.Pattern;

/// `ConfirmSubscription`: an endpoint's answer to its confirmation message, also as a link without
/// credentials, unless it asks that only signed requests unsubscribe. After an unsubscription it
/// restores the subscription.
///
/// Source: [API
/// reference](https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html).
final class ConfirmSubscription
        implements Operation<ConfirmSubscriptionInput, ConfirmSubscriptionResponse> {
    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]*+");

    private final Store store;
    private final InstantSource clock;

    ConfirmSubscription(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public ConfirmSubscriptionResponse handle(Caller caller, ConfirmSubscriptionInput request) {
        Arn arn =
                Arn.parse(request.topicArn())
                        .filter(topic -> topic.service().equals("sns"))
                        .orElseThrow(() -> SnsErrors.invalidParameter("Topic"));
        boolean onlyAuthenticated = "true".equalsIgnoreCase(request.authenticateOnUnsubscribe());
        if (onlyAuthenticated && caller.isAnonymous()) {
            throw SnsErrors.notAuthorized(
                    caller.principalArn(), "ConfirmSubscription", arn.toString());
        }
        String subscriptionArn =
                store.write(tx -> {
                    Token token = token(tx, arn, request.token());
                    confirm(tx, token, !caller.isAnonymous(), onlyAuthenticated);
                    return token.subscriptionArn();
                });
        return ConfirmSubscriptionResponse.builder().subscriptionArn(subscriptionArn).build();
    }

    /// Of the topic only the region counts beside a token that is good, as at AWS.
    private Token token(Transaction tx, Arn topic, String text) {
        if (!HEX.matcher(text).matches()) {
            throw SnsErrors.invalid("Invalid token");
        }
        Token token = Token.CODEC.decodeOrNull(tx.get(SnsKeys.token(text)));
        if (token == null || token.expiresMillis() <= clock.millis()) {
            throw SnsErrors.invalidParameter("Token");
        }
        if (!topic(token).region().equals(topic.region())) {
            throw SnsErrors.invalidParameter("Topic");
        }
        return token;
    }

    private static Arn topic(Token token) {
        return Arn.parse(Subscription.topicArn(token.subscriptionArn())).orElseThrow();
    }

    private static void confirm(
            Transaction tx, Token token, boolean authenticated, boolean onlyAuthenticated) {
        Subscription subscription = Subscriptions.find(tx, token.subscriptionArn());
        if (subscription != null) {
            if (!subscription.confirmed()) { // a link may be followed twice
                Subscriptions.confirm(tx, subscription.confirm(authenticated, onlyAuthenticated));
            }
            return;
        }
        Subscription removed = token.removed();
        Topic topic = Topics.find(tx, topic(token));
        if (removed == null
                || topic == null
                || removed.topicNumber() != topic.number()
                || Subscriptions.find(tx, topic, removed.protocol(), removed.endpoint()) != null) {
            throw SnsErrors.invalidParameter("Token");
        }
        Subscriptions.create(tx, removed);
    }
}
