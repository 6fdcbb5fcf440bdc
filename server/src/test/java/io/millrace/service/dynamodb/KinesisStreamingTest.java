package io.millrace.service.dynamodb;

import static io.millrace.service.dynamodb.DynamoDbFixture.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

final class KinesisStreamingTest {
    private static final String STREAM =
            "'TableName': 'orders', 'StreamArn':"
                    + " 'arn:aws:kinesis:us-east-1:000000000000:stream/changes'";
    private static final String INVALID_STATE =
            "ValidationException: Table is not in a valid state to enable Kinesis Streaming"
                    + " Destination: ";

    private final DynamoDbFixture db = DynamoDbFixture.inMemory();

    @BeforeEach
    void table() {
        db.createTable("orders");
    }

    private JsonNode destinations() {
        return db.call("DescribeKinesisStreamingDestination", "{'TableName': 'orders'}")
                .get("KinesisDataStreamDestinations");
    }

    @Test
    void enablingFailsAsForAStreamThatDoesNotExist() {
        JsonNode answer = db.call("EnableKinesisStreamingDestination", "{" + STREAM + "}");
        db.call("EnableKinesisStreamingDestination", "{" + STREAM + "}");

        assertThat(answer.get("DestinationStatus").stringValue()).isEqualTo("ENABLING");
        assertThat(answer.get("EnableKinesisStreamingConfiguration")).isEqualTo(json("{}"));
        assertThat(destinations()).hasSize(1);
        JsonNode destination = destinations().get(0);
        assertThat(destination.get("DestinationStatus").stringValue()).isEqualTo("ENABLE_FAILED");
        assertThat(destination.get("DestinationStatusDescription").stringValue())
                .startsWith("User does not have a permission to use kinesis stream");
    }

    @Test
    void aStreamOfAnotherRegionFailsForThatReason() {
        db.call(
                "EnableKinesisStreamingDestination",
                "{" + STREAM.replace("us-east-1", "eu-west-1") + "}");

        assertThat(destinations().get(0).get("DestinationStatusDescription").stringValue())
                .isEqualTo(
                        "The kinesis Arn used to enable kinesis replication belongs to a stream"
                                + " which is not in the current region");
    }

    @Test
    void nothingIsActiveThatCouldBeDisabledOrUpdated() {
        db.call("EnableKinesisStreamingDestination", "{" + STREAM + "}");

        assertThat(db.refused("DisableKinesisStreamingDestination", "{" + STREAM + "}"))
                .isEqualTo(
                        INVALID_STATE
                                + "KinesisStreamingDestination must be ACTIVE to perform DISABLE"
                                + " operation.");
        String update =
                "{"
                        + STREAM
                        + ", 'UpdateKinesisStreamingConfiguration':"
                        + " {'ApproximateCreationDateTimePrecision': 'MICROSECOND'}}";
        assertThat(db.refused("UpdateKinesisStreamingDestination", update))
                .isEqualTo(
                        INVALID_STATE
                                + "Kinesis streaming is not in ACTIVE state. Updates are only"
                                + " allowed in ACTIVE state. TableName: orders, kdsArn:"
                                + " arn:aws:kinesis:us-east-1:000000000000:stream/changes");
        assertThat(db.refused("UpdateKinesisStreamingDestination", "{" + STREAM + "}"))
                .contains("cannot be null or contain only null values");
    }

    @Test
    void refusesATableThatIsNotThere() {
        assertThat(
                        db.refused(
                                "EnableKinesisStreamingDestination",
                                "{" + STREAM.replace("orders", "nope") + "}"))
                .isEqualTo(
                        "ResourceNotFoundException: Requested resource not found: Table: nope not"
                                + " found");
    }
}
