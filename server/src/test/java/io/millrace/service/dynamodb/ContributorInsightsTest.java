package io.millrace.service.dynamodb;

import static io.millrace.service.dynamodb.DynamoDbFixture.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.http.Request;
import io.millrace.http.Response;
import io.millrace.service.dynamodb.TopKeys.Top;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.InputStream;
import java.util.List;

final class ContributorInsightsTest {
    private static final String ORDERS = "'TableName': 'orders'";

    private final DynamoDbFixture db = DynamoDbFixture.inMemory();

    @BeforeEach
    void table() {
        db.createTable(
                "orders",
                "S",
                "'GlobalSecondaryIndexes': [{'IndexName': 'byS', 'KeySchema':"
                        + " [{'AttributeName': 's', 'KeyType': 'HASH'}],"
                        + " 'Projection': {'ProjectionType': 'ALL'}}],");
    }

    private JsonNode update(String more) {
        return db.call("UpdateContributorInsights", "{" + ORDERS + "," + more + "}");
    }

    private JsonNode describe(String more) {
        return db.call("DescribeContributorInsights", "{" + ORDERS + more + "}");
    }

    private JsonNode keys(String query) {
        Request request =
                new Request(
                        "GET",
                        "/_millrace/dynamodb/contributor-insights",
                        query,
                        _ -> List.of(),
                        "127.0.0.1",
                        InputStream::nullInputStream);
        Response response = db.pages().getFirst().handler().handle(request);
        assertThat(response.status()).isEqualTo(200);
        return new JsonMapper().readTree(response.body()).get("keys");
    }

    private void get(String partition, String sort) {
        db.call(
                "GetItem",
                "{"
                        + ORDERS
                        + ", 'Key': {'p': {'S': '"
                        + partition
                        + "'}, 's': {'S': '"
                        + sort
                        + "'}}}");
    }

    @Test
    void areOffUntilTheyAreSwitchedOn() {
        assertThat(describe(""))
                .isEqualTo(json("{" + ORDERS + ", 'ContributorInsightsStatus': 'DISABLED'}"));

        JsonNode enabling = update("'ContributorInsightsAction': 'ENABLE'");
        JsonNode again = update("'ContributorInsightsAction': 'ENABLE'");

        assertThat(enabling.get("ContributorInsightsStatus").stringValue()).isEqualTo("ENABLING");
        assertThat(again.get("ContributorInsightsStatus").stringValue()).isEqualTo("ENABLED");
        JsonNode described = describe("");
        assertThat(described.get("ContributorInsightsStatus").stringValue()).isEqualTo("ENABLED");
        assertThat(described.get("ContributorInsightsMode").stringValue())
                .isEqualTo("ACCESSED_AND_THROTTLED_KEYS");
        String created = "-orders-" + db.clock().millis();
        assertThat(described.get("ContributorInsightsRuleList"))
                .isEqualTo(
                        json(
                                "['DynamoDBContributorInsights-PKC%s',".replace("%s", created)
                                        + "'DynamoDBContributorInsights-SKC%s',"
                                                .replace("%s", created)
                                        + "'DynamoDBContributorInsights-PKT%s',"
                                                .replace("%s", created)
                                        + "'DynamoDBContributorInsights-SKT%s']"
                                                .replace("%s", created)));
    }

    @Test
    void canBeNarrowedAndSwitchedOff() {
        update("'ContributorInsightsAction': 'ENABLE'");
        update(
                "'ContributorInsightsAction': 'ENABLE', 'ContributorInsightsMode': 'THROTTLED_KEYS'");

        assertThat(describe("").get("ContributorInsightsRuleList")).hasSize(2);
        JsonNode disabling = update("'ContributorInsightsAction': 'DISABLE'");
        assertThat(disabling.get("ContributorInsightsStatus").stringValue()).isEqualTo("DISABLING");
        JsonNode described = describe("");
        assertThat(described.get("ContributorInsightsStatus").stringValue()).isEqualTo("DISABLED");
        assertThat(described.has("ContributorInsightsRuleList")).isFalse();
        assertThat(described.get("ContributorInsightsMode").stringValue())
                .isEqualTo("THROTTLED_KEYS");
    }

