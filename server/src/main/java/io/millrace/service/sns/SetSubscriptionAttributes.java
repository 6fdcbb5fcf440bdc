package io.millrace.service.sns;

import io.millrace.api.Unit;
import io.millrace.api.sns.SetSubscriptionAttributesInput;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;

/// `SetSubscriptionAttributes`: sets one attribute of the caller's own subscription; an empty value
/// removes it. Effective for the next publish.
///
/// Source: [API
/// reference](https://docs.aws.amazon.com/sns/latest/api/API_SetSubscriptionAttributes.html).
final class SetSubscriptionAttributes implements Operation<SetSubscriptionAttributesInput, Unit> {
    private final Store store;
    private final InstantSource clock;

    SetSubscriptionAttributes(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public Unit handle(Caller caller, SetSubscriptionAttributesInput request) {
        String arn = request.subscriptionArn();
        Unsubscribe.checkArn(arn);
        store.<@Nullable Void>write(tx -> {
            Subscription subscription = Subscriptions.require(tx, arn);
            if (!caller.accountId().equals(subscription.owner())) {
                throw SnsErrors.notAuthorized(
                        caller.principalArn(), "SetSubscriptionAttributes", arn);
            }
            Subscription changed =
                    subscription.withAttributes(
                            SubscriptionAttributes.ofSet(subscription)
                                    .set(
                                            subscription.attributes(),
                                            request.attributeName(),
                                            request.attributeValue()));
            if (request.attributeName().equals(SubscriptionAttributes.REPLAY_POLICY)) {
                changed = Replays.follow(tx, changed, clock.millis(), SnsErrors::invalidParameter);
            }
            Subscriptions.put(tx, changed);
            return null;
        });
        return Unit.UNIT;
    }
}
