package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.app.Configuration;
import io.millrace.app.Millrace;
import io.millrace.wire.Credential;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AccessKey;
import software.amazon.awssdk.services.iam.model.EvaluationResult;
import software.amazon.awssdk.services.iam.model.PolicyEvaluationDecisionType;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/// A user may do what policies allow and nothing denies, and is told why not as AWS tells it.
final class PermissionsTest {
    private static final AwsCredentials ROOT =
            AwsBasicCredentials.create("MILLRACEROOT", "a secret of the operator's");
    private static final String ALICE = "arn:aws:iam::000000000000:user/alice";
    private static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:orders";

    @TempDir Path data;
    private Millrace server;
    private IamClient iam;
    private SqsClient sqs;
    private AwsCredentials alice;
    private String queueUrl;

    @BeforeEach
    void start() throws Exception {
        server =
                Millrace.start(
                        Configuration.of(data)
                                .withCredentials(
                                        new Credential(
                                                ROOT.accessKeyId(), ROOT.secretAccessKey(), null)));
        iam = client(IamClient.builder(), ROOT);
        sqs = client(SqsClient.builder(), ROOT);
        iam.createUser(request -> request.userName("alice"));
        AccessKey key = iam.createAccessKey(request -> request.userName("alice")).accessKey();
        alice = AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey());
        queueUrl = sqs.createQueue(request -> request.queueName("orders")).queueUrl();
    }

    @AfterEach
    void stop() {
        sqs.close();
        iam.close();
        server.close();
    }

    private <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(
            B builder, AwsCredentials credentials) {
        return builder.endpointOverride(URI.create(server.endpoint()))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    private static String statement(String effect, String action, String resource, String more) {
        return """
        {"Effect": "%s", "Action": "%s", "Resource": "%s"%s}
        """
                .formatted(effect, action, resource, more);
    }

    private static String policy(String... statements) {
        return "{\"Version\": \"2012-10-17\", \"Statement\": ["
                + String.join(",", statements)
                + "]}";
    }

    private void grant(String policy) {
        iam.putUserPolicy(
                request -> request.userName("alice").policyName("p").policyDocument(policy));
    }

    private static String denial(Runnable call) {
        AwsServiceException denial =
                catchThrowableOfType(AwsServiceException.class, () -> call.run());
        return denial == null ? "" : denial.awsErrorDetails().errorMessage();
    }

    @Test
    void nothingIsAllowedUntilAPolicyDoesAndADenialWins() {
        try (SqsClient user = client(SqsClient.builder(), alice)) {
            Runnable send = () -> user.sendMessage(r -> r.queueUrl(queueUrl).messageBody("x"));
            String begin =
                    "User: "
                            + ALICE
                            + " is not authorized to perform: sqs:sendmessage on resource: "
                            + QUEUE;

            assertThat(denial(send))
                    .isEqualTo(
                            begin
                                    + " because no identity-based policy allows the"
                                    + " sqs:sendmessage action");

            grant(policy(statement("Allow", "sqs:Send*", QUEUE, "")));
            assertThat(denial(send)).isEmpty();

            grant(
                    policy(
                            statement("Allow", "sqs:Send*", QUEUE, ""),
                            statement("Deny", "sqs:*", "*", "")));
            assertThat(denial(send))
                    .isEqualTo(begin + " with an explicit deny in an identity-based policy");
        }
    }

    @Test
    void whoeverMovesDeadLettersBackNeedsToSendThere() {
        String dead = QUEUE.replace("orders", "dead");
        sqs.createQueue(request -> request.queueName("dead"));
        sqs.setQueueAttributes(request ->
                request.queueUrl(queueUrl)
                        .attributesWithStrings(
                                Map.of(
                                        "RedrivePolicy",
                                        "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":1}"
                                                .formatted(dead))));
        try (SqsClient user = client(SqsClient.builder(), alice)) {
            Runnable move = () -> user.startMessageMoveTask(request -> request.sourceArn(dead));
            grant(policy(statement("Allow", "sqs:*", dead, "")));
            assertThat(denial(move)).contains("sqs:sendmessage on resource: " + QUEUE);

            grant(
                    policy(
                            statement("Allow", "sqs:*", dead, ""),
                            statement("Allow", "sqs:SendMessage", QUEUE, "")));
            assertThat(denial(move)).isEmpty();
        }
    }

    @Test
    void theQueuesPolicyCanAllowAlone() {
        sqs.setQueueAttributes(request ->
                request.queueUrl(queueUrl)
                        .attributes(
                                Map.of(
                                        QueueAttributeName.POLICY,
                                        policy(
                                                statement(
                                                        "Allow",
                                                        "sqs:ReceiveMessage",
                                                        QUEUE,
                                                        ", \"Principal\": {\"AWS\": \""
                                                                + ALICE
                                                                + "\"}")))));

        try (SqsClient user = client(SqsClient.builder(), alice)) {
            assertThat(denial(() -> user.receiveMessage(r -> r.queueUrl(queueUrl)))).isEmpty();
            assertThat(denial(() -> user.purgeQueue(r -> r.queueUrl(queueUrl)))).isNotEmpty();
        }
    }

    @Test
    void aUserMayHaveItsOwnItemsOnly() {
        try (DynamoDbClient owner = client(DynamoDbClient.builder(), ROOT);
                DynamoDbClient user = client(DynamoDbClient.builder(), alice)) {
            owner.createTable(request ->
                    request.tableName("notes")
                            .billingMode(BillingMode.PAY_PER_REQUEST)
                            .keySchema(
                                    KeySchemaElement.builder()
                                            .attributeName("who")
                                            .keyType(KeyType.HASH)
                                            .build())
                            .attributeDefinitions(
                                    AttributeDefinition.builder()
                                            .attributeName("who")
                                            .attributeType(ScalarAttributeType.S)
                                            .build()));
            grant(
                    policy(
                            statement(
                                    "Allow",
                                    "dynamodb:*",
                                    "arn:aws:dynamodb:*:*:table/notes",
                                    ", \"Condition\": {\"ForAllValues:StringEquals\":"
                                            + " {\"dynamodb:LeadingKeys\": \"${aws:username}\"}}")));

            assertThat(denial(() -> put(user, "alice"))).isEmpty();
            assertThat(denial(() -> put(user, "bob"))).contains("dynamodb:PutItem");
            assertThat(denial(() -> user.scan(r -> r.tableName("notes"))))
                    .contains("dynamodb:Scan");
            assertThat(
                            denial(() ->
                                    user.executeStatement(r ->
                                            r.statement("SELECT * FROM notes WHERE who = 'bob'"))))
                    .contains("dynamodb:PartiQLSelect");
        }
    }

    private static void put(DynamoDbClient client, String who) {
        client.putItem(request ->
                request.tableName("notes").item(Map.of("who", AttributeValue.fromS(who))));
    }

    @Test
    void aSessionIsWithinItsSessionPolicies() {
        String trust =
                policy(
                                statement(
                                        "Allow",
                                        "sts:AssumeRole",
                                        "*",
                                        ", \"Principal\": {\"AWS\": \"" + ALICE + "\"}"))
                        .replace(", \"Resource\": \"*\"", "");
        String role =
                iam.createRole(r -> r.roleName("worker").assumeRolePolicyDocument(trust))
                        .role()
                        .arn();
        iam.putRolePolicy(request ->
                request.roleName("worker")
                        .policyName("p")
                        .policyDocument(policy(statement("Allow", "sqs:*", "*", ""))));
        AwsCredentials session;
        try (StsClient sts = client(StsClient.builder(), alice)) {
            Credentials made =
                    sts.assumeRole(request ->
                                    request.roleArn(role)
                                            .roleSessionName("one")
                                            .policy(
                                                    policy(
                                                            statement(
                                                                    "Allow",
                                                                    "sqs:Receive*",
                                                                    "*",
                                                                    ""))))
                            .credentials();
            session =
                    AwsSessionCredentials.create(
                            made.accessKeyId(), made.secretAccessKey(), made.sessionToken());
        }

        try (SqsClient worker = client(SqsClient.builder(), session)) {
            assertThat(denial(() -> worker.receiveMessage(r -> r.queueUrl(queueUrl)))).isEmpty();
            assertThat(denial(() -> worker.deleteQueue(r -> r.queueUrl(queueUrl))))
                    .endsWith("because no session policy allows the sqs:deletequeue action");
        }
    }

    @Test
    void theSimulatorSaysBeforehand() {
        grant(policy(statement("Allow", "sqs:SendMessage", QUEUE, "")));

        EvaluationResult allowed =
                iam.simulatePrincipalPolicy(request ->
                                request.policySourceArn(ALICE)
                                        .actionNames("sqs:SendMessage")
                                        .resourceArns(QUEUE))
                        .evaluationResults()
                        .getFirst();

        assertThat(allowed.evalDecision()).isEqualTo(PolicyEvaluationDecisionType.ALLOWED);
        assertThat(allowed.matchedStatements())
                .singleElement()
                .satisfies(statement -> assertThat(statement.sourcePolicyId()).isEqualTo("p"));
    }
}
