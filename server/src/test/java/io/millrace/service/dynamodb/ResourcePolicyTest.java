package io.millrace.service.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.time.Duration;

final class ResourcePolicyTest {
    private static final String OWN = "000000000000";
    private static final String OTHER = "222222222222";
    private static final String ARN = "arn:aws:dynamodb:us-east-1:" + OWN + ":table/orders";
    private static final String RESOURCE = "'ResourceArn': '" + ARN + "'";
    private static final String DENIED = "AccessDeniedException: ";
    private static final String INVALID =
            "ValidationException: One or more parameter values were invalid: ";
    private static final String NOT_FOUND =
            "PolicyNotFoundException: Resource-based policy not found for the provided ResourceArn:"
                    + " ";

    private final DynamoDbFixture db = DynamoDbFixture.inMemory();

    @BeforeEach
    void table() {
        db.createTable(
                "orders",
                "S",
                "'GlobalSecondaryIndexes': [{'IndexName': 'byS', 'KeySchema':"
                        + " [{'AttributeName': 's', 'KeyType': 'HASH'}],"
                        + " 'Projection': {'ProjectionType': 'ALL'}}],"
                        + " 'StreamSpecification': {'StreamEnabled': true,"
                        + " 'StreamViewType': 'KEYS_ONLY'},");
        db.put("orders", "{'p': {'S': 'a'}, 's': {'S': 'b'}}");
    }

    private static String policy(String effect, String action, String resource) {
        return policy(effect, effect.equals("Deny") ? "*" : OTHER, action, resource, "");
    }

    private static String policy(
            String effect, String principal, String action, String resource, String more) {
        return "{'Version': '2012-10-17', 'Statement': [{'Effect': '%s', 'Principal': {'AWS': '%s'},"
                        .formatted(effect, principal)
                + " 'Action': '%s', 'Resource': '%s'%s}]}".formatted(action, resource, more);
    }

    /// A JSON document as a JSON string.
    private static String quoted(String policy) {
        return "'" + policy.replace("'", "\\'") + "'";
    }

    private static String putting(String policy, String more) {
        return "{" + RESOURCE + ", 'Policy': " + quoted(policy) + more + "}";
    }

    private String put(String policy, String more) {
        return db.call("PutResourcePolicy", putting(policy, more)).get("RevisionId").stringValue();
    }

    private String refusedPut(String policy) {
        return db.refused("PutResourcePolicy", putting(policy, ""));
    }

    private static String get(String table) {
        return "{'TableName': '" + table + "', 'Key': {'p': {'S': 'a'}, 's': {'S': 'b'}}}";
    }

    @Test
    void withoutAPolicyOtherAccountsAreRefused() {
        assertThat(db.refusedAs(OTHER, "GetItem", get(ARN)))
                .isEqualTo(
                        DENIED
                                + "User: arn:aws:iam::"
                                + OTHER
                                + ":root is not authorized to perform: dynamodb:GetItem on resource:"
                                + " "
                                + ARN
                                + " because no resource-based policy allows the dynamodb:GetItem"
                                + " action");
        assertThat(db.refused("GetResourcePolicy", "{" + RESOURCE + "}"))
                .isEqualTo(NOT_FOUND + ARN);
    }

    @Test
    void otherAccountsMayDoWhatThePolicyAllows() {
        put(policy("Allow", "dynamodb:GetItem", ARN), "");

        assertThat(db.callAs(OTHER, "GetItem", get(ARN)).has("Item")).isTrue();
        assertThat(db.refusedAs(OTHER, "DeleteItem", get(ARN))).startsWith(DENIED);
        assertThat(db.refusedAs("333333333333", "GetItem", get(ARN))).startsWith(DENIED);
        String transaction = "{'TransactItems': [{'Get': " + get(ARN) + "}]}";
        assertThat(db.callAs(OTHER, "TransactGetItems", transaction).get("Responses")).hasSize(1);
        assertThat(db.refusedAs(OTHER, "CreateTable", "{'TableName': '" + ARN + "'}"))
                .startsWith(DENIED);
    }

