package io.millrace.service.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.api.iam.ContextEntry;
import io.millrace.api.iam.EvaluationResult;
import io.millrace.api.iam.PermissionsBoundaryDecisionDetail;
import io.millrace.api.iam.Position;
import io.millrace.api.iam.SimulateCustomPolicyRequest;
import io.millrace.api.iam.Statement;
import io.millrace.wire.Caller;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

final class SimulationTest {
    private static final Caller CALLER =
            new Caller("111122223333", "us-east-1", "arn:aws:iam::111122223333:root", "", "r", "");
    private static final String QUEUE = "arn:aws:sqs:us-east-1:111122223333:orders";
    private static final String USER = "arn:aws:iam::111122223333:user/alice";
    private static final String POLICY =
            """
            {
              "Version": "2012-10-17",
              "Statement": [
                {
                  "Effect": "Allow", "Action": "sqs:*", "Resource": "*",
                  "Condition": {"StringEquals": {"aws:PrincipalTag/team": "orders"}}
                },
                {"Effect": "Deny", "Action": "sqs:DeleteQueue", "Resource": "*"}
              ]
            }
            """;

    private static SimulateCustomPolicyRequest.Builder asking(String... actions) {
        return SimulateCustomPolicyRequest.builder()
                .policyInputList(List.of(POLICY))
                .actionNames(List.of(actions));
    }

    private static List<EvaluationResult> results(SimulateCustomPolicyRequest.Builder request) {
        List<EvaluationResult> results =
                new SimulateCustomPolicy().handle(CALLER, request.build()).evaluationResults();
        return results == null ? List.of() : results;
    }

    private static List<ContextEntry> team(String name) {
        return List.of(new ContextEntry("aws:PrincipalTag/team", List.of(name), "string"));
    }

    @Test
    void tellsWhichStatementDecidedAndWhereItStands() {
        EvaluationResult allowed =
                results(asking("sqs:SendMessage").contextEntries(team("orders"))).getFirst();
        EvaluationResult denied = results(asking("sqs:DeleteQueue")).getFirst();

        assertThat(allowed.evalDecision()).isEqualTo("allowed");
        assertThat(allowed.matchedStatements())
                .containsExactly(
                        new Statement(
                                "PolicyInputList.1",
                                "none",
                                new Position(4, 5),
                                new Position(7, 6)));
        assertThat(denied.evalDecision()).isEqualTo("explicitDeny");
        assertThat(denied.matchedStatements())
                .extracting(Statement::startPosition)
                .containsExactly(new Position(8, 5));
    }

    @Test
    void tellsWhichContextIsMissing() {
        EvaluationResult result = results(asking("sqs:SendMessage")).getFirst();

        assertThat(result.evalDecision()).isEqualTo("implicitDeny");
        assertThat(result.matchedStatements()).isEmpty();
        assertThat(result.missingContextValues()).containsExactly("aws:PrincipalTag/team");
    }

    @Test
    void answersForEachActionAndResourceInPages() {
        SimulateCustomPolicyRequest.Builder request =
                asking("sqs:SendMessage", "sns:Publish")
                        .resourceArns(List.of(QUEUE, QUEUE + "-2"))
                        .contextEntries(team("orders"));

        assertThat(results(request))
                .extracting(
                        EvaluationResult::evalActionName,
                        EvaluationResult::evalResourceName,
                        EvaluationResult::evalDecision)
                .containsExactly(
                        tuple("sqs:SendMessage", QUEUE, "allowed"),
                        tuple("sqs:SendMessage", QUEUE + "-2", "allowed"),
                        tuple("sns:Publish", QUEUE, "implicitDeny"),
                        tuple("sns:Publish", QUEUE + "-2", "implicitDeny"));
        assertThat(results(request.maxItems(3).marker("3"))).hasSize(1);
    }

    @Test
    void aBoundaryLimits() {
        EvaluationResult result =
                results(
                                asking("sqs:SendMessage")
                                        .contextEntries(team("orders"))
                                        .permissionsBoundaryPolicyInputList(
                                                List.of(POLICY.replace("sqs:*", "sns:*"))))
                        .getFirst();

        assertThat(result.evalDecision()).isEqualTo("implicitDeny");
        assertThat(result.permissionsBoundaryDecisionDetail())
                .isEqualTo(new PermissionsBoundaryDecisionDetail(false));
    }

    @Test
    void aResourcesPolicyTakesPart() {
        String resource =
                """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal":
                 {"AWS": "%s"}, "Action": "sqs:SendMessage", "Resource": "*"}}
                """
                        .formatted(USER);

        EvaluationResult own =
                results(asking("sqs:SendMessage").resourcePolicy(resource).callerArn(USER))
                        .getFirst();
        EvaluationResult others =
                results(
                                asking("sqs:SendMessage")
                                        .resourcePolicy(resource)
                                        .callerArn(USER)
                                        .resourceOwner("444455556666"))
                        .getFirst();

        assertThat(own.evalDecision()).isEqualTo("allowed");
        assertThat(others.evalDecision()).isEqualTo("implicitDeny");
        assertThat(others.evalDecisionDetails())
                .isEqualTo(Map.of("IAM Policy", "implicitDeny", "Resource Policy", "allowed"));
    }

    @Test
    void refusesWhatIsNoPolicyOrNoAction() {
        assertThatThrownBy(() -> results(asking("sqs:SendMessage").policyInputList(List.of("{}"))))
                .hasMessageContaining("Invalid policy PolicyInputList.1");
        assertThatThrownBy(() -> results(asking("SendMessage")))
                .hasMessage("Invalid Action Name: SendMessage");
    }
}
