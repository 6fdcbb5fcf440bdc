package io.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.codec.JsonShapeReader;
import io.millrace.api.dynamodb.DynamodbApi;
import io.millrace.api.events.EventsApi;
import io.millrace.api.sns.SnsApi;
import io.millrace.api.sts.StsApi;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Most texts are recorded answers: of DynamoDB by dynalite's tests, of others by issues and logs.
final class ConstraintsTest {

    private static List<String> check(OperationModel<?, ?> operation, String json) {
        return Constraints.check(
                JsonShapeReader.read(json.getBytes(StandardCharsets.UTF_8), operation.input()));
    }

    @Test
    void findsNothingInAProperRequest() {
        assertThat(
                        check(
                                DynamodbApi.PUT_ITEM,
                                """
                                {"TableName":"t","Item":{"a":{"S":""}},"ReturnValues":"NONE"}\
                                """))
                .isEmpty();
    }

    @Test
    void missesRequiredMembersAndRefusesUnknownValues() {
        assertThat(
                        check(
                                DynamodbApi.BATCH_WRITE_ITEM,
                                """
                                {"ReturnConsumedCapacity":"hi","ReturnItemCollectionMetrics":"hi"}\
                                """))
                .containsExactlyInAnyOrder(
                        "Value 'hi' at 'returnConsumedCapacity' failed to satisfy constraint: Member"
                                + " must satisfy enum value set: [INDEXES, TOTAL, NONE]",
                        "Value 'hi' at 'returnItemCollectionMetrics' failed to satisfy constraint:"
                                + " Member must satisfy enum value set: [SIZE, NONE]",
                        "Value null at 'requestItems' failed to satisfy constraint: Member must not"
                                + " be null");
    }

    @Test
    void reportsAnEmptyMap() {
        assertThat(check(DynamodbApi.BATCH_WRITE_ITEM, "{\"RequestItems\":{}}"))
                .containsExactly(
                        "Value '{}' at 'requestItems' failed to satisfy constraint: Member must have"
                                + " length greater than or equal to 1");
    }

    @Test
    void goesThroughMapsAndListsIntoStructures() {
        assertThat(
                        check(
                                DynamodbApi.BATCH_WRITE_ITEM,
                                """
                                {"RequestItems":{"aa;":[{"PutRequest":{},"DeleteRequest":{}}]}}\
                                """))
                .containsExactlyInAnyOrder(
                        "Value null at 'requestItems.aa;.member.1.member.deleteRequest.key' failed to"
                                + " satisfy constraint: Member must not be null",
                        "Value null at 'requestItems.aa;.member.1.member.putRequest.item' failed to"
                                + " satisfy constraint: Member must not be null");
    }

    @Test
    void reportsValuesOfAMapAtTheMap() {
        assertThat(check(DynamodbApi.BATCH_WRITE_ITEM, "{\"RequestItems\":{\"a\":[]}}"))
                .containsExactly(
                        "Value '{a=[]}' at 'requestItems' failed to satisfy constraint: Map value must"
                                + " satisfy constraint: [Member must have length less than or equal"
                                + " to 25, Member must have length greater than or equal to 1]");
    }

    @Test
    void numbersElementsFromOneAndShowsStructures() {
        assertThat(
                        check(
                                DynamodbApi.UPDATE_TABLE,
                                """
                                {"TableName":"t","AttributeDefinitions":[{},{"AttributeName":"b",\
                                "AttributeType":"SS"}],\
                                "ProvisionedThroughput":{"ReadCapacityUnits":-1,\
                                "WriteCapacityUnits":1}}\
                                """))
                .containsExactly(
                        "Value null at 'attributeDefinitions.1.member.attributeName' failed to satisfy"
                                + " constraint: Member must not be null",
                        "Value null at 'attributeDefinitions.1.member.attributeType' failed to satisfy"
                                + " constraint: Member must not be null",
                        "Value 'SS' at 'attributeDefinitions.2.member.attributeType' failed to satisfy"
                                + " constraint: Member must satisfy enum value set: [B, N, S]",
                        "Value '-1' at 'provisionedThroughput.readCapacityUnits' failed to satisfy"
                                + " constraint: Member must have value greater than or equal to 1");
    }

