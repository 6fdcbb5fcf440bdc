package io.millrace.service.dynamodb;

import static io.millrace.service.dynamodb.DynamoDbFixture.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.service.dynamodb.Table.KeyAttribute;
import io.millrace.service.dynamodb.Table.KeySchema;
import io.millrace.storage.ResourceCodec;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Keys of global indexes with several attributes of each kind.
final class CompositeKeyTest {
    private static final String INVALID =
            "ValidationException: One or more parameter values were invalid: ";
    private static final String TABLE =
            """
            {'TableName': 'games', 'BillingMode': 'PAY_PER_REQUEST',
             'AttributeDefinitions': [{'AttributeName': 'id', 'AttributeType': 'S'},
                                      {'AttributeName': 'cup', 'AttributeType': 'S'},
                                      {'AttributeName': 'region', 'AttributeType': 'S'},
                                      {'AttributeName': 'round', 'AttributeType': 'N'},
                                      {'AttributeName': 'bracket', 'AttributeType': 'S'},
                                      {'AttributeName': 'game', 'AttributeType': 'N'}],
             'KeySchema': [{'AttributeName': 'id', 'KeyType': 'HASH'}],
             'GlobalSecondaryIndexes': [{'IndexName': 'by-cup',
                'Projection': {'ProjectionType': 'ALL'}, 'KeySchema': %s}]}
            """;
    private static final String KEY =
            "[{'AttributeName': 'cup', 'KeyType': 'HASH'},"
                    + " {'AttributeName': 'region', 'KeyType': 'HASH'},"
                    + " {'AttributeName': 'round', 'KeyType': 'RANGE'},"
                    + " {'AttributeName': 'bracket', 'KeyType': 'RANGE'},"
                    + " {'AttributeName': 'game', 'KeyType': 'RANGE'}]";
    private static final String VALUES =
            "':c': {'S': 'cup'}, ':r': {'S': 'west'}, ':2': {'N': '2'}, ':u': {'S': 'u'}";

    private final DynamoDbFixture db = DynamoDbFixture.inMemory();

    @BeforeEach
    void createTable() {
        db.call("CreateTable", TABLE.formatted(KEY));
    }

    private void put(String id, String cup, String region, String round, String more) {
        db.put(
                "games",
                "{'id': {'S': '%s'}, 'cup': {'S': '%s'}, 'region': {'S': '%s'},"
                                .formatted(id, cup, region)
                        + " 'round': {'N': '"
                        + round
                        + "'}"
                        + more
                        + "}");
    }

    private static String more(String bracket, int match) {
        return ", 'bracket': {'S': '" + bracket + "'}, 'game': {'N': '" + match + "'}";
    }

    private void putSome() {
        put("a", "cup", "west", "10", more("l", 1));
        put("b", "cup", "west", "2", more("u", 2));
        put("c", "cup", "west", "2", more("u", 1));
        put("d", "cup", "west", "2", more("l", 9));
        put("e", "cup", "east", "2", more("l", 9));
        put("f", "cupwest", "w", "2", ", 'bracket': {'S': 'l'}");
        put("g", "cup", "west", "-1", more("upper", 0));
    }

    private JsonNode query(String condition, String more) {
        return db.call("Query", request(condition, more));
    }

    private static String request(String condition, String more) {
        StringBuilder values = new StringBuilder();
        for (String value : VALUES.split(", ", -1)) {
            String name = value.substring(1, 3);
            if (condition.contains(name)) {
                values.append(values.isEmpty() ? "" : ", ").append(value);
            }
        }
        return "{'TableName': 'games', 'IndexName': 'by-cup', 'KeyConditionExpression': '"
                + condition
                + "', 'ExpressionAttributeNames': {'#r': 'region'}, 'ExpressionAttributeValues': {"
                + values
                + "}"
                + more
                + "}";
    }

