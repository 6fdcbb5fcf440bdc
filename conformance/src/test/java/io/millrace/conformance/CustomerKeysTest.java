package io.millrace.conformance;

import static io.millrace.conformance.SecuredServer.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.SSEType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.ConnectionAuthorizationType;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.pipes.PipesClient;
import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.scheduler.model.FlexibleTimeWindowMode;

import java.nio.file.Path;

/// What is to be encrypted with a key of the customer's needs the key: there, in its region, and
/// enabled. Each service says so in its own words.
final class CustomerKeysTest {
    private static final String MISSING =
            "arn:aws:kms:us-east-1:000000000000:key/00000000-1111-2222-3333-444444444444";

    private static final AttributeDefinition ATTRIBUTE =
            AttributeDefinition.builder()
                    .attributeName("k")
                    .attributeType(ScalarAttributeType.S)
                    .build();
    private static final KeySchemaElement KEY =
            KeySchemaElement.builder().attributeName("k").keyType(KeyType.HASH).build();

    @TempDir Path data;
    private SecuredServer server;
    private KmsClient kms;

    @BeforeEach
    void start() throws Exception {
        server = new SecuredServer(data);
        kms = server.client(KmsClient.builder(), SecuredServer.ROOT);
    }

    @AfterEach
    void stop() {
        kms.close();
        server.close();
    }

    @Test
    void aTablesKeyMustBeThereAndEnabled() {
        KeyMetadata key = kms.createKey().keyMetadata();
        kms.createAlias(r -> r.aliasName("alias/tables").targetKeyId(key.keyId()));
        try (DynamoDbClient tables = server.client(DynamoDbClient.builder(), SecuredServer.ROOT)) {
            assertThat(refusal(() -> create(tables, "tab", MISSING)))
                    .startsWith(
                            "ValidationException: KMS validation error:"
                                    + " com.amazonaws.services.kms.model.NotFoundException: Key '"
                                    + MISSING
                                    + "' does not exist (Service: AWSKMS; Status Code: 400; Error"
                                    + " Code: NotFoundException; Request ID: ");

            create(tables, "tab", "alias/tables");
            assertThat(tables.describeTable(r -> r.tableName("tab")).table().sseDescription())
                    .satisfies(sse -> assertThat(sse.kmsMasterKeyArn()).isEqualTo(key.arn()));

            kms.disableKey(r -> r.keyId(key.keyId()));
            assertThat(refusal(() -> create(tables, "other", key.arn())))
                    .startsWith(
                            "ValidationException: KMS validation error:"
                                    + " com.amazonaws.services.kms.model.DisabledException: "
                                    + key.arn()
                                    + " is disabled.");
            assertThat(tables.listTables().tableNames()).containsExactly("tab");
        }
    }

    private static void create(DynamoDbClient client, String name, String keyId) {
        client.createTable(r ->
                r.tableName(name)
                        .billingMode(BillingMode.PAY_PER_REQUEST)
                        .attributeDefinitions(ATTRIBUTE)
                        .keySchema(KEY)
                        .sseSpecification(
                                s -> s.enabled(true).sseType(SSEType.KMS).kmsMasterKeyId(keyId)));
    }

    @Test
    void aLogGroupsKeyMustBeThereAndEnabled() {
        String key = kms.createKey().keyMetadata().arn();
        try (CloudWatchLogsClient logs =
                server.client(CloudWatchLogsClient.builder(), SecuredServer.ROOT)) {
            String refused =
                    "AccessDeniedException: The specified KMS key does not exist or is not allowed"
                            + " to be used with Arn"
                            + " 'arn:aws:logs:us-east-1:000000000000:log-group:g'";

            assertThat(
                            refusal(() ->
                                    logs.createLogGroup(
                                            r -> r.logGroupName("g").kmsKeyId(MISSING))))
                    .isEqualTo(refused);

            logs.createLogGroup(r -> r.logGroupName("g").kmsKeyId(key));
            assertThat(
                            refusal(() ->
                                    logs.associateKmsKey(
                                            r -> r.logGroupName("g").kmsKeyId(MISSING))))
                    .isEqualTo(refused);
            kms.disableKey(r -> r.keyId(key));
            assertThat(refusal(() -> logs.associateKmsKey(r -> r.logGroupName("g").kmsKeyId(key))))
                    .isEqualTo("InvalidParameterException: " + key + " is disabled.");
        }
    }

