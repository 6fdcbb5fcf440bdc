package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.Filter;
import software.amazon.awssdk.services.secretsmanager.model.FilterNameStringType;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;
import software.amazon.awssdk.services.secretsmanager.model.Tag;
import software.amazon.awssdk.services.sqs.model.Message;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Secrets through the AWS SDK for Java v2: AWS keeps versions by staging labels, accepts names and
/// whole and partial ARNs, waits with deletions, and tells nothing of what it cannot find.
final class SecretsManagerTest {
    private MillraceServer server;
    private Clients aws;

    @BeforeEach
    void start() {
        server = MillraceServer.start();
        aws = new Clients(server.endpoint(), "000000000000");
    }

    @AfterEach
    void close() {
        aws.close();
        server.close();
    }

    @Test
    void aSecretIsReadByItsNameItsArnAndAPartOfThat() {
        CreateSecretResponse made =
                aws.secrets.createSecret(request ->
                        request.name("prod/db").description("orders").secretString("p4ss"));
        assertThat(made.arn())
                .matches(
                        "arn:aws:secretsmanager:us-east-1:000000000000:secret:prod/db-[A-Za-z0-9]{6}");

        for (String id :
                List.of("prod/db", made.arn(), made.arn().substring(0, made.arn().length() - 7))) {
            GetSecretValueResponse value =
                    aws.secrets.getSecretValue(request -> request.secretId(id));
            assertThat(value.secretString()).isEqualTo("p4ss");
            assertThat(value.versionId()).isEqualTo(made.versionId());
            assertThat(value.versionStages()).containsExactly("AWSCURRENT");
        }
        assertThatThrownBy(() ->
                        aws.secrets.createSecret(
                                request -> request.name("prod/db").secretString("other")))
                .isInstanceOf(ResourceExistsException.class)
                .hasMessageContaining(
                        "The operation failed because the secret prod/db already exists.");
        assertThatThrownBy(() -> aws.secrets.getSecretValue(request -> request.secretId("prod/d")))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("Secrets Manager can't find the specified secret.");
    }

    @Test
    void bytesAreBytesAndTheVersionBeforeIsStillThere() {
        aws.secrets.createSecret(request -> request.name("s").secretString("one"));
        SdkBytes bytes = SdkBytes.fromByteArray(new byte[] {0, -1, 7});
        aws.secrets.putSecretValue(request -> request.secretId("s").secretBinary(bytes));

        assertThat(aws.secrets.getSecretValue(request -> request.secretId("s")).secretBinary())
                .isEqualTo(bytes);
        assertThat(
                        aws.secrets
                                .getSecretValue(request ->
                                        request.secretId("s").versionStage("AWSPREVIOUS"))
                                .secretString())
                .isEqualTo("one");
        assertThat(
                        aws
                                .secrets
                                .listSecretVersionIdsPaginator(
                                        request -> request.secretId("s").maxResults(1))
                                .stream()
                                .flatMap(page -> page.versions().stream())
                                .count())
                .isEqualTo(2);
    }

    @Test
    void everythingIsThereAfterARestart() {
        aws.secrets.createSecret(request ->
                request.name("s")
                        .secretString("one")
                        .tags(Tag.builder().key("team").value("blue").build()));
        aws.secrets.updateSecret(request -> request.secretId("s").secretString("two"));
        aws.secrets.deleteSecret(request -> request.secretId("s").recoveryWindowInDays(7L));
        DescribeSecretResponse before =
                aws.secrets.describeSecret(request -> request.secretId("s"));

        server.restart();

        try (Clients after = new Clients(server.endpoint(), "000000000000")) {
            DescribeSecretResponse described =
                    after.secrets.describeSecret(request -> request.secretId("s"));
            assertThat(described).hasToString(before.toString());
            assertThatThrownBy(() -> after.secrets.getSecretValue(request -> request.secretId("s")))
                    .isInstanceOf(InvalidRequestException.class);
            after.secrets.restoreSecret(request -> request.secretId("s"));
            assertThat(
                            after.secrets
                                    .getSecretValue(request -> request.secretId("s"))
                                    .secretString())
                    .isEqualTo("two");
        }
    }