    @Test
    void anIndexIsAResourceOfItsOwn() {
        put(policy("Allow", "dynamodb:Query", ARN + "/index/*"), "");
        String query =
                "{'TableName': '%s', %s 'KeyConditionExpression': '%s = :v',"
                        + " 'ExpressionAttributeValues': {':v': {'S': 'b'}}}";

        JsonNode found =
                db.callAs(OTHER, "Query", query.formatted(ARN, "'IndexName': 'byS',", "s"));

        assertThat(found.get("Count").intValue()).isEqualTo(1);
        assertThat(db.refusedAs(OTHER, "Query", query.formatted(ARN, "", "p"))).startsWith(DENIED);
    }

    @Test
    void aDenialBindsTheOwnAccountToo() {
        put(policy("Deny", "dynamodb:PutItem", ARN), "");
        String item = "{'TableName': 'orders', 'Item': {'p': {'S': 'a'}, 's': {'S': 'b'}}}";

        assertThat(db.refused("PutItem", item))
                .isEqualTo(
                        DENIED
                                + "User: arn:aws:iam::"
                                + OWN
                                + ":root is not authorized to perform: dynamodb:PutItem on"
                                + " resource: "
                                + ARN
                                + " with an explicit deny in a resource-based policy");
        assertThat(db.call("GetItem", get("orders")).has("Item")).isTrue();
        db.call("DeleteResourcePolicy", "{" + RESOURCE + "}");
        db.call("PutItem", item);
    }

    @Test
    void whoLocksHimselfOutHasToConfirmIt() {
        String deny = policy("Deny", "dynamodb:PutResourcePolicy", ARN);

        assertThat(refusedPut(deny))
                .isEqualTo(
                        DENIED
                                + "The new resource policy will not allow you to update the resource"
                                + " policy in the future.");
        put(deny, ", 'ConfirmRemoveSelfResourceAccess': true");
        assertThat(refusedPut(policy("Allow", "dynamodb:GetItem", ARN)))
                .contains("with an explicit deny in a resource-based policy");
        db.call("DeleteResourcePolicy", "{" + RESOURCE + "}");
    }

    @Test
    void revisionsGuardChanges() {
        String first = put(policy("Allow", "dynamodb:GetItem", ARN), "");
        String spaced = policy("Allow", "dynamodb:GetItem", ARN).replace(",", " , ");
        assertThat(put(spaced, "")).isEqualTo(first);
        db.clock().advance(Duration.ofSeconds(1));

        String second =
                put(
                        policy("Allow", "dynamodb:PutItem", ARN),
                        ", 'ExpectedRevisionId': '" + first + "'");

        assertThat(Long.parseLong(second)).isGreaterThan(Long.parseLong(first));
        String third =
                putting(
                        policy("Allow", "dynamodb:Query", ARN),
                        ", 'ExpectedRevisionId': 'NO_POLICY'");
        assertThat(db.refused("PutResourcePolicy", third))
                .isEqualTo(
                        NOT_FOUND
                                + "Requested policy update expecting none to be present for table"
                                + " orders, but a policy exists with revision id "
                                + second
                                + ".");
        assertThat(
                        db.refused(
                                "DeleteResourcePolicy",
                                "{" + RESOURCE + ", 'ExpectedRevisionId': '" + first + "'}"))
                .isEqualTo(
                        NOT_FOUND
                                + "Requested update for policy with revision id "
                                + first
                                + ", but the policy associated to target table orders has revision"
                                + " id "
                                + second
                                + ".");
    }

    @Test
    void deletingIsIdempotentUnlessARevisionIsExpected() {
        assertThat(db.call("DeleteResourcePolicy", "{" + RESOURCE + "}").has("RevisionId"))
                .isFalse();
        String revision = put(policy("Allow", "dynamodb:GetItem", ARN), "");

        JsonNode deleted = db.call("DeleteResourcePolicy", "{" + RESOURCE + "}");
        JsonNode again = db.call("DeleteResourcePolicy", "{" + RESOURCE + "}");

        assertThat(deleted.get("RevisionId").stringValue()).isEqualTo(revision);
        assertThat(again.get("RevisionId").stringValue()).isNotEqualTo(revision);
        assertThat(db.refused("GetResourcePolicy", "{" + RESOURCE + "}"))
                .isEqualTo(NOT_FOUND + ARN);
        assertThat(
                        db.refused(
                                "DeleteResourcePolicy",
                                "{" + RESOURCE + ", 'ExpectedRevisionId': '1'}"))
                .startsWith(
                        NOT_FOUND + "Requested update for policy with revision id 1, but table");
    }

