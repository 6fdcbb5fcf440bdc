package io.millrace.service.events;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.List;

final class ReadingCallsTest {

    @ParameterizedTest
    @CsvSource({
        "aws.sqs,AWS API Call via CloudTrail,ListQueues,true,true",
        "aws.sqs,AWS API Call via CloudTrail,GetQueueUrl,true,true",
        "aws.dynamodb,AWS API Call via CloudTrail,DescribeTable,true,true",
        "aws.sqs,AWS API Call via CloudTrail,CreateQueue,true,false",
        "aws.dynamodb,AWS API Call via CloudTrail,GetItem,false,false",
        "aws.events,AWS API Call via CloudTrail,TestEventPattern,true,false",
        "aws.sts,AWS API Call via CloudTrail,GetSessionToken,true,false",
        "mine,AWS API Call via CloudTrail,ListQueues,true,false",
        "aws.sqs,Something else,ListQueues,true,false",
    })
    void tellsRecordsOfReadingFromOtherEvents(
            String source, String type, String name, boolean management, boolean expected) {
        String detail =
                "{\"eventVersion\":\"1\",\"eventName\":\""
                        + name
                        + "\",\"x\":1,\"managementEvent\":"
                        + management
                        + ",\"y\":1}";

        EventEnvelope event =
                EventEnvelope.of(
                        "01234567-0123-0123-0123-0123456789ab",
                        new EventEnvelope.Content(source, type, detail, List.of(), null, null),
                        new EventEnvelope.Ingestion("0", "us-east-1", Instant.EPOCH));

        assertThat(ReadingCalls.has(event)).isEqualTo(expected);
    }
}
