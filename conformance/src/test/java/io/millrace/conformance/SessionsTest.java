package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.APIErrorType;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

import java.nio.file.Path;

/// What temporary keys of users and roots may do: a federated session nothing beyond the policies
/// it was made with, a root's no less.
final class SessionsTest {
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
}