    private static String ids(JsonNode answer) {
        StringBuilder ids = new StringBuilder();
        answer.get("Items").forEach(item -> ids.append(item.get("id").get("S").stringValue()));
        return ids.toString();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "cup = :c AND #r = :r, gdcba",
                "cup = :c AND #r = :r AND round = :2, dcb",
                "cup = :c AND #r = :r AND round < :2, g",
                "cup = :c AND #r = :r AND round >= :2, dcba",
                "cup = :c AND #r = :r AND round = :2 AND bracket = :u, cb",
                "`round = :2 AND begins_with(bracket, :u) AND #r = :r AND cup = :c`, cb",
                "cup = :c AND #r = :r AND round = :2 AND bracket = :u AND game < :2, c",
                "`cup = :c AND #r = :r AND round = :2 AND bracket = :u AND game BETWEEN :2 AND :2`, b"
            })
    void findsItemsInOrderByWhatIsGivenFromTheLeft(String condition, String found) {
        putSome();

        assertThat(ids(query(condition, ""))).isEqualTo(found);
        assertThat(ids(query(condition, ", 'ScanIndexForward': false")))
                .isEqualTo(new StringBuilder(found).reverse().toString());
    }

    @Test
    void holdsOnlyItemsThatHaveAllAttributes() {
        putSome();
        put("h", "cup", "west", "3", "");

        JsonNode scanned = db.call("Scan", "{'TableName': 'games', 'IndexName': 'by-cup'}");

        assertThat(scanned.get("Count").intValue()).isEqualTo(6);
    }

    @Test
    void pages() {
        putSome();
        String condition = "cup = :c AND #r = :r AND round = :2";
        List<String> found = new ArrayList<>();
        String start = "";
        JsonNode last;
        do { // ends with the last page
            JsonNode page = query(condition, ", 'Limit': 1" + start);
            found.add(ids(page));
            last = page.get("LastEvaluatedKey");
            start = last == null ? "" : ", 'ExclusiveStartKey': " + last;
        } while (last != null);

        assertThat(String.join("", found)).isEqualTo("dcb");
        String end =
                ", 'ExclusiveStartKey': {'id': {'S': 'a'}, 'cup': {'S': 'cup'},"
                        + " 'region': {'S': 'west'}, 'round': {'N': '3'}, 'bracket': {'S': 'l'},"
                        + " 'game': {'N': '1'}}";
        assertThat(db.refused("Query", request(condition, end)))
                .isEqualTo(
                        "ValidationException: The provided starting key does not match the range"
                                + " key predicate");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "cup = :c AND round = :2 | Query condition missed key schema element: region",
                "cup = :c AND #r > :r | Query key condition not supported",
                "cup = :c AND #r = :r AND bracket = :u | Query condition missed key schema element:"
                        + " round",
                "cup = :c AND #r = :r AND round > :2 AND bracket = :u | Query key condition not"
                        + " supported",
                "cup = :c AND #r = :r AND round = :r | One or more parameter values were invalid:"
                        + " Condition parameter type does not match schema type"
            })
    void refusesWhatItCannotAnswer(String condition, String message) {
        String request = request(condition, "");
        if (!condition.contains("#r")) {
            request = request.replace("'ExpressionAttributeNames': {'#r': 'region'},", "");
        }
        assertThat(db.refused("Query", request)).isEqualTo("ValidationException: " + message);
    }

    @Test
    void tellsItsKeyAsItWasAsked() {
        JsonNode index =
                db.call("DescribeTable", "{'TableName': 'games'}")
                        .get("Table")
                        .get("GlobalSecondaryIndexes")
                        .get(0);

        assertThat(index.get("KeySchema")).isEqualTo(json(KEY));
    }

    @Test
    void limitsTheSizesOfAllAttributesTogether() {
        String half = "x".repeat(1025);

        assertThat(
                        db.refused(
                                "PutItem",
                                "{'TableName': 'games', 'Item': {'id': {'S': 'a'}, 'cup': {'S': '"
                                        + half
                                        + "'}, 'region': {'S': '"
                                        + half
                                        + "'}, 'round': {'N': '1'}"
                                        + more("l", 1)
                                        + "}}"))
                .isEqualTo(
                        INVALID
                                + "Size of hashkey has exceeded the maximum size limit of2048"
                                + " bytes");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "id HASH, cup RANGE, region HASH | `One or more parameter values were invalid: All"
                        + " HASH key attributes must precede RANGE key attributes in the KeySchema`",
                "id HASH, cup HASH, id RANGE | The KeySchema contains multiple key attributes with"
                        + " the same name",
                "cup HASH, region HASH, round HASH, bracket HASH, game HASH | One or more parameter"
                        + " values were invalid: The KeySchema exceeds the maximum allowed number of"
                        + " HASH key attributes",
                "id HASH, cup RANGE, region RANGE, round RANGE, bracket RANGE, game RANGE | One or"
                        + " more parameter values were invalid: The KeySchema exceeds the maximum"
                        + " allowed number of RANGE key attributes",
                "cup RANGE, region RANGE | Invalid KeySchema: The first KeySchemaElement is not a"
                        + " HASH key type"
            })
    void refusesKeysThatAreNone(String key, String message) {
        List<String> elements = new ArrayList<>();
        for (String element : key.split(", ", -1)) {
            String[] parts = element.split(" ", -1);
            elements.add("{'AttributeName': '" + parts[0] + "', 'KeyType': '" + parts[1] + "'}");
        }

        assertThat(
                        db.refused(
                                "CreateTable",
                                TABLE.formatted(elements).replace("'games'", "'others'")))
                .isEqualTo("ValidationException: " + message);
    }

    @Test
    void onlyGlobalIndexesHaveThem() {
        assertThat(
                        db.refused(
                                "CreateTable",
                                TABLE.formatted(KEY)
                                        .replace("'games'", "'others'")
                                        .replace(
                                                "[{'AttributeName': 'id', 'KeyType': 'HASH'}]",
                                                KEY)))
                .startsWith("ValidationException: 1 validation error detected: Value '[")
                .endsWith(
                        "]' at 'keySchema' failed to satisfy constraint: Member must have length"
                                + " less than or equal to 2");
    }

    @Test
    void readsKeysFromBeforeThereWereSeveral() {
        ResourceCodec<KeySchema> codec = new ResourceCodec<>(KeySchema.class);
        KeyAttribute p = new KeyAttribute("p", "S");
        KeyAttribute s = new KeyAttribute("s", "N");
        String both = "{'hash':{'name':'p','type':'S'},'range':{'name':'s','type':'N'}}";
        String hashOnly = "{'hash':{'name':'p','type':'S'},'range':null}";

        assertThat(codec.decode(bytes(both))).isEqualTo(new KeySchema(List.of(p), List.of(s)));
        assertThat(codec.decode(bytes(hashOnly))).isEqualTo(new KeySchema(List.of(p), List.of()));
        KeySchema several = new KeySchema(List.of(p, s), List.of(s, p));
        assertThat(codec.decode(codec.encode(several))).isEqualTo(several);
    }

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }
}
