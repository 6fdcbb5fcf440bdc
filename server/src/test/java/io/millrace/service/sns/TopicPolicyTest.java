package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sns.AddPermissionInput;
import io.millrace.api.sns.DeleteTopicInput;
import io.millrace.api.sns.GetTopicAttributesInput;
import io.millrace.api.sns.ListSubscriptionsByTopicInput;
import io.millrace.api.sns.PublishInput;
import io.millrace.api.sns.RemovePermissionInput;
import io.millrace.api.sns.SetSubscriptionAttributesInput;
import io.millrace.api.sns.SetTopicAttributesInput;
import io.millrace.api.sns.SnsApi;
import io.millrace.api.sns.SubscribeInput;
import io.millrace.api.sns.TagResourceRequest;
import io.millrace.api.sns.UnsubscribeInput;
import io.millrace.delivery.Message;
import io.millrace.delivery.StoreTarget.Outcome;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Topics' policies: how they change, and whom they let in.
final class TopicPolicyTest {
    private static final String STRANGER = SnsFixture.STRANGER.accountId();
    private static final String RULE = "arn:aws:events:us-east-1:000000000000:rule/orders";
    private static final String THEIR_RULE = "arn:aws:events:us-east-1:111111111111:rule/orders";

    private final SnsFixture fixture = new SnsFixture();
    private final String topic = fixture.topic("orders");

    @Test
    void otherAccountsMayDoNothing() {
        ServiceException refusal = fixture.refusal(SnsFixture.STRANGER, SnsApi.PUBLISH, message());

        assertThat(refusal.error().code()).isEqualTo("AuthorizationError");
        assertThat(refusal.message())
                .isEqualTo(
                        "User: arn:aws:iam::111111111111:root is not authorized to perform:"
                                + " SNS:Publish on resource: "
                                + topic
                                + " because no resource-based policy allows the SNS:Publish"
                                + " action");
    }

    @Test
    void otherAccountsAreNotToldWhetherThereIsATopic() {
        String absent = topic + "-absent";

        assertThat(
                        fixture.refusal(
                                        SnsFixture.STRANGER,
                                        SnsApi.DELETE_TOPIC,
                                        new DeleteTopicInput(absent))
                                .error()
                                .code())
                .isEqualTo("AuthorizationError");
        assertThat(
                        fixture.refusal(
                                        SnsFixture.STRANGER,
                                        SnsApi.PUBLISH,
                                        PublishInput.builder()
                                                .topicArn(absent)
                                                .message("hello")
                                                .build())
                                .error()
                                .code())
                .isEqualTo("AuthorizationError");
    }

    @Test
    void anAddedPermissionLetsAnAccountDoWhatItNames() {
        allow("publishers", "Publish", "ListSubscriptionsByTopic");

        fixture.call(SnsFixture.STRANGER, SnsApi.PUBLISH, message());
        fixture.call(
                SnsFixture.STRANGER,
                SnsApi.LIST_SUBSCRIPTIONS_BY_TOPIC,
                ListSubscriptionsByTopicInput.builder().topicArn(topic).build());
        assertThat(
                        fixture.refusal(
                                        SnsFixture.STRANGER,
                                        SnsApi.GET_TOPIC_ATTRIBUTES,
                                        new GetTopicAttributesInput(topic))
                                .error()
                                .code())
                .isEqualTo("AuthorizationError");
        assertThat(policy())
                .contains("__default_statement_ID")
                .endsWith(
                        """
                        {"Sid":"publishers","Effect":"Allow",\
                        "Principal":{"AWS":"arn:aws:iam::111111111111:root"},\
                        "Action":["SNS:Publish","SNS:ListSubscriptionsByTopic"],\
                        "Resource":"%s"}]}\
                        """
                                .formatted(topic));
    }

    @Test
    void aRemovedPermissionIsGoneAtOnce() {
        allow("publishers", "Publish");

        fixture.call(SnsApi.REMOVE_PERMISSION, new RemovePermissionInput(topic, "publishers"));
        fixture.call(SnsApi.REMOVE_PERMISSION, new RemovePermissionInput(topic, "unknown"));

        assertThat(fixture.refusal(SnsFixture.STRANGER, SnsApi.PUBLISH, message()).error().code())
                .isEqualTo("AuthorizationError");
        assertThat(policy()).isEqualTo(TopicPolicy.ofNewTopic(arn()));
    }

