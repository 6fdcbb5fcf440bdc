package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.APIErrorType;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.Tag;

import java.nio.file.Path;

/// What temporary keys of users and roots may do: a federated session nothing beyond the policies
/// it was made with, a root's no less; neither it nor a session without an MFA code calls IAM.
final class SessionsTest {
    private static final software.amazon.awssdk.services.iam.model.Tag TEAM_BLUE =
            software.amazon.awssdk.services.iam.model.Tag.builder()
                    .key("team")
                    .value("blue")
                    .build();
    private static final Tag TEAM_RED = Tag.builder().key("Team").value("red").build();
    private static final String QUEUES =
            """
            {"Version": "2012-10-17", "Statement":
              {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}}
            """;

    @TempDir Path data;
    private SecuredServer server;

    @BeforeEach
    void start() throws Exception {
        server = new SecuredServer(data);
        server.grant("{'Effect': 'Allow', 'Action': '*', 'Resource': '*'}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static AwsCredentials of(Credentials credentials) {
        return AwsSessionCredentials.create(
                credentials.accessKeyId(),
                credentials.secretAccessKey(),
                credentials.sessionToken());
    }

    /// @param policy empty for a session without
    private AwsCredentials federated(AwsCredentials by, String policy) {
        try (StsClient sts = server.client(StsClient.builder(), by)) {
            return of(
                    sts.getFederationToken(
                                    r -> r.name("guest").policy(policy.isEmpty() ? null : policy))
                            .credentials());
        }
    }

    @Test
    void aRootsFederatedSessionIsWithinItsPolicies() {
        AwsCredentials guest = federated(SecuredServer.ROOT, QUEUES);
        try (SqsClient sqs = server.client(SqsClient.builder(), guest);
                SnsClient sns = server.client(SnsClient.builder(), guest)) {
            assertThat(SecuredServer.refusal(sqs::listQueues)).isEmpty();
            assertThat(SecuredServer.refusal(sns::listTopics))
                    .contains(
                            "User: arn:aws:sts::000000000000:federated-user/guest is not"
                                    + " authorized to perform: SNS:ListTopics")
                    .contains("because no session policy allows the SNS:ListTopics action");
        }
    }

    @Test
    void aFederatedSessionWithoutPoliciesMayNothing() {
        AwsCredentials guest = federated(SecuredServer.ROOT, "");
        try (SqsClient sqs = server.client(SqsClient.builder(), guest)) {
            assertThat(SecuredServer.refusal(sqs::listQueues)).contains("no session policy");
        }
    }

    @Test
    void aRootsFederatedSessionReadsNoSecretsItWasNotGiven() {
        String batch =
                """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action":
                  "secretsmanager:BatchGetSecretValue", "Resource": "*"}}
                """;
        try (SecretsManagerClient root =
                        server.client(SecretsManagerClient.builder(), SecuredServer.ROOT);
                SecretsManagerClient guest =
                        server.client(
                                SecretsManagerClient.builder(),
                                federated(SecuredServer.ROOT, batch))) {
            root.createSecret(r -> r.name("s").secretString("x"));

            assertThat(guest.batchGetSecretValue(r -> r.secretIdList("s")))
                    .satisfies(told -> assertThat(told.secretValues()).isEmpty())
                    .satisfies(told ->
                            assertThat(told.errors())
                                    .extracting(APIErrorType::errorCode)
                                    .containsExactly("AccessDeniedException"));
        }
    }

    @Test
    void aFederatedSessionHasTheTagsOfItsUserAndItsOwn() {
        server.iam().tagUser(r -> r.userName("alice").tags(TEAM_BLUE));
        server.grant(
                "{'Effect': 'Allow', 'Action': 'sts:*', 'Resource': '*'}",
                "{'Effect': 'Allow', 'Action': 'sqs:*', 'Resource': '*', 'Condition':"
                        + " {'StringEquals': {'aws:PrincipalTag/team': 'blue'}}}");
        AwsCredentials red;
        try (StsClient sts = server.client(StsClient.builder(), server.alice())) {
            red =
                    of(
                            sts.getFederationToken(r -> r.name("red").policy(QUEUES).tags(TEAM_RED))
                                    .credentials());
        }
        try (SqsClient blue =
                        server.client(SqsClient.builder(), federated(server.alice(), QUEUES));
                SqsClient other = server.client(SqsClient.builder(), red)) {
            assertThat(SecuredServer.refusal(blue::listQueues)).isEmpty();
            assertThat(SecuredServer.refusal(other::listQueues)).startsWith("AccessDenied");
        }
    }

    private AwsCredentials plain(AwsCredentials by) {
        try (StsClient sts = server.client(StsClient.builder(), by)) {
            return of(sts.getSessionToken().credentials());
        }
    }

    private void assertNothingOfIam(AwsCredentials keys) {
        try (IamClient iam = server.client(IamClient.builder(), keys)) {
            assertThat(SecuredServer.refusal(iam::listUsers))
                    .isEqualTo(
                            "InvalidClientTokenId: The security token included in the request is"
                                    + " invalid");
        }
    }

    @Test
    void federatedSessionsCallNothingOfIamAndOfStsOnlyWhoTheyAre() {
        String all = QUEUES.replace("sqs:*", "*");
        for (AwsCredentials by : new AwsCredentials[] {SecuredServer.ROOT, server.alice()}) {
            AwsCredentials guest = federated(by, all);
            assertNothingOfIam(guest);
            try (StsClient sts = server.client(StsClient.builder(), guest);
                    SqsClient sqs = server.client(SqsClient.builder(), guest)) {
                assertThat(SecuredServer.refusal(sqs::listQueues)).isEmpty();
                assertThat(sts.getCallerIdentity().arn()).endsWith(":federated-user/guest");
                assertThat(SecuredServer.refusal(() -> assume(sts)))
                        .isEqualTo("AccessDenied: Cannot call AssumeRole with session credentials");
                assertThat(SecuredServer.refusal(() -> sts.getFederationToken(r -> r.name("g2"))))
                        .startsWith("AccessDenied: Cannot call GetFederationToken");
            }
        }
    }

    @Test
    void sessionsWithoutACodeCallNothingOfIamAndAssumeRoles() {
        server.iam()
                .createRole(r ->
                        r.roleName("worker")
                                .assumeRolePolicyDocument(
                                        """
                                        {"Version": "2012-10-17", "Statement": {"Effect": "Allow",
                                          "Principal": {"AWS": "000000000000"},
                                          "Action": "sts:AssumeRole"}}
                                        """));
        AwsCredentials session = plain(server.alice());
        assertNothingOfIam(session);
        assertNothingOfIam(plain(SecuredServer.ROOT));
        try (StsClient sts = server.client(StsClient.builder(), session)) {
            assertThat(SecuredServer.refusal(sts::getCallerIdentity)).isEmpty();
            assertThat(SecuredServer.refusal(() -> assume(sts))).isEmpty();
            assertThat(
                            SecuredServer.refusal(() ->
                                    sts.getAccessKeyInfo(
                                            r -> r.accessKeyId("ASIAAAAAAAAAAAAAAAAA"))))
                    .isEqualTo(
                            "AccessDenied: Cannot call GetAccessKeyInfo with session credentials");
        }
    }

    private static void assume(StsClient sts) {
        sts.assumeRole(
                r -> r.roleArn("arn:aws:iam::000000000000:role/worker").roleSessionName("s1"));
    }
}
