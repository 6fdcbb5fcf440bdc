package io.millrace.authorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.ErrorModel;
import io.millrace.api.sqs.SqsApi;
import io.millrace.http.Body;
import io.millrace.http.Headers;
import io.millrace.http.Request;
import io.millrace.http.Response;
import io.millrace.wire.Caller;
import io.millrace.wire.Identities;
import io.millrace.wire.Resources;
import io.millrace.wire.Service;
import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

final class ExplainPageTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final ErrorModel FAULT = ErrorModel.of("ValidationException", 400);
    private static final Caller CALLER =
            new Caller("111122223333", "us-east-1", "arn:aws:iam::111122223333:root", "", "r", "");
    private static final Request REQUEST =
            new Request(
                    "POST",
                    ExplainPage.PATH,
                    "",
                    Headers.of(Map.of()),
                    "127.0.0.1",
                    () -> new ByteArrayInputStream(new byte[0]));

    private final ExplainPage page = new ExplainPage(Identities.of(List.of()));

    private JsonNode ask(String question) {
        byte[] bytes = question.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        Response response = page.page().answer().to(CALLER, REQUEST, new Body(bytes, bytes));
        return JSON.readTree(response.body());
    }

    @Test
    void tellsWhyEachStatementIsNotAboutTheRequest() {
        JsonNode answer =
                ask(
                        """
                        {'Action': 'sqs:SendMessage',
                         'Resource': 'arn:aws:sqs:us-east-1:111122223333:orders',
                         'Context': {'aws:PrincipalTag/team': 'billing'},
                         'Policies': {'Version': '2012-10-17', 'Statement': [
                           {'Sid': 'Read', 'Effect': 'Allow', 'Action': 'sqs:Receive*',
                            'Resource': '*'},
                           {'Effect': 'Allow', 'Action': 'sqs:*', 'Resource': '*', 'Condition':
                            {'StringEquals': {'aws:PrincipalTag/team': 'orders'}}}]}}
                        """);

        assertThat(answer.path("Decision").asString()).isEqualTo("denied");
        assertThat(answer.path("Because").asString())
                .isEqualTo("because no identity-based policy allows the sqs:SendMessage action");
        JsonNode statements = answer.path("Policies").path(0).path("Statements");
        assertThat(statements.path(0).path("Because").path(0).asString())
                .isEqualTo("Action [sqs:Receive*] is not sqs:SendMessage");
        assertThat(statements.path(1).path("Because").path(0).asString())
                .isEqualTo(
                        "the condition StringEquals aws:PrincipalTag/team [orders] does not hold:"
                                + " the request has [billing]");
    }

    @Test
    void tellsThatTheAccountMustPassOnWhatItWasGiven() {
        JsonNode answer =
                ask(
                        """
                        {'Action': 'sqs:SendMessage',
                         'Resource': 'arn:aws:sqs:us-east-1:111122223333:orders',
                         'Policies': [],
                         'ResourcePolicies': [{'Version': '2012-10-17', 'Statement': {'Effect':
                           'Allow', 'Principal': {'AWS': '111122223333'}, 'Action': '*',
                           'Resource': '*'}}]}
                        """);

        assertThat(answer.path("Because").asString())
                .endsWith(
                        "the resource's policy lets the account in, whose own policies must allow"
                                + " too");
    }

    @Test
    void tellsWhatAllowed() {
        JsonNode answer = ask("{'Action': 'sqs:SendMessage', 'Resource': '*'}");

        assertThat(answer.path("Decision").asString()).isEqualTo("allowed");
        assertThat(answer.path("Because").asString())
                .isEqualTo("the account's root needs no policy, and none denies");
    }

    @Test
    void tellsNoPoliciesOfOtherAccounts() {
        String policy =
                """
                {"Version": "2012-10-17", "Statement": {"Sid": "Partner", "Effect": "Allow",
                 "Principal": "*", "Action": "*", "Resource": "*"}}
                """;
        Resources resources =
                new Resources() {
                    @Override
                    public List<String> policies(Caller caller, String arn) {
                        return List.of(policy);
                    }
                };
        page.bind(
                List.of(
                        Service.of(SqsApi.MODEL, 1, _ -> new ServiceException(FAULT, ""))
                                .resources(resources)
                                .build()));
        String own =
                """
                {'Action': 'sqs:SendMessage', 'Policies': [],
                 'Resource': 'arn:aws:sqs:us-east-1:111122223333:orders'}
                """;
        String other = own.replace("111122223333", "444455556666");
        String asOther = other.replace("}", ", 'Principal': 'arn:aws:iam::444455556666:user/eve'}");

        assertThat(ask(own).toString()).contains("Partner");
        assertThat(ask(other).toString()).doesNotContain("Partner").contains("denied");
        assertThat(ask(asOther).toString()).doesNotContain("Partner").contains("denied");
    }

    @Test
    void refusesWhatIsNoQuestion() {
        assertThatThrownBy(() -> ask("[]")).hasMessageContaining("must be a JSON object");
        assertThatThrownBy(() -> ask("{'Action': 'sqs:SendMessage'}"))
                .hasMessage("Resource must be a text.");
        assertThatThrownBy(() ->
                        ask("{'Action': 'a:b', 'Resource': '*', 'AccessKeyId': 'AKIANOBODY'}"))
                .hasMessage("Nobody in this account holds the access key.");
    }
}
