package io.millrace.service.logs;

import static io.millrace.service.logs.LogsFixture.GROUP;
import static io.millrace.service.logs.LogsFixture.GROUP_ARN;
import static io.millrace.service.logs.LogsFixture.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.logs.DeleteResourcePolicyRequest;
import io.millrace.api.logs.DescribeResourcePoliciesRequest;
import io.millrace.api.logs.LogsApi;
import io.millrace.api.logs.PutResourcePolicyRequest;
import io.millrace.delivery.Message;
import io.millrace.delivery.StoreTarget.Outcome;
import io.millrace.engine.MemoryStore;

import org.junit.jupiter.api.Test;

import java.util.Objects;

final class LogPoliciesTest {
    private static final String OWN = "arn:aws:events:us-east-1:000000000000:rule/r";
    private static final String FOREIGN = "arn:aws:events:us-east-1:111111111111:rule/r";

    private final LogsFixture logs = new LogsFixture();

    @Test
    void inDevelopmentTheOwnAccountsRulesMayWriteUnlessAPolicyDeniesIt() {
        logs.group(GROUP);
        assertThat(deliver(logs, OWN)).isInstanceOf(Outcome.Delivered.class);
        assertThat(deliver(logs, FOREIGN)).isInstanceOf(Outcome.Refused.class);

        put(logs, "p", "Allow");

        assertThat(deliver(logs, FOREIGN)).isInstanceOf(Outcome.Delivered.class);

        put(logs, "q", "Deny");

        assertThat(deliver(logs, OWN))
                .isEqualTo(
                        new Outcome.Refused(
                                "AccessDeniedException",
                                "events.amazonaws.com is not authorized to put log events to "
                                        + GROUP_ARN
                                        + "."));
    }

    @Test
    void withCredentialsRulesNeedAPolicyAndOthersDoNot() {
        LogsFixture strict = new LogsFixture(new MemoryStore(), true);
        strict.group(GROUP);
        assertThat(deliver(strict, OWN)).isInstanceOf(Outcome.Refused.class);
        assertThat(deliver(strict, "arn:aws:pipes:us-east-1:000000000000:pipe/p"))
                .isInstanceOf(Outcome.Delivered.class);

        put(strict, "p", "Allow");

        assertThat(deliver(strict, OWN)).isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void describesAndDeletesPolicies() {
        put(logs, "b", "Allow");
        put(logs, "a", "Allow");
        put(logs, "a", "Deny");

        var policies =
                Objects.requireNonNull(
                        logs.call(
                                        LogsApi.DESCRIBE_RESOURCE_POLICIES,
                                        DescribeResourcePoliciesRequest.builder().build())
                                .resourcePolicies());

        assertThat(policies).hasSize(2);
        assertThat(policies.getFirst().policyName()).isEqualTo("a");
        assertThat(policies.getFirst().policyDocument()).contains("Deny");
        assertThat(policies.getFirst().lastUpdatedTime()).isEqualTo(logs.millis());
        DeleteResourcePolicyRequest delete =
                DeleteResourcePolicyRequest.builder().policyName("a").build();
        logs.call(LogsApi.DELETE_RESOURCE_POLICY, delete);
        assertRefused(
                () -> logs.call(LogsApi.DELETE_RESOURCE_POLICY, delete),
                "ResourceNotFoundException",
                "Policy with name [a] does not exist");
    }

    @Test
    void refusesAnEleventhPolicyAndWhatIsNone() {
        for (int i = 0; i < 10; i++) {
            put(logs, "p" + i, "Allow");
        }
        put(logs, "p3", "Deny");

        assertRefused(
                () -> put(logs, "eleven", "Allow"),
                "LimitExceededException",
                "Resource limit exceeded.");
        assertRefused(
                () ->
                        logs.call(
                                LogsApi.PUT_RESOURCE_POLICY,
                                PutResourcePolicyRequest.builder().policyName("x").build()),
                "InvalidParameterException",
                "Missing required parameter: policyDocument");
    }

    private static Outcome deliver(LogsFixture logs, String source) {
        return logs.deliver(GROUP_ARN, Message.of("m", "events.amazonaws.com").from(source));
    }

    private static void put(LogsFixture logs, String name, String effect) {
        logs.call(
                LogsApi.PUT_RESOURCE_POLICY,
                PutResourcePolicyRequest.builder()
                        .policyName(name)
                        .policyDocument(
                                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"s\",\"Effect\":\""
                                        + effect
                                        + "\",\"Principal\":{\"Service\":\"events.amazonaws.com\"},"
                                        + "\"Action\":[\"logs:CreateLogStream\",\"logs:PutLogEvents\"],"
                                        + "\"Resource\":\""
                                        + GROUP_ARN
                                        + ":*\"}]}")
                        .build());
    }
}
