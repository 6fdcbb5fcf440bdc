package io.millrace.conformance;

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
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KeyMetadata;

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
            assertThat(SecuredServer.refusal(() -> create(tables, "tab", MISSING)))
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
            assertThat(SecuredServer.refusal(() -> create(tables, "other", key.arn())))
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
            String refusal =
                    "AccessDeniedException: The specified KMS key does not exist or is not allowed"
                            + " to be used with Arn"
                            + " 'arn:aws:logs:us-east-1:000000000000:log-group:g'";

            assertThat(
                            SecuredServer.refusal(() ->
                                    logs.createLogGroup(
                                            r -> r.logGroupName("g").kmsKeyId(MISSING))))
                    .isEqualTo(refusal);

            logs.createLogGroup(r -> r.logGroupName("g").kmsKeyId(key));
            assertThat(
                            SecuredServer.refusal(() ->
                                    logs.associateKmsKey(
                                            r -> r.logGroupName("g").kmsKeyId(MISSING))))
                    .isEqualTo(refusal);
            kms.disableKey(r -> r.keyId(key));
            assertThat(
                            SecuredServer.refusal(() ->
                                    logs.associateKmsKey(r -> r.logGroupName("g").kmsKeyId(key))))
                    .isEqualTo("InvalidParameterException: " + key + " is disabled.");
        }
    }
}
