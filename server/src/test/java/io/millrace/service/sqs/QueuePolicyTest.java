package io.millrace.service.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sqs.AddPermissionRequest;
import io.millrace.api.sqs.RemovePermissionRequest;
import io.millrace.api.sqs.SetQueueAttributesRequest;
import io.millrace.api.sqs.SqsApi;
import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// `AddPermission`, `RemovePermission` and the attribute `Policy`. The wording is what AWS answered
/// to the recorded tests of other projects.
final class QueuePolicyTest {
    private static final String ARN = QueueFixture.arn("orders");

    private final QueueFixture fixture = new QueueFixture();
    private final String url = fixture.create("orders");

    @Test
    void addsAndRemovesStatements() {
        add("one", List.of("111111111111", "222222222222"), List.of("ReceiveMessage"));

        String head = "{\"Version\":\"2008-10-17\",\"Id\":\"" + ARN + "/SQSDefaultPolicy\",";
        assertThat(policy())
                .isEqualTo(
                        head
                                + "\"Statement\":[{\"Sid\":\"one\",\"Effect\":\"Allow\",\"Principal\":"
                                + "{\"AWS\":[\"arn:aws:iam::111111111111:root\","
                                + "\"arn:aws:iam::222222222222:root\"]},"
                                + "\"Action\":\"SQS:ReceiveMessage\",\"Resource\":\""
                                + ARN
                                + "\"}]}");

        fixture.clock.passSeconds(10);
        add("two", List.of("111111111111"), List.of("*"));
        remove("one");

        assertThat(policy())
                .isEqualTo(
                        head
                                + "\"Statement\":[{\"Sid\":\"two\",\"Effect\":\"Allow\",\"Principal\":"
                                + "{\"AWS\":\"arn:aws:iam::111111111111:root\"},"
                                + "\"Action\":\"SQS:*\",\"Resource\":\""
                                + ARN
                                + "\"}]}");
        assertThat(fixture.attributes(url))
                .containsEntry(
                        "LastModifiedTimestamp",
                        Long.toString(fixture.clock.instant().getEpochSecond()));

        remove("two");

        assertThat(fixture.attributes(url)).doesNotContainKey("Policy");
    }

    @Test
    void refusesALabelThatIsThereAndOneThatIsNot() {
        assertThat(removal("one"))
                .isEqualTo("Value one for parameter Label is invalid. Reason: can't find label.");
        add("one", List.of("111111111111"), List.of("SendMessage"));
        add("one", List.of("111111111111"), List.of("SendMessage"));

        assertThat(addition("one", List.of("222222222222"), List.of("SendMessage")))
                .isEqualTo("Value one for parameter Label is invalid. Reason: Already exists.");
        assertThat(removal("two"))
                .isEqualTo(
                        "Value two for parameter Label is invalid. Reason: can't find label on"
                                + " existing policy.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DeleteQueue | Value SQS:DeleteQueue for parameter ActionName is invalid. Reason: Only"
                        + " the queue owner is allowed to invoke this action.",
                "SendMessageBatch | Value SQS:SendMessageBatch for parameter ActionName is invalid."
                        + " Reason: Please refer to the appropriate WSDL for a list of valid actions.",
                "'' | The request must contain the parameter Actions.",
                "SendMessage,ReceiveMessage,DeleteMessage,PurgeQueue,GetQueueUrl,GetQueueAttributes,"
                        + "ChangeMessageVisibility,ListDeadLetterSourceQueues | 8 Actions were found,"
                        + " maximum allowed is 7.",
            })
    void refusesActionsThatCannotBeGranted(String actions, String message) {
        List<String> list = actions.isEmpty() ? List.of() : List.of(actions.split(","));

        assertThat(addition("one", List.of("111111111111"), list)).startsWith(message);
    }

    @Test
    void refusesWhoIsNoAccountAndWhatIsNoLabel() {
        assertThat(addition("one", List.of(), List.of("SendMessage")))
                .isEqualTo(
                        "Value [] for parameter PrincipalId is invalid. Reason: Unable to verify.");
        assertThat(addition("one", List.of("eve"), List.of("SendMessage")))
                .isEqualTo(
                        "Value [eve] for parameter PrincipalId is invalid. Reason: Unable to verify.");
        assertThat(addition("o/ne", List.of("111111111111"), List.of("SendMessage")))
                .startsWith("Value o/ne for parameter Label is invalid.");
    }

