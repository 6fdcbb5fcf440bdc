package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.junit.MillraceExtension;
import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementErrorCodeEnum;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementRequest;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DuplicateItemException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ExecuteStatementResponse;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ParameterizedStatement;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// PartiQL through the AWS SDK for Java v2. DynamoDB reads by key what a `WHERE` clause names by
/// key, changes one item at a time, and never makes an item with `UPDATE`.
@ExtendWith(MillraceExtension.class)
final class PartiqlTest {

    private static final String INSERT =
            "INSERT INTO \"Music\" VALUE {'Artist': ?, 'Song': ?, 'Year': ?}";

    private final Clients aws;

    PartiqlTest(MillraceServer server) {
        this.aws = new Clients(server.endpoint(), server.freshAccount());
    }

    @BeforeEach
    void createTable() {
        aws.dynamodb.createTable(table ->
                table.tableName("Music")
                        .billingMode(BillingMode.PAY_PER_REQUEST)
                        .attributeDefinitions(definition("Artist"), definition("Song"))
                        .keySchema(key("Artist", KeyType.HASH), key("Song", KeyType.RANGE)));
        for (int i = 1; i <= 3; i++) {
            execute(INSERT, text("Acme"), text("Song " + i), number(2000 + i));
        }
    }

    @AfterEach
    void close() {
        aws.close();
    }

    private static AttributeDefinition definition(String name) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(ScalarAttributeType.S)
                .build();
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    private static AttributeValue text(String value) {
        return AttributeValue.fromS(value);
    }

    private static AttributeValue number(int value) {
        return AttributeValue.fromN(Integer.toString(value));
    }

    private ExecuteStatementResponse execute(String statement, AttributeValue... parameters) {
        return aws.dynamodb.executeStatement(request -> {
            request.statement(statement);
            if (parameters.length > 0) {
                request.parameters(parameters);
            }
        });
    }

    private static ParameterizedStatement part(String statement) {
        return ParameterizedStatement.builder().statement(statement).build();
    }

    private static BatchStatementRequest batched(String statement) {
        return BatchStatementRequest.builder().statement(statement).build();
    }

    @Test
    void insertsOnceAndFindsByKey() {
        assertThatThrownBy(() -> execute(INSERT, text("Acme"), text("Song 1"), number(1)))
                .isInstanceOf(DuplicateItemException.class)
                .hasMessageContaining("Duplicate primary key exists in table");
        assertThat(
                        execute(
                                        "SELECT \"Year\" FROM \"Music\" WHERE Artist = ? AND"
                                                + " begins_with(Song, 'Song') ORDER BY Song DESC",
                                        text("Acme"))
                                .items())
                .containsExactly(
                        Map.of("Year", number(2003)),
                        Map.of("Year", number(2002)),
                        Map.of("Year", number(2001)));
    }

    @Test
    void pagesWithItsToken() {
        List<AttributeValue> songs = new ArrayList<>();
        String token = null;
        do { // ends: a token is of a later place
            String from = token;
            ExecuteStatementResponse page =
                    aws.dynamodb.executeStatement(request ->
                            request.statement("SELECT Song FROM Music")
                                    .limit(2)
                                    .nextToken(from)
                                    .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL));
            page.items().forEach(item -> songs.add(Clients.attribute(item, "Song")));
            assertThat(page.consumedCapacity().capacityUnits()).isEqualTo(0.5);
            token = page.nextToken();
        } while (token != null);

        assertThat(songs).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void updatesAndDeletesOneItem() {
        assertThat(
                        execute(
                                        "UPDATE Music SET \"Year\" = \"Year\" + 10 SET Awards ="
                                                + " <<'Grammy'>> WHERE Artist = 'Acme' AND Song ="
                                                + " 'Song 1' RETURNING MODIFIED NEW *")
                                .items())
                .containsExactly(
                        Map.of(
                                "Year",
                                number(2011),
                                "Awards",
                                AttributeValue.fromSs(List.of("Grammy"))));
        assertThatThrownBy(() ->
                        execute(
                                "UPDATE Music SET x = 1 WHERE Artist = 'Nobody' AND Song ="
                                        + " 'None'"))
                .isInstanceOf(ConditionalCheckFailedException.class);
        assertThat(
                        execute(
                                        "DELETE FROM Music WHERE Artist = 'Acme' AND Song = 'Song"
                                                + " 2' RETURNING ALL OLD *")
                                .items())
                .hasSize(1);
        assertThat(execute("SELECT * FROM Music WHERE \"Year\" > 0").items()).hasSize(2);
    }

    @Test
    void refusesInItsWords() {
        assertThatThrownBy(() -> execute("SLECT * FROM Music"))
                .isInstanceOfSatisfying(
                        DynamoDbException.class,
                        e -> {
                            assertThat(e.awsErrorDetails().errorCode())
                                    .isEqualTo("ValidationException");
                            assertThat(e.awsErrorDetails().errorMessage())
                                    .isEqualTo(
                                            "Statement wasn't well formed, can't be processed:"
                                                    + " Expected data manipulation");
                        });
        assertThatThrownBy(() -> execute("DELETE FROM Music WHERE Artist = 'Acme'"))
                .hasMessageContaining(
                        "Where clause does not contain a mandatory equality on all key attributes");
        assertThatThrownBy(() -> execute("SELECT * FROM Music WHERE Artist = ?"))
                .hasMessageContaining("Number of parameters in request and statement don't match.");
    }

    @Test
    void answersEachStatementOfABatch() {
        var responses =
                aws.dynamodb
                        .batchExecuteStatement(request ->
                                request.statements(
                                        batched(
                                                "SELECT Song FROM Music WHERE Artist = 'Acme' AND"
                                                        + " Song = 'Song 1'"),
                                        batched("SELECT * FROM Music WHERE Artist = 'Acme'")))
                        .responses();

        assertThat(responses.getFirst().item()).isEqualTo(Map.of("Song", text("Song 1")));
        assertThat(responses.getLast().error().code())
                .isEqualTo(BatchStatementErrorCodeEnum.VALIDATION_ERROR);
    }

    @Test
    void doesAllStatementsOfATransactionOrNone() {
        String exists =
                "EXISTS(SELECT * FROM Music WHERE Artist = 'Acme' AND Song = 'Song 1' AND Awards IS"
                        + " MISSING)";
        String update = "UPDATE Music SET Awards = 1 WHERE Artist = 'Acme' AND Song = 'Song 2'";
        String delete = "DELETE FROM Music WHERE Artist = 'Acme' AND Song = 'Song 3'";

        aws.dynamodb.executeTransaction(
                request -> request.transactStatements(part(exists), part(update)));
        assertThatThrownBy(() ->
                        aws.dynamodb.executeTransaction(request ->
                                request.transactStatements(
                                        part(exists.replace("Song 1", "Song 2")), part(delete))))
                .isInstanceOfSatisfying(
                        TransactionCanceledException.class,
                        e ->
                                assertThat(
                                                e.cancellationReasons().stream()
                                                        .map(CancellationReason::code))
                                        .containsExactly("ConditionalCheckFailed", "None"));
        assertThat(
                        aws.dynamodb
                                .executeTransaction(request ->
                                        request.transactStatements(
                                                part(
                                                        "SELECT Song FROM Music WHERE Artist ="
                                                                + " 'Acme' AND Song = 'Song 3'")))
                                .responses()
                                .getFirst()
                                .item())
                .isEqualTo(Map.of("Song", text("Song 3")));
    }
}