    @Test
    void aKeyOfEventBridgeMustBeThereAndEnabledForEncryption() {
        String key = kms.createKey().keyMetadata().arn();
        try (EventBridgeClient events =
                server.client(EventBridgeClient.builder(), SecuredServer.ROOT)) {
            String refused =
                    "ValidationException: Parameter KmsKeyIdentifier is not valid. Reason: Key '"
                            + MISSING
                            + "' does not exist";

            assertThat(
                            refusal(() ->
                                    events.createEventBus(
                                            r -> r.name("b").kmsKeyIdentifier(MISSING))))
                    .isEqualTo(refused);
            String bus =
                    events.createEventBus(r -> r.name("b").kmsKeyIdentifier(key)).eventBusArn();
            assertThat(
                            refusal(() ->
                                    events.updateEventBus(
                                            r -> r.name("b").kmsKeyIdentifier(MISSING))))
                    .isEqualTo(refused);
            assertThat(
                            refusal(() ->
                                    events.createArchive(r ->
                                            r.archiveName("a")
                                                    .eventSourceArn(bus)
                                                    .kmsKeyIdentifier(MISSING))))
                    .isEqualTo(refused);
            assertThat(refusal(() -> connect(events, MISSING))).isEqualTo(refused);
            connect(events, key);
            kms.disableKey(r -> r.keyId(key));
            assertThat(
                            refusal(() ->
                                    events.updateConnection(
                                            r -> r.name("c").kmsKeyIdentifier("alias/missing"))))
                    .contains("Alias arn:aws:kms:us-east-1:000000000000:alias/missing is not");
            events.updateConnection(r -> r.name("c").description("keeps its key"));
            assertThat(refusal(() -> events.updateEventBus(r -> r.name("b").kmsKeyIdentifier(key))))
                    .endsWith(key + " is disabled.");
            assertThat(events.listArchives(r -> {}).archives()).isEmpty();
        }
    }

    private static void connect(EventBridgeClient events, String key) {
        events.createConnection(r ->
                r.name("c")
                        .kmsKeyIdentifier(key)
                        .authorizationType(ConnectionAuthorizationType.API_KEY)
                        .authParameters(p ->
                                p.apiKeyAuthParameters(a -> a.apiKeyName("n").apiKeyValue("v"))));
    }

    @Test
    void aSchedulesAndAPipesKeyMustBeThereForEncryption() {
        String signing =
                kms.createKey(r -> r.keyUsage(KeyUsageType.SIGN_VERIFY).keySpec(KeySpec.RSA_2048))
                        .keyMetadata()
                        .arn();
        String trust =
                """
                {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole",
                 "Principal":{"Service":["scheduler.amazonaws.com","pipes.amazonaws.com"]}}}\
                """;
        server.iam().createRole(r -> r.roleName("r").assumeRolePolicyDocument(trust));
        try (SchedulerClient scheduler =
                        server.client(SchedulerClient.builder(), SecuredServer.ROOT);
                PipesClient pipes = server.client(PipesClient.builder(), SecuredServer.ROOT)) {
            assertThat(refusal(() -> schedule(scheduler, MISSING)))
                    .isEqualTo("ValidationException: Key '" + MISSING + "' does not exist");
            assertThat(refusal(() -> schedule(scheduler, signing)))
                    .startsWith("ValidationException: " + signing);
            assertThat(
                            refusal(() ->
                                    pipes.createPipe(r ->
                                            r.name("p")
                                                    .source("arn:aws:sqs:us-east-1:000000000000:q")
                                                    .target("arn:aws:sqs:us-east-1:000000000000:t")
                                                    .roleArn("arn:aws:iam::000000000000:role/r")
                                                    .kmsKeyIdentifier(MISSING))))
                    .startsWith("ValidationException: ")
                    .contains("Key '" + MISSING + "' does not exist");
            assertThat(scheduler.listSchedules(r -> {}).schedules()).isEmpty();
            assertThat(pipes.listPipes(r -> {}).pipes()).isEmpty();
        }
    }

    private static void schedule(SchedulerClient scheduler, String key) {
        scheduler.createSchedule(r ->
                r.name("s")
                        .kmsKeyArn(key)
                        .scheduleExpression("rate(1 hour)")
                        .flexibleTimeWindow(w -> w.mode(FlexibleTimeWindowMode.OFF))
                        .target(t ->
                                t.arn("arn:aws:sqs:us-east-1:000000000000:q")
                                        .roleArn("arn:aws:iam::000000000000:role/r")));
    }
}