    @Test
    void aBatchTellsWhatItFindsAndWhatItDoesNot() {
        aws.secrets.createSecret(request -> request.name("a").secretString("1"));
        aws.secrets.createSecret(request -> request.name("b").secretString("2"));

        var batch =
                aws.secrets.batchGetSecretValue(
                        request -> request.secretIdList("a", "missing", "b"));
        assertThat(batch.secretValues())
                .extracting("name", "secretString")
                .containsExactly(tuple("a", "1"), tuple("b", "2"));
        assertThat(batch.errors())
                .singleElement()
                .satisfies(error -> {
                    assertThat(error.secretId()).isEqualTo("missing");
                    assertThat(error.errorCode()).isEqualTo("ResourceNotFoundException");
                });
        assertThat(aws.secrets.listSecrets(request -> request.filters(named("b"))).secretList())
                .singleElement()
                .satisfies(secret -> assertThat(secret.name()).isEqualTo("b"));
    }

    @Test
    void anotherAccountReadsWhatAPolicyLetsItRead() {
        String arn =
                aws.secrets
                        .createSecret(request -> request.name("shared").secretString("hello"))
                        .arn();
        try (Clients other = new Clients(server.endpoint(), "111122223333")) {
            assertThatThrownBy(() -> other.secrets.getSecretValue(request -> request.secretId(arn)))
                    .isInstanceOfSatisfying(
                            SecretsManagerException.class,
                            e ->
                                    assertThat(e.awsErrorDetails().errorCode())
                                            .isEqualTo("AccessDeniedException"));
            aws.secrets.putResourcePolicy(request ->
                    request.secretId("shared")
                            .blockPublicPolicy(true)
                            .resourcePolicy(
                                    """
                                    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
                                     "Principal": {"AWS": "111122223333"},
                                     "Action": "secretsmanager:GetSecretValue",
                                     "Resource": "*"}]}
                                    """));

            assertThat(
                            other.secrets
                                    .getSecretValue(request -> request.secretId(arn))
                                    .secretString())
                    .isEqualTo("hello");
            assertThatThrownBy(() -> other.secrets.describeSecret(request -> request.secretId(arn)))
                    .hasMessageContaining(
                            "because no resource-based policy allows the"
                                    + " secretsmanager:DescribeSecret action");
        }
    }

    @Test
    void aQueuesConsumerRotatesASecretAtItsTime() throws Exception {
        String queue = aws.sqs.createQueue(request -> request.queueName("rotations")).queueUrl();
        aws.secrets.createSecret(request -> request.name("s").secretString("one"));
        aws.secrets.rotateSecret(request ->
                request.secretId("s")
                        .rotationLambdaARN("arn:aws:sqs:us-east-1:000000000000:rotations")
                        .rotationRules(rules -> rules.automaticallyAfterDays(1L)));
        rotate(queue, "two");
        assertThat(value("s")).isEqualTo("two");

        moveClock("P1D");
        rotate(queue, "three");

        assertThat(value("s")).isEqualTo("three");
        assertThat(
                        aws.secrets
                                .describeSecret(request -> request.secretId("s"))
                                .versionIdsToStages())
                .containsValue(List.of("AWSCURRENT", "AWSPENDING"))
                .containsValue(List.of("AWSPREVIOUS"));
    }

    /// What a rotation function does, in AWS's four steps.
    private void rotate(String queue, String value) {
        List<Message> messages =
                aws.sqs
                        .receiveMessage(request -> request.queueUrl(queue).waitTimeSeconds(10))
                        .messages();
        assertThat(messages).hasSize(1);
        String body = messages.getFirst().body();
        Map<String, String> told =
                Map.of("id", member(body, "SecretId"), "token", member(body, "ClientRequestToken"));
        aws.sqs.deleteMessage(request ->
                request.queueUrl(queue).receiptHandle(messages.getFirst().receiptHandle()));
        aws.secrets.putSecretValue(request ->
                request.secretId(told.get("id"))
                        .clientRequestToken(told.get("token"))
                        .versionStages("AWSPENDING")
                        .secretString(value));
        String current = aws.secrets.getSecretValue(request -> request.secretId("s")).versionId();
        aws.secrets.updateSecretVersionStage(request ->
                request.secretId(told.get("id"))
                        .versionStage("AWSCURRENT")
                        .moveToVersionId(told.get("token"))
                        .removeFromVersionId(current));
    }

    private static String member(String json, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\":\"([^\"]+)\"").matcher(json);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private static Filter named(String name) {
        return Filter.builder().key(FilterNameStringType.NAME).values(name).build();
    }

    private String value(String id) {
        return aws.secrets.getSecretValue(request -> request.secretId(id)).secretString();
    }

    private void moveClock(String duration) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(server.endpoint().resolve("/_millrace/clock"))
                        .POST(HttpRequest.BodyPublishers.ofString(duration))
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        }
    }
}