    @Test
    void showsStructuresInListsAsAwsDoes() {
        assertThat(
                        check(
                                DynamodbApi.CREATE_GLOBAL_TABLE,
                                """
                                {"GlobalTableName":"gtn","ReplicationGroup":null}\
                                """))
                .containsExactly(
                        "Value null at 'replicationGroup' failed to satisfy constraint: Member must"
                                + " not be null");
        assertThat(
                        ValueText.of(
                                List.of(
                                        io.millrace.api.dynamodb.KeySchemaElement.builder()
                                                .attributeName("pk")
                                                .keyType("HASH")
                                                .build())))
                .isEqualTo("[KeySchemaElement(attributeName=pk, keyType=HASH)]");
    }

    @Test
    void reportsKeysOfAMapAtTheMap() {
        assertThat(
                        check(
                                EventsApi.PUT_TARGETS,
                                """
                                {"Rule":"r","Targets":[{"Id":"1","Arn":"a","InputTransformer":\
                                {"InputPathsMap":{"de onde?":"$.a"},"InputTemplate":"t"}}]}\
                                """))
                .containsExactly(
                        "Value '{de onde?=$.a}' at"
                                + " 'targets.1.member.inputTransformer.inputPathsMap' failed to"
                                + " satisfy constraint: Map keys must satisfy constraint: [Member"
                                + " must have length less than or equal to 256, Member must have"
                                + " length greater than or equal to 1, Member must satisfy regular"
                                + " expression pattern: [A-Za-z0-9\\_\\-]+]");
    }

    @Test
    void reportsAPattern() {
        assertThat(check(EventsApi.PUT_RULE, "{\"Name\":\"a b\"}"))
                .containsExactly(
                        "Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy"
                                + " regular expression pattern: [\\.\\-_A-Za-z0-9]+");
    }

    @Test
    void refusesANullInAList() {
        assertThat(check(SnsApi.UNTAG_RESOURCE, "{\"ResourceArn\":\"arn\",\"TagKeys\":[null]}"))
                .containsExactly(
                        "Value '[null]' at 'tagKeys' failed to satisfy constraint: Member must satisfy"
                                + " constraint: [Member must have length less than or equal to 128,"
                                + " Member must have length greater than or equal to 1]");
    }

    @Test
    void countsViolationsInTheMessage() {
        List<String> violations =
                check(StsApi.ASSUME_ROLE, "{\"RoleArn\":\"short\",\"DurationSeconds\":1}");

        assertThat(Constraints.message(violations.subList(0, 1)))
                .isEqualTo(
                        "1 validation error detected: Value 'short' at 'roleArn' failed to satisfy"
                                + " constraint: Member must have length greater than or equal to 20");
        assertThat(Constraints.message(violations)).startsWith("3 validation errors detected: ");
    }

    @Test
    void stopsAtTenViolations() {
        String entries = "{\"PublishBatchRequestEntries\":[" + "{},".repeat(50) + "{}]}";

        assertThat(check(SnsApi.PUBLISH_BATCH, entries)).hasSize(Constraints.VIOLATIONS_MAX);
    }

    @Test
    void tellsThePathAsItStandsOnTheWire() {
        List<Violation> violations =
                Constraints.violations(
                        JsonShapeReader.read(
                                "{\"PublishBatchRequestEntries\":[{}]}"
                                        .getBytes(StandardCharsets.UTF_8),
                                SnsApi.PUBLISH_BATCH.input()));

        assertThat(violations.getFirst().wirePath()).isEqualTo("TopicArn");
        assertThat(violations.get(1).wirePath())
                .isEqualTo("PublishBatchRequestEntries.1.member.Id");
    }

    @ParameterizedTest
    @MethodSource("io.millrace.api.Models#operations")
    void checksAnythingWithoutStumbling(OperationModel<?, ?> operation) {
        for (long seed = 0; seed < 20; seed++) {
            List<Violation> violations =
                    Constraints.violations(RandomShapeReader.sparse(seed, operation.input()));
            assertThat(violations).hasSizeLessThanOrEqualTo(Constraints.VIOLATIONS_MAX);
        }
    }
}
