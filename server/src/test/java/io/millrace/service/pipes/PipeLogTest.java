package io.millrace.service.pipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.pipes.CloudwatchLogsLogDestinationParameters;
import io.millrace.api.pipes.PipeLogConfigurationParameters;
import io.millrace.api.pipes.PipeTargetCloudWatchLogsParameters;
import io.millrace.api.pipes.PipeTargetParameters;
import io.millrace.service.dynamodb.DynamoDbFixture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.util.List;

/// Pipes' own logs, and log groups as targets.
final class PipeLogTest {
    private static final String GROUP =
            "arn:aws:logs:us-east-1:000000000000:log-group:/aws/vendedlogs/pipes/g";

    private final PipesFixture aws = new PipesFixture();
    private final String in = aws.queue("in");
    private final String out = aws.queue("out");

    PipeLogTest() {
        aws.queue("g");
    }

    private static PipeLogConfigurationParameters log(String level, String... data) {
        return new PipeLogConfigurationParameters(
                null,
                null,
                new CloudwatchLogsLogDestinationParameters(GROUP),
                level,
                List.of(data));
    }

    private List<JsonNode> records() {
        return aws.take("g").stream()
                .map(record -> DynamoDbFixture.json(record.substring(record.indexOf('{'))))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "OFF,   0, ''",
        "ERROR, 0, ''",
        "INFO,  4, 'ExecutionStarted TargetStageEntered TargetStageSucceeded ExecutionSucceeded'",
        "TRACE, 5, ExecutionStarted TargetStageEntered TargetInvocationSucceeded"
                + " TargetStageSucceeded ExecutionSucceeded"
    })
    void tellsTheStepsThatTheLevelWants(String level, int count, String types) {
        aws.create(PipesFixture.pipe("p", in, out).logConfiguration(log(level)));
        aws.send("in", "a");
        aws.settle();

        List<JsonNode> records = records();

        assertThat(records).hasSize(count);
        assertThat(
                        String.join(
                                " ",
                                records.stream()
                                        .map(each -> each.get("messageType").stringValue())
                                        .toList()))
                .isEqualTo(types);
        assertThat(records)
                .allSatisfy(record -> {
                    assertThat(record.get("resourceArn").stringValue()).endsWith(":pipe/p");
                    assertThat(record.has("payload")).isFalse();
                });
    }

    @Test
    void tellsWhyAnExecutionFailedAndItsData() {
        aws.create(PipesFixture.pipe("p", in, out).logConfiguration(log("INFO", "ALL")));
        aws.deleteQueue("out");
        aws.send("in", "a");
        aws.settle();

        List<JsonNode> records = records();

        assertThat(records.getFirst().get("payload").stringValue()).contains("\"body\":\"a\"");
        JsonNode last = records.getLast();
        assertThat(last.get("messageType").stringValue()).isEqualTo("ExecutionFailed");
        assertThat(last.get("logLevel").stringValue()).isEqualTo("ERROR");
        assertThat(last.get("error").get("awsService").stringValue()).isEqualTo("sqs");
        assertThat(last.get("error").get("message").stringValue()).isNotEmpty();
        assertThat(last.get("executionId").stringValue())
                .isEqualTo(records.getFirst().get("executionId").stringValue());
    }

    @Test
    void aLogThatTakesNothingHoldsUpNothing() {
        aws.deleteQueue("g");
        aws.create(PipesFixture.pipe("p", in, out).logConfiguration(log("TRACE")));
        aws.send("in", "a");
        aws.settle();

        assertThat(aws.take("out")).hasSize(1);
    }

    @Test
    void writesEventsIntoTheStreamThatTheyName() {
        aws.create(
                PipesFixture.pipe("p", in, GROUP)
                        .targetParameters(
                                PipeTargetParameters.builder()
                                        .inputTemplate("<$.body.text>")
                                        .cloudWatchLogsParameters(
                                                new PipeTargetCloudWatchLogsParameters(
                                                        "$.body.stream", "$.body.at"))
                                        .build()));
        aws.send("in", "{\"stream\": \"s1\", \"at\": 123, \"text\": \"hello\"}");
        aws.settle();

        assertThat(aws.take("g")).containsExactly("s1|123|hello");
    }
}