    @Test
    void aNewTableMayBringItsPolicyWhichEndsWithIt() {
        String scan = "{'TableName': '" + ARN + "'}";
        db.call("DeleteTable", "{'TableName': 'orders'}");
        db.createTable(
                "orders",
                "S",
                "'ResourcePolicy': " + quoted(policy("Allow", "dynamodb:Scan", ARN)) + ",");

        assertThat(db.callAs(OTHER, "Scan", scan).get("Count").intValue()).isZero();

        db.call("DeleteTable", "{'TableName': 'orders'}");
        db.createTable("orders");
        assertThat(db.refusedAs(OTHER, "Scan", scan)).startsWith(DENIED);
    }

    @Test
    void aStreamHasAPolicyOfItsOwn() {
        String stream =
                db.call("DescribeTable", "{'TableName': 'orders'}")
                        .get("Table")
                        .get("LatestStreamArn")
                        .stringValue();
        String describe = "{'StreamArn': '" + stream + "'}";
        assertThat(db.refusedAs(OTHER, "DescribeStream", describe)).startsWith(DENIED);

        db.call(
                "PutResourcePolicy",
                putting(policy("Allow", "dynamodb:DescribeStream", stream), "")
                        .replaceFirst(ARN, stream));

        assertThat(db.callAs(OTHER, "DescribeStream", describe).has("StreamDescription")).isTrue();
        assertThat(db.refused("GetResourcePolicy", "{" + RESOURCE + "}"))
                .isEqualTo(NOT_FOUND + ARN);
    }

    @Test
    void refusesPoliciesThatDoNotFit() {
        String document = INVALID + "Invalid policy document: ";
        assertThat(refusedPut("{not json"))
                .isEqualTo(document + "This policy contains invalid Json");
        assertThat(refusedPut(policy("Allow", "dynamodb:GetRecords", ARN)))
                .isEqualTo(
                        document
                                + "The following action names are invalid: \"dynamodb:GetRecords\"");
        assertThat(refusedPut(policy("Allow", "dynamodb:GetItem", ARN + "/stream/2026")))
                .startsWith(
                        document
                                + "The relative-id \"table/orders/stream/2026\" is invalid for ARN");
        assertThat(refusedPut(policy("Allow", "*", "dynamodb:GetItem", ARN, "")))
                .startsWith(
                        "ValidationException: Resource-based policy grants unbounded access in one"
                                + " or more elements.");
        assertThat(refusedPut(" ".repeat(20 * 1024) + "{}"))
                .isEqualTo(INVALID + "Maximum policy size of 20480 bytes exceeded");
        String condition = ", 'Condition': {'StringEquals': {'dynamodb:LeadingKeys': 'a'}}";
        assertThat(refusedPut(policy("Allow", OTHER, "dynamodb:GetItem", ARN, condition)))
                .startsWith("NotImplemented: ");
    }

    @Test
    void refusesResourcesThatHaveNoPolicy() {
        String index = ARN + "/index/byS";
        assertThat(db.refused("GetResourcePolicy", "{'ResourceArn': 'orders'}"))
                .isEqualTo(INVALID + "ARNs must start with 'arn:': orders");
        assertThat(db.refused("GetResourcePolicy", "{'ResourceArn': '" + index + "'}"))
                .isEqualTo(
                        INVALID
                                + "Invalid resource arn provided, only table or stream is accepted."
                                + " Provided resource arn: "
                                + index);
        assertThat(db.refusedAs(OTHER, "GetResourcePolicy", "{" + RESOURCE + "}"))
                .isEqualTo(
                        "ValidationException: This action is only supported by accounts that match"
                                + " the resource owner’s account.");
    }
}
