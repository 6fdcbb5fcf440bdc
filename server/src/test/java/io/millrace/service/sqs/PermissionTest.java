package io.millrace.service.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sqs.AddPermissionRequest;
import io.millrace.api.sqs.DeleteQueueRequest;
import io.millrace.api.sqs.GetQueueUrlRequest;
import io.millrace.api.sqs.ListQueueTagsRequest;
import io.millrace.api.sqs.SendMessageBatchRequest;
import io.millrace.api.sqs.SendMessageBatchRequestEntry;
import io.millrace.api.sqs.SendMessageRequest;
import io.millrace.api.sqs.SqsApi;
import io.millrace.delivery.Message;
import io.millrace.delivery.StoreTarget.Outcome;
import io.millrace.engine.MemoryStore;
import io.millrace.pattern.Arn;
import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.Test;

import java.util.List;

/// Queue policies as they are obeyed: by accounts, and by services that deliver.
final class PermissionTest {
    private static final String STRANGER = "111111111111";
    private static final String ARN = QueueFixture.arn("orders");
    private static final String RULE = "arn:aws:events:us-east-1:000000000000:rule/all";

    private final QueueFixture fixture = new QueueFixture();
    private final String url = fixture.create("orders");

    @Test
    void keepsOtherAccountsOutUntilAPolicyLetsThemIn() {
        ServiceException refusal = fixture.refusedAs(STRANGER, SqsApi.SEND_MESSAGE_BATCH, batch());

        assertThat(refusal.error().code()).isEqualTo("AccessDeniedException");
        assertThat(refusal.error().queryCodeOrCode()).isEqualTo("AccessDenied");
        assertThat(refusal.error().queryHttpStatus()).isEqualTo(403);
        assertThat(refusal.message())
                .isEqualTo(
                        "User: arn:aws:iam::111111111111:root is not authorized to perform:"
                                + " sqs:sendmessage on resource: "
                                + ARN
                                + " because no resource-based policy allows the sqs:sendmessage"
                                + " action");

        allow("SendMessage");

        fixture.callAs(STRANGER, SqsApi.SEND_MESSAGE_BATCH, batch());
        fixture.callAs(STRANGER, SqsApi.SEND_MESSAGE, sending());
        assertThat(fixture.bodies(url)).hasSize(2);
        assertThat(
                        fixture.refusedAs(
                                        STRANGER,
                                        SqsApi.RECEIVE_MESSAGE,
                                        QueueFixture.receiving(url).build())
                                .message())
                .contains("sqs:receivemessage");
    }

    @Test
    void findsTheUrlOfAQueueOfAnotherAccountWhenThatIsAllowed() {
        GetQueueUrlRequest request =
                GetQueueUrlRequest.builder()
                        .queueName("orders")
                        .queueOwnerAWSAccountId("000000000000")
                        .build();

        assertThat(fixture.refusedAs(STRANGER, SqsApi.GET_QUEUE_URL, request).message())
                .contains("sqs:getqueueurl");
        allow("GetQueueUrl");

        assertThat(fixture.callAs(STRANGER, SqsApi.GET_QUEUE_URL, request).queueUrl())
                .isEqualTo(url);
    }

    @Test
    void neverLetsOthersManageAQueue() {
        allow("*");

        ServiceException deletion =
                fixture.refusedAs(
                        STRANGER,
                        SqsApi.DELETE_QUEUE,
                        DeleteQueueRequest.builder().queueUrl(url).build());
        ServiceException listing =
                fixture.refusedAs(
                        STRANGER,
                        SqsApi.LIST_QUEUE_TAGS,
                        ListQueueTagsRequest.builder().queueUrl(url).build());

        assertThat(deletion.error().queryCodeOrCode()).isEqualTo("AccessDenied");
        assertThat(listing.message()).contains("sqs:listqueuetags");
    }

    @Test
    void obeysADenialAlsoInItsOwnAccountAndLetsRootUndoIt() {
        policy("Deny", "\"*\"", "sqs:*", "");

        assertThat(fixture.refused(SqsApi.SEND_MESSAGE, sending()).message())
                .isEqualTo(
                        "User: arn:aws:iam::000000000000:root is not authorized to perform:"
                                + " sqs:sendmessage on resource: "
                                + ARN
                                + " with an explicit deny in a resource-based policy");

        fixture.set(url, "Policy", "");

        fixture.call(SqsApi.SEND_MESSAGE, sending());
    }

