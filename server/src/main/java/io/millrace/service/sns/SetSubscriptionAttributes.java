package io.millrace.service.sns;

import io.millrace.api.Unit;
import io.millrace.api.sns.SetSubscriptionAttributesInput;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

/// `SetSubscriptionAttributes`: sets one attribute of the caller's own subscription; an empty value
/// removes it. Effective for the next publish.
///
/// Source: [API
/// reference](https://docs.aws.amazon.com/sns/latest/api/API_SetSubscriptionAttributes.html).
final class SetSubscriptionAttributes implements Operation<SetSubscriptionAttributesInput, Unit> {
    private final Store store;

    SetSubscriptionAttributes(Store store) {
        this.store = store;
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
            Subscriptions.put(
                    tx,
                    subscription.withAttributes(
                            SubscriptionAttributes.ofSet(subscription)
                                    .set(
                                            subscription.attributes(),
                                            request.attributeName(),
                                            request.attributeValue())));
            return null;
        });
        return Unit.UNIT;
    }
}