    @Test
    void keepsTwentyStatementsAndFiftyPrincipals() {
        List<String> account = List.of("111111111111");
        for (int i = 0; i < 20; i++) {
            add("label" + i, account, List.of("SendMessage"));
        }

        assertThat(addition("more", account, List.of("SendMessage")))
                .isEqualTo("21 Statements were found, maximum allowed is 20.");

        for (int i = 1; i < 20; i++) {
            remove("label" + i);
        }
        assertThat(addition("more", Collections.nCopies(51, "1"), List.of("SendMessage")))
                .startsWith("Value [1, 1");
        List<String> many =
                IntStream.range(0, 50).mapToObj(i -> Long.toString(222_222_222_222L + i)).toList();
        assertThat(addition("more", many, List.of("SendMessage")))
                .isEqualTo("51 Principals were found, maximum allowed is 50.");
    }

    @Test
    void keepsTheNormalFormOfAPolicy() {
        fixture.set(
                url,
                "Policy",
                """
                { "Statement": {"Action": ["sqs:SendMessage"], "Effect": "Allow", "Sid": "a",
                   "Resource": "%s", "Principal": {"AWS": "111111111111"} } }
                """
                        .formatted(ARN));

        assertThat(policy())
                .isEqualTo(
                        "{\"Version\":\"2008-10-17\",\"Statement\":[{\"Sid\":\"a\",\"Effect\":\"Allow\","
                                + "\"Principal\":{\"AWS\":\"arn:aws:iam::111111111111:root\"},"
                                + "\"Action\":\"sqs:SendMessage\",\"Resource\":\""
                                + ARN
                                + "\"}]}");
        assertThat(fixture.create("orders", Map.of("Policy", policy()))).isEqualTo(url);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | InvalidAttributeValue: Invalid value for the parameter Policy.",
                "[] | InvalidAttributeValue: Invalid value for the parameter Policy.",
                "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"eve\"},\"Action\":"
                        + "\"sqs:*\",\"Resource\":\"*\"}]} | InvalidAttributeValue: Invalid value for"
                        + " the parameter Policy.",
                "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":"
                        + "\"sqs:Sing\",\"Resource\":\"*\"}]} | InvalidParameterValue: Value SQS:Sing"
                        + " for parameter ActionName is invalid. Reason: Please refer to the"
                        + " appropriate WSDL for a list of valid actions.",
            })
    void refusesWhatIsNoPolicy(String text, String message) {
        ServiceException refusal =
                fixture.refused(
                        SqsApi.SET_QUEUE_ATTRIBUTES,
                        SetQueueAttributesRequest.builder()
                                .queueUrl(url)
                                .attributes(Map.of("Policy", text))
                                .build());

        assertThat(refusal.error().queryCodeOrCode() + ": " + refusal.message())
                .startsWith(message);
    }

    private String policy() {
        return String.valueOf(fixture.attributes(url).get("Policy"));
    }

    private void add(String label, List<String> accounts, List<String> actions) {
        fixture.call(SqsApi.ADD_PERMISSION, adding(label, accounts, actions));
    }

    private String addition(String label, List<String> accounts, List<String> actions) {
        return fixture.refused(SqsApi.ADD_PERMISSION, adding(label, accounts, actions)).message();
    }

    private AddPermissionRequest adding(String label, List<String> accounts, List<String> actions) {
        return AddPermissionRequest.builder()
                .queueUrl(url)
                .label(label)
                .awsAccountIds(accounts)
                .actions(actions)
                .build();
    }

    private void remove(String label) {
        fixture.call(SqsApi.REMOVE_PERMISSION, removing(label));
    }

    private String removal(String label) {
        return fixture.refused(SqsApi.REMOVE_PERMISSION, removing(label)).message();
    }

    private RemovePermissionRequest removing(String label) {
        return RemovePermissionRequest.builder().queueUrl(url).label(label).build();
    }
}