    @Test
    void refusesServicesWithoutAPolicy() {
        assertThat(deliver(fixture, QueueFixture.TOPIC))
                .isEqualTo(
                        new Outcome.Refused(
                                "AccessDenied",
                                "Access to the resource"
                                        + " https://sqs.us-east-1.amazonaws.com/000000000000/orders"
                                        + " is denied."));
        assertThat(fixture.counts(url)).isEqualTo("0 0 0");
    }

    @Test
    void takesWhatItsPolicyAllowsServices() {
        policy(
                "Allow",
                "{\"Service\":\"sns.amazonaws.com\"}",
                "sqs:SendMessage",
                ",\"Condition\":{\"ArnLike\":{\"aws:SourceArn\":\"arn:aws:sns:*:*:news\"},"
                        + "\"StringEquals\":{\"aws:SourceAccount\":\"000000000000\"},"
                        + "\"Bool\":{\"aws:PrincipalIsAWSService\":\"true\"}}");

        assertThat(deliver(fixture, QueueFixture.TOPIC)).isInstanceOf(Outcome.Delivered.class);
        assertThat(deliver(fixture, QueueFixture.TOPIC + "2")).isInstanceOf(Outcome.Refused.class);
        assertThat(deliver(fixture, RULE)).isInstanceOf(Outcome.Refused.class);
        assertThat(fixture.counts(url)).isEqualTo("1 0 0");
    }

    @Test
    void knowsEveryoneAsServicesToo() {
        policy(
                "Allow",
                "{\"AWS\":\"*\"}",
                "SQS:SendMessage",
                ",\"Condition\":{\"ArnEquals\":{\"aws:SourceArn\":\"" + RULE + "\"}}");

        assertThat(deliver(fixture, RULE)).isInstanceOf(Outcome.Delivered.class);
        assertThat(deliver(fixture, QueueFixture.TOPIC)).isInstanceOf(Outcome.Refused.class);
    }

    /// What every local set-up relies on; AWS refuses.
    @Test
    void takesFromItsOwnAccountInDevelopmentMode() {
        QueueFixture relaxed = new QueueFixture(new MemoryStore(), false);
        String queue = relaxed.create("orders");

        assertThat(deliver(relaxed, QueueFixture.TOPIC)).isInstanceOf(Outcome.Delivered.class);
        assertThat(deliver(relaxed, "arn:aws:sns:us-east-1:111111111111:news"))
                .isInstanceOf(Outcome.Refused.class);

        relaxed.set(
                queue,
                "Policy",
                "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"111111111111\"},"
                        + "\"Action\":\"sqs:*\",\"Resource\":\"*\"}]}");

        assertThat(deliver(relaxed, QueueFixture.TOPIC)).isInstanceOf(Outcome.Refused.class);
    }

    private static Outcome deliver(QueueFixture to, String sourceArn) {
        Message message = Message.of("news", "AIDAEXAMPLE").from(sourceArn);
        Arn queue = Arn.parse(ARN).orElseThrow();
        return to.store.write(tx -> to.sqs.target().deliver(tx, queue, message));
    }

    private void allow(String action) {
        fixture.call(
                SqsApi.ADD_PERMISSION,
                AddPermissionRequest.builder()
                        .queueUrl(url)
                        .label(action.equals("*") ? "all" : action)
                        .awsAccountIds(List.of(STRANGER))
                        .actions(List.of(action))
                        .build());
    }

    private void policy(String effect, String principal, String action, String more) {
        fixture.set(
                url,
                "Policy",
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\""
                        + effect
                        + "\",\"Principal\":"
                        + principal
                        + ",\"Action\":\""
                        + action
                        + "\",\"Resource\":\""
                        + ARN
                        + "\""
                        + more
                        + "}]}");
    }

    private SendMessageRequest sending() {
        return SendMessageRequest.builder().queueUrl(url).messageBody("a").build();
    }

    private SendMessageBatchRequest batch() {
        return SendMessageBatchRequest.builder()
                .queueUrl(url)
                .entries(
                        List.of(
                                SendMessageBatchRequestEntry.builder()
                                        .id("1")
                                        .messageBody("b")
                                        .build()))
                .build();
    }
}
