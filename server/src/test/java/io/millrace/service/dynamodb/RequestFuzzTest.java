package io.millrace.service.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.millrace.api.InvalidMember;
import io.millrace.api.SerializationFailure;
import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.SplittableRandom;

/// Requests that are nearly right, by seed: characters changed, parts left out, doubled, exchanged
/// and nested. Whatever comes, it is answered or refused in words; that it ends is bounded by the
/// size of what is sent. `-Dmillrace.long=true` sends many more; `-Dmillrace.seed=` repeats a run.
///
/// Seen to fail, with: numbers that are left to `BigDecimal`, which throws.
@Timeout(600)
final class RequestFuzzTest {
    private static final long SEED = Long.getLong("millrace.seed", 20260104L);
    private static final int REQUESTS = Boolean.getBoolean("millrace.long") ? 200_000 : 3_000;
    private static final int MUTATIONS_MAX = 6;
    private static final int LENGTH_MAX = 20_000;

    private static final String[] PIECES = {
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "'",
        ":",
        ",",
        "#",
        ".",
        "\\",
        "\\u",
        "\\ud800",
        "\u0000",
        "\u00e9",
        "\ud83d\ude00",
        "null",
        "true",
        "{}",
        "[]",
        "1",
        "-",
        "1e400",
        "1e-131",
        "+1",
        "0x1",
        "9".repeat(39),
        "NaN",
        "{'N':'1'}",
        "{'S':''}",
        "{'L':[]}",
        "{'M':{}}",
        "{'NS':[]}",
        "{'SS':['a','a']}",
        "{'B':'?'}",
        "{'NULL':false}",
        "AND",
        "OR",
        "NOT",
        "BETWEEN",
        "IN",
        "SET",
        "REMOVE",
        "ADD",
        "DELETE",
        "size(",
        "contains(",
        "attribute_type(",
        "begins_with(",
        "if_not_exists(",
        "list_append(",
        "=",
        "<>",
        ">=",
        "[0]",
        "[99999999999]",
        ":v",
        "#n",
        "p",
        "s",
        "'TableName'",
        "'Key'",
        "'Limit'",
        "'Item'"
    };

    private final DynamoDbFixture db = DynamoDbFixture.inMemory();
    private final SplittableRandom random = new SplittableRandom(SEED);

    @BeforeEach
    void fill() {
        db.createTable("tab", "N");
        db.put("tab", "{'p':{'S':'a'},'s':{'N':'1'},'l':{'L':[{'N':'1'}]},'m':{'M':{}}}");
    }

    @AfterEach
    void close() {
        db.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "PutItem | {'TableName':'tab','Item':{'p':{'S':'a'},'s':{'N':'1.50'},'x':{'NS':['1',"
                        + "'2e3']},'y':{'M':{'z':{'L':[{'B':'AAAA'},{'BOOL':true}]}}}},"
                        + "'ConditionExpression':'attribute_exists(p) AND NOT (s < :v OR #n IN"
                        + " (:v, :w))','ExpressionAttributeNames':{'#n':'l'},"
                        + "'ExpressionAttributeValues':{':v':{'N':'-1e-5'},':w':{'S':'x'}}}",
                "UpdateItem | {'TableName':'tab','Key':{'p':{'S':'a'},'s':{'N':'1'}},"
                        + "'UpdateExpression':'SET m.x = if_not_exists(m.x, :v) + :v, l ="
                        + " list_append(l, :l) REMOVE #n[0].y ADD c :v DELETE t :t',"
                        + "'ExpressionAttributeNames':{'#n':'k'},'ExpressionAttributeValues':"
                        + "{':v':{'N':'1'},':l':{'L':[{'N':'2'}]},':t':{'SS':['a']}},"
                        + "'ReturnValues':'ALL_NEW'}",
                "Query | {'TableName':'tab','KeyConditionExpression':'p = :v AND s BETWEEN :a AND"
                        + " :b','FilterExpression':'size(l) > :a AND contains(l, :a)',"
                        + "'ProjectionExpression':'p, l[0], m.x','ExpressionAttributeValues':"
                        + "{':v':{'S':'a'},':a':{'N':'0'},':b':{'N':'10'}},'Limit':3,"
                        + "'ExclusiveStartKey':{'p':{'S':'a'},'s':{'N':'0'}}}",
                "Scan | {'TableName':'tab','FilterExpression':'begins_with(p, :a) or"
                        + " attribute_type(m, :t)','ExpressionAttributeValues':{':a':{'S':'a'},"
                        + "':t':{'S':'M'}},'Segment':0,'TotalSegments':2}",
                "TransactWriteItems | {'TransactItems':[{'Put':{'TableName':'tab','Item':{'p':"
                        + "{'S':'b'},'s':{'N':'2'}}}},{'ConditionCheck':{'TableName':'tab','Key':"
                        + "{'p':{'S':'a'},'s':{'N':'1'}},'ConditionExpression':"
                        + "'attribute_exists(p)'}}],'ClientRequestToken':'x'}",
                "BatchWriteItem | {'RequestItems':{'tab':[{'PutRequest':{'Item':{'p':{'S':'c'},"
                        + "'s':{'N':'3'}}}},{'DeleteRequest':{'Key':{'p':{'S':'d'},'s':{'N':'4'}}}}"
                        + "]}}",
                "BatchGetItem | {'RequestItems':{'tab':{'Keys':[{'p':{'S':'a'},'s':{'N':'1'}}],"
                        + "'ProjectionExpression':'l, m'}}}",
            })
    void answersOrRefusesWhateverComes(String action, String request) {
        System.out.println("request fuzz: -Dmillrace.seed=" + SEED);
        int answered = 0;
        for (int i = 0; i < REQUESTS; i++) {
            String mutated = mutated(request);
            try {
                db.call(action, mutated);
                answered++;
            } catch (ServiceException | SerializationFailure | InvalidMember _) {
                // refused in words
            } catch (RuntimeException | StackOverflowError e) {
                fail("seed " + SEED + ": " + mutated, e);
            }
        }
        assertThat(answered).isBetween(1, REQUESTS - 1);
    }

    private String mutated(String request) {
        StringBuilder text = new StringBuilder(request);
        for (int count = 1 + random.nextInt(MUTATIONS_MAX); count > 0; count--) {
            int from = random.nextInt(text.length() + 1);
            int to = Math.min(text.length(), from + random.nextInt(12));
            switch (random.nextInt(6)) {
                case 0 -> text.delete(from, to);
                case 1 -> text.insert(from, PIECES[random.nextInt(PIECES.length)]);
                case 2 -> text.replace(from, to, PIECES[random.nextInt(PIECES.length)]);
                case 3 -> text.insert(from, text.substring(from, to));
                case 4 -> text.insert(random.nextInt(text.length() + 1), text.substring(from, to));
                default -> {
                    String piece = PIECES[random.nextInt(PIECES.length)];
                    text.insert(from, piece.repeat(1 + random.nextInt(LENGTH_MAX / 100)));
                }
            }
        }
        return text.length() > LENGTH_MAX ? text.substring(0, LENGTH_MAX) : text.toString();
    }
}