    @Test
    void refusesALabelThatIsThereAndAnActionThatTopicsDoNotHave() {
        allow("publishers", "Publish");

        assertThat(permissionRefusal("publishers", STRANGER, "Publish"))
                .isEqualTo("Invalid parameter: Statement already exists");
        assertThat(permissionRefusal("others", STRANGER, "SetSubscriptionAttributes"))
                .isEqualTo("Invalid parameter: Policy statement action out of service scope!");
        assertThat(permissionRefusal("others", "someone", "Publish"))
                .isEqualTo("Invalid parameter: Policy Error: PrincipalNotFound");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x | Policy Error: null",
                "[] | Policy Error: null",
                "{'Statement':[]} | Policy Error: null",
                "'' | Policy Error: null",
                "{'Statement':{'Effect':'Allow','Principal':'*','Action':'SNS:*','Resource':'*'}}"
                        + " | Policy statement action out of service scope!",
                "{'Statement':{'Effect':'Allow','Principal':'*','Action':'SNS:ListTopics',"
                        + "'Resource':'*'}} | Policy statement action out of service scope!",
                "{'Statement':{'Effect':'Allow','Principal':'*','Action':'SNS:Publish',"
                        + "'Resource':['a','b']}}"
                        + " | Policy statement must apply to a single resource!",
                "{'Statement':{'Effect':'Allow','Principal':'*','Action':'SNS:Publish',"
                        + "'Resource':'arn:aws:sns:us-east-1:000000000000:other'}}"
                        + " | Policy statement must apply to a single resource!",
                "{'Statement':{'Effect':'Allow','Principal':{'AWS':'nobody'},"
                        + "'Action':'SNS:Publish','Resource':'*'}}"
                        + " | Policy Error: PrincipalNotFound"
            })
    void refusesPoliciesThatAreNotValid(String policy, String message) {
        assertThat(
                        fixture.refusal(
                                        SnsApi.SET_TOPIC_ATTRIBUTES,
                                        new SetTopicAttributesInput(
                                                topic, "Policy", policy.replace('\'', '"')))
                                .message())
                .isEqualTo("Invalid parameter: " + message);
    }

    @Test
    void refusesWhatItCouldNotEvaluate() {
        ServiceException refusal =
                fixture.refusal(
                        SnsApi.SET_TOPIC_ATTRIBUTES,
                        new SetTopicAttributesInput(
                                topic,
                                "Policy",
                                statement("Allow", "*", "Publish", "StringEquals", "aws:x", "y")));

        assertThat(refusal.error().code()).isEqualTo("NotImplemented");
    }

    @Test
    void anExplicitDenyHoldsForTheOwnAccountToo() {
        setPolicy(statement("Deny", "*", "Publish", "Bool", "aws:SecureTransport", "true"));

        assertThat(fixture.refusal(SnsApi.PUBLISH, message()).message())
                .isEqualTo(
                        "User: arn:aws:iam::000000000000:root is not authorized to perform:"
                                + " SNS:Publish on resource: "
                                + topic
                                + " with an explicit deny in a resource-based policy");
        fixture.call(SnsApi.GET_TOPIC_ATTRIBUTES, new GetTopicAttributesInput(topic));
    }

    @Test
    void aConditionMayLimitWhoseEndpointsSubscribe() {
        setPolicy(
                statement(
                        "Allow",
                        "*",
                        "Subscribe",
                        "StringLike",
                        "SNS:Endpoint",
                        "*:111111111111:*"));

        fixture.call(SnsFixture.STRANGER, SnsApi.SUBSCRIBE, theirQueue());
        assertThat(
                        fixture.refusal(
                                        SnsFixture.STRANGER,
                                        SnsApi.SUBSCRIBE,
                                        subscription(SnsFixture.queueArn("archive")))
                                .error()
                                .code())
                .isEqualTo("AuthorizationError");
    }

    @Test
    void aPolicyIsKeptInItsNormalForm() {
        setPolicy(
                """
                { "Version": "2012-10-17", "Statement": [ { "Sid": "a", "Effect": "Allow",
                  "Principal": { "AWS": [ "111111111111" ] }, "Action": [ "sns:Publish" ],
                  "Resource": [ "%s" ] } ] }\
                """
                        .formatted(topic));

        assertThat(policy())
                .isEqualTo(
                        """
                        {"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow",\
                        "Principal":{"AWS":"arn:aws:iam::111111111111:root"},\
                        "Action":"sns:Publish","Resource":"%s"}]}\
                        """
                                .formatted(topic));
    }

    @Test
    void tagsAreForTheOwnAccountOnly() {
        assertThat(
                        fixture.refusal(
                                        SnsFixture.STRANGER,
                                        SnsApi.TAG_RESOURCE,
                                        new TagResourceRequest(topic, List.of()))
                                .error()
                                .code())
                .isEqualTo("AuthorizationError");
    }

    @Test
    void aQueuesOwnerSubscribesItWithoutConfirmationAndOwnsTheSubscription() {
        allow("subscribers", "Subscribe");

        String subscription = subscribeTheirs(SnsFixture.STRANGER);

        fixture.publish(topic, "hello");
        assertThat(fixture.messages("theirs")).hasSize(1);
        assertThat(
                        fixture.refusal(
                                        SnsApi.SET_SUBSCRIPTION_ATTRIBUTES,
                                        new SetSubscriptionAttributesInput(
                                                subscription, "RawMessageDelivery", "true"))
                                .error()
                                .code())
                .isEqualTo("AuthorizationError");
        fixture.call(
                SnsFixture.STRANGER,
                SnsApi.SET_SUBSCRIPTION_ATTRIBUTES,
                new SetSubscriptionAttributesInput(subscription, "RawMessageDelivery", "true"));
    }

    @Test
    void aTopicsOwnerEndsASubscriptionOfAnothersQueueWhichIsTold() {
        allow("subscribers", "Subscribe");
        String subscription = subscribeTheirs(SnsFixture.STRANGER);

        fixture.call(SnsApi.UNSUBSCRIBE, new UnsubscribeInput(subscription));

        assertThat(fixture.bodies("theirs"))
                .singleElement()
                .asString()
                .contains("UnsubscribeConfirmation");
    }

    @Test
    void aQueueOfAnotherAccountIsAskedBeforeItGetsMessages() {
        subscribeTheirs(SnsFixture.CALLER);

        fixture.publish(topic, "hello");

        assertThat(fixture.bodies("theirs"))
                .singleElement()
                .asString()
                .contains("SubscriptionConfirmation");
    }

    @Test
    void inDevelopmentServicesOfTheOwnAccountMayPublishUnlessThePolicyWasReplaced() {
        assertThat(deliver(fixture.sns, RULE)).isInstanceOf(Outcome.Delivered.class);
        allow("publishers", "Publish");
        assertThat(deliver(fixture.sns, RULE)).isInstanceOf(Outcome.Delivered.class);
        assertThat(deliver(fixture.sns, THEIR_RULE)).isInstanceOf(Outcome.Refused.class);

        setPolicy(statement("Allow", STRANGER, "Publish", "Bool", "aws:SecureTransport", "true"));

        assertThat(deliver(fixture.sns, RULE))
                .isEqualTo(
                        new Outcome.Refused(
                                "AuthorizationError",
                                "User: events.amazonaws.com is not authorized to perform:"
                                        + " SNS:Publish on resource: "
                                        + topic
                                        + " because no resource-based policy allows the"
                                        + " SNS:Publish action"));
    }

    @Test
    void withCredentialsServicesNeedThePolicysPermission() {
        try (Sns secure = fixture.sns(new SnsOptions(SnsFixture.ENDPOINT, true))) {
            assertThat(deliver(secure, RULE)).isInstanceOf(Outcome.Refused.class);

            setPolicy(
                    """
                    {"Statement":{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},
                     "Action":"sns:Publish","Resource":"%s",
                     "Condition":{"ArnEquals":{"aws:SourceArn":"%s"},
                                  "StringEquals":{"aws:SourceAccount":"111111111111"}}}}\
                    """
                            .formatted(topic, THEIR_RULE));

            assertThat(deliver(secure, THEIR_RULE)).isInstanceOf(Outcome.Delivered.class);
            assertThat(deliver(secure, RULE)).isInstanceOf(Outcome.Refused.class);
        }
    }

    private Outcome deliver(Sns sns, @Nullable String sourceArn) {
        Message message = Message.of("hello", "events.amazonaws.com");
        return fixture.store.write(tx ->
                sns.target()
                        .deliver(tx, arn(), sourceArn == null ? message : message.from(sourceArn)));
    }

    private String subscribeTheirs(Caller caller) {
        return Objects.requireNonNull(
                fixture.call(caller, SnsApi.SUBSCRIBE, theirQueue()).subscriptionArn());
    }

    private SubscribeInput theirQueue() {
        return subscription("arn:aws:sqs:us-east-1:111111111111:theirs");
    }

    private SubscribeInput subscription(String queue) {
        return SubscribeInput.builder()
                .topicArn(topic)
                .protocol("sqs")
                .endpoint(queue)
                .returnSubscriptionArn(true)
                .build();
    }

    private void allow(String label, String... actions) {
        fixture.call(
                SnsApi.ADD_PERMISSION,
                new AddPermissionInput(topic, label, List.of(STRANGER), List.of(actions)));
    }

    private String permissionRefusal(String label, String account, String action) {
        return fixture.refusal(
                        SnsApi.ADD_PERMISSION,
                        new AddPermissionInput(topic, label, List.of(account), List.of(action)))
                .message();
    }

    private void setPolicy(String policy) {
        fixture.call(
                SnsApi.SET_TOPIC_ATTRIBUTES, new SetTopicAttributesInput(topic, "Policy", policy));
    }

    private String statement(
            String effect,
            String principal,
            String action,
            String operator,
            String key,
            String value) {
        return """
        {"Statement":[{"Effect":"%s","Principal":{"AWS":"%s"},"Action":"SNS:%s","Resource":"%s",
        "Condition":{"%s":{"%s":"%s"}}}]}\
        """
                .formatted(effect, principal, action, topic, operator, key, value);
    }

    private String policy() {
        Map<String, String> attributes =
                fixture.call(SnsApi.GET_TOPIC_ATTRIBUTES, new GetTopicAttributesInput(topic))
                        .attributes();
        return Objects.requireNonNull(Objects.requireNonNull(attributes).get("Policy"));
    }

    private Arn arn() {
        return Arn.parse(topic).orElseThrow();
    }

    private PublishInput message() {
        return PublishInput.builder().topicArn(topic).message("hello").build();
    }
}