    @Test
    void listsWhatIsOnInPages() {
        update("'ContributorInsightsAction': 'ENABLE'");
        update("'ContributorInsightsAction': 'ENABLE', 'IndexName': 'byS'");
        db.createTable("others");

        JsonNode first = db.call("ListContributorInsights", "{'MaxResults': 1}");
        JsonNode second =
                db.call(
                        "ListContributorInsights",
                        "{'MaxResults': 1, 'NextToken': '"
                                + first.get("NextToken").stringValue()
                                + "'}");

        assertThat(first.get("ContributorInsightsSummaries").get(0).has("IndexName")).isFalse();
        assertThat(second.get("ContributorInsightsSummaries").get(0).get("IndexName").stringValue())
                .isEqualTo("byS");
        assertThat(second.has("NextToken")).isFalse();
    }

    @Test
    void refusesWhatIsNotThere() {
        assertThat(
                        db.refused(
                                "DescribeContributorInsights",
                                "{" + ORDERS + ", 'IndexName': 'nope'}"))
                .isEqualTo(
                        "ResourceNotFoundException: Requested resource not found: Index: nope not"
                                + " found for table: orders");
    }

    @Test
    void countsTheKeysThatAreAccessed() {
        update("'ContributorInsightsAction': 'ENABLE'");
        update("'ContributorInsightsAction': 'ENABLE', 'IndexName': 'byS'");
        db.put("orders", "{'p': {'S': 'hot'}, 's': {'S': '1'}}");
        get("hot", "1");
        get("hot", "2");
        get("cold", "1");
        db.call(
                "Query",
                "{"
                        + ORDERS
                        + ", 'IndexName': 'byS', 'KeyConditionExpression': 's = :s',"
                        + " 'ExpressionAttributeValues': {':s': {'S': '1'}}}");

        JsonNode ofTable = keys("table=orders");

        assertThat(ofTable.get("PKC"))
                .isEqualTo(
                        json(
                                "[{'key': [{'S': 'hot'}], 'count': 3, 'error': 0},"
                                        + " {'key': [{'S': 'cold'}], 'count': 1, 'error': 0}]"));
        assertThat(ofTable.get("SKC").get(0))
                .isEqualTo(json("{'key': [{'S': 'hot'}, {'S': '1'}], 'count': 2, 'error': 0}"));
        assertThat(keys("table=orders&index=byS").get("PKC"))
                .isEqualTo(json("[{'key': [{'S': '1'}], 'count': 2, 'error': 0}]"));
    }

    @Test
    void countsTheKeysThatAreThrottled() {
        update(
                "'ContributorInsightsAction': 'ENABLE', 'ContributorInsightsMode': 'THROTTLED_KEYS'");
        db.call(
                "UpdateTable",
                "{" + ORDERS + ", 'OnDemandThroughput': {'MaxReadRequestUnits': 1}}");
        get("hot", "1");
        get("hot", "1");

        db.refusal("GetItem", "{" + ORDERS + ", 'Key': {'p': {'S': 'hot'}, 's': {'S': '1'}}}");

        assertThat(keys("table=orders"))
                .isEqualTo(
                        json(
                                "{'PKT': [{'key': [{'S': 'hot'}], 'count': 1, 'error': 0}],"
                                        + " 'SKT': [{'key': [{'S': 'hot'}, {'S': '1'}],"
                                        + " 'count': 1, 'error': 0}]}"));
    }

    @Test
    void theSketchKeepsTheFrequentKeysInBoundedMemory() {
        TopKeys keys = new TopKeys();
        for (int i = 0; i < 10_000; i++) {
            keys.add("rare" + i);
            if (i % 4 == 0) {
                keys.add("frequent");
            }
        }

        Top top = keys.top(1).getFirst();

        assertThat(top.key()).isEqualTo("frequent");
        assertThat(top.count()).isGreaterThanOrEqualTo(2_500);
        assertThat(top.count() - top.error()).isLessThanOrEqualTo(2_500);
        assertThat(keys.top(Integer.MAX_VALUE)).hasSizeLessThanOrEqualTo(128);
    }
}
