package io.millrace.service.pipes;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import io.millrace.api.pipes.CloudwatchLogsLogDestinationParameters;
import io.millrace.api.pipes.CreatePipeRequest;
import io.millrace.api.pipes.DeadLetterConfig;
import io.millrace.api.pipes.FilterCriteria;
import io.millrace.api.pipes.ListPipesRequest;
import io.millrace.api.pipes.ListPipesResponse;
import io.millrace.api.pipes.Pipe;
import io.millrace.api.pipes.PipeLogConfiguration;
import io.millrace.api.pipes.PipeLogConfigurationParameters;
import io.millrace.api.pipes.PipeSourceDynamoDBStreamParameters;
import io.millrace.api.pipes.PipeSourceParameters;
import io.millrace.api.pipes.PipeSourceSqsQueueParameters;
import io.millrace.api.pipes.PipeTargetHttpParameters;
import io.millrace.api.pipes.PipeTargetParameters;
import io.millrace.api.pipes.PipesApi;
import io.millrace.api.pipes.StartPipeRequest;
import io.millrace.api.pipes.StopPipeRequest;
import io.millrace.api.pipes.UpdatePipeRequest;
import io.millrace.api.pipes.UpdatePipeSourceDynamoDBStreamParameters;
import io.millrace.api.pipes.UpdatePipeSourceParameters;
import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Random;

/// What is refused, and how a pipe goes from state to state.
final class PipeChecksTest {
    private final PipesFixture aws = new PipesFixture();
    private final String in = aws.queue("in");
    private final String out = aws.queue("out");

    private String refused(CreatePipeRequest.Builder pipe) {
        ServiceException refusal = aws.refused(PipesApi.CREATE_PIPE, pipe.build());
        return refusal.error().code() + ": " + refusal.message();
    }

    private static String arn(String service, String resource) {
        return "arn:aws:" + service + ":us-east-1:000000000000:" + resource;
    }

    @Test
    void refusesSourcesThatAreNotHereByName() {
        assertThat(refused(PipesFixture.pipe("p", arn("kinesis", "stream/s"), out)))
                .startsWith("NotImplemented: ")
                .contains("Kinesis");
        assertThat(refused(PipesFixture.pipe("p", arn("kafka", "cluster/c/1"), out)))
                .startsWith("NotImplemented: ")
                .contains("MSK");
        assertThat(refused(PipesFixture.pipe("p", "smk://host:9092", out)))
                .startsWith("NotImplemented: ")
                .contains("Kafka");
        assertThat(refused(PipesFixture.pipe("p", arn("sns", "t"), out)))
                .startsWith("ValidationException: ")
                .contains("\"Name\":\"Source\"");
        assertThat(refused(PipesFixture.pipe("p", "arn:aws:sqs:eu-west-1:000000000000:q", out)))
                .startsWith("ValidationException: ");
    }

    @Test
    void refusesParametersThatDoNotFit() {
        assertThat(refused(PipesFixture.pipe("p", aws.table("tab"), out)))
                .isEqualTo(
                        "ValidationException: {\"ValidationErrorFields\":[{\"Name\":"
                                + "\"SourceParameters.DynamoDBStreamParameters\",\"Message\":"
                                + "\"Missing required parameter.\"}]}");
        assertThat(
                        refused(
                                PipesFixture.pipe("p", in, out)
                                        .sourceParameters(
                                                PipeSourceParameters.builder()
                                                        .dynamoDBStreamParameters(
                                                                PipeSourceDynamoDBStreamParameters
                                                                        .builder()
                                                                        .startingPosition("LATEST")
                                                                        .build())
                                                        .build())))
                .contains("SourceParameters.DynamoDBStreamParameters");
        assertThat(
                        refused(
                                PipesFixture.pipe("p", in, out)
                                        .targetParameters(
                                                PipeTargetParameters.builder()
                                                        .httpParameters(
                                                                new PipeTargetHttpParameters(
                                                                        null, null, null))
                                                        .build())))
                .contains("TargetParameters.HttpParameters");
        assertThat(refused(PipesFixture.pipe("p", in, aws.queue("f.fifo"))))
                .contains("TargetParameters.SqsQueueParameters.MessageGroupId");
        assertThat(
                        refused(
                                PipesFixture.pipe("p", in, PipesFixture.DESTINATION)
                                        .sourceParameters(
                                                PipeSourceParameters.builder()
                                                        .sqsQueueParameters(
                                                                new PipeSourceSqsQueueParameters(
                                                                        2, null))
                                                        .build())))
                .isEqualTo(
                        "ValidationException: [numeric instance is greater than the required"
                                + " maximum (maximum: 1, found: 2)]");
        assertThat(refused(PipesFixture.pipe("p", in, out).enrichment(arn("lambda", "function:f"))))
                .startsWith("NotImplemented: ");
        assertThat(
                        refused(
                                PipesFixture.pipe("p", in, out)
                                        .sourceParameters(
                                                PipesFixture.filtered("{\"a\": [1], \"b\": 2}"))))
                .contains("Event pattern is not valid. Reason: ");
        assertThat(
                        refused(
                                PipesFixture.pipe("p", in, out)
                                        .logConfiguration(
                                                new PipeLogConfigurationParameters(
                                                        null, null, null, "INFO", null))))
                .contains("CloudwatchLogsLogDestination");
        assertThat(aws.call(PipesApi.LIST_PIPES, ListPipesRequest.builder().build()).pipes())
                .isEmpty();
    }

    @Test
    void saysInItsStateWhyItCannotRun() {
        aws.create(PipesFixture.pipe("p", in, arn("lambda", "function:f")));
        assertThat(aws.describe("p").currentState()).isEqualTo("CREATING");
        aws.settle();
        assertThat(aws.describe("p").currentState()).isEqualTo("CREATE_FAILED");
        assertThat(aws.describe("p").stateReason()).contains("function:f");
        aws.send("in", "kept");

        aws.call(
                PipesApi.UPDATE_PIPE,
                UpdatePipeRequest.builder()
                        .name("p")
                        .roleArn(PipesFixture.ROLE)
                        .target(out)
                        .build());
        aws.settle();

        assertThat(aws.describe("p").currentState()).isEqualTo("RUNNING");
        assertThat(aws.describe("p").stateReason()).isNull();
        assertThat(aws.take("out")).hasSize(1);
    }

    @Test
    void startsOnlyWhatHasASource() {
        aws.create(PipesFixture.pipe("p", in, out).desiredState("STOPPED"));
        aws.settle();
        assertThat(aws.describe("p").currentState()).isEqualTo("STOPPED");
        aws.deleteQueue("in");

        aws.start("p");
        assertThat(aws.describe("p").currentState()).isEqualTo("STARTING");
        aws.settle();

        assertThat(aws.describe("p").currentState()).isEqualTo("START_FAILED");
        assertThat(aws.describe("p").stateReason())
                .isEqualTo(
                        "Input parameter is invalid from the request due to : The queue "
                                + in
                                + " does not exist.");
    }

    @Test
    void refusesAPipeOnItsWayAndOneThatIsThere() {
        aws.create(PipesFixture.pipe("p", in, out));
        assertThat(refusedCode(new StopPipeRequest("p"))).isEqualTo("ConflictException");
        aws.settle();
        assertThat(aws.refused(PipesApi.START_PIPE, new StartPipeRequest("p")).error().code())
                .isEqualTo("ConflictException");
        assertThat(refused(PipesFixture.pipe("p", in, out))).startsWith("ConflictException: ");
        assertThat(refusedCode(new StopPipeRequest("none"))).isEqualTo("NotFoundException");
    }

    private String refusedCode(StopPipeRequest request) {
        return aws.refused(PipesApi.STOP_PIPE, request).error().code();
    }

    @Test
    void takesFiltersAwayByAnEmptyList() {
        aws.create(
                PipesFixture.pipe("p", in, out)
                        .sourceParameters(PipesFixture.filtered("{\"body\": [\"x\"]}")));
        aws.settle();
        aws.call(
                PipesApi.UPDATE_PIPE,
                UpdatePipeRequest.builder()
                        .name("p")
                        .roleArn(PipesFixture.ROLE)
                        .sourceParameters(
                                UpdatePipeSourceParameters.builder()
                                        .filterCriteria(new FilterCriteria(List.of()))
                                        .build())
                        .build());
        aws.send("in", "y");
        aws.settle();

        assertThat(aws.take("out")).hasSize(1);
        assertThat(requireNonNull(aws.describe("p").sourceParameters()).filterCriteria()).isNull();
    }

    @Test
    void takesTheDeadLetterQueueAwayByAnEmptyConfiguration() {
        aws.create(
                PipesFixture.pipe("p", aws.table("tab"), out)
                        .sourceParameters(
                                PipeSourceParameters.builder()
                                        .dynamoDBStreamParameters(
                                                PipeSourceDynamoDBStreamParameters.builder()
                                                        .startingPosition("LATEST")
                                                        .deadLetterConfig(new DeadLetterConfig(in))
                                                        .build())
                                        .build()));
        aws.settle();
        aws.call(
                PipesApi.UPDATE_PIPE,
                UpdatePipeRequest.builder()
                        .name("p")
                        .roleArn(PipesFixture.ROLE)
                        .sourceParameters(
                                UpdatePipeSourceParameters.builder()
                                        .dynamoDBStreamParameters(
                                                UpdatePipeSourceDynamoDBStreamParameters.builder()
                                                        .deadLetterConfig(
                                                                new DeadLetterConfig(null))
                                                        .build())
                                        .build())
                        .build());

        PipeSourceParameters shown = requireNonNull(aws.describe("p").sourceParameters());
        assertThat(requireNonNull(shown.dynamoDBStreamParameters()).deadLetterConfig()).isNull();
    }

    @Test
    void listsInPagesWhatIsAskedFor() {
        for (String name : List.of("a1", "a2", "a3", "b1")) {
            aws.create(PipesFixture.pipe(name, in, out).tags(Map.of("k", "v")));
        }
        ServiceException refusal =
                aws.refused(
                        PipesApi.LIST_PIPES, ListPipesRequest.builder().nextToken("zz").build());
        ListPipesResponse first =
                aws.call(
                        PipesApi.LIST_PIPES,
                        ListPipesRequest.builder().namePrefix("a").limit(2).build());
        ListPipesResponse second =
                aws.call(
                        PipesApi.LIST_PIPES,
                        ListPipesRequest.builder()
                                .namePrefix("a")
                                .limit(2)
                                .nextToken(first.nextToken())
                                .build());

        assertThat(requireNonNull(first.pipes()).stream().map(Pipe::name))
                .containsExactly("a1", "a2");
        assertThat(requireNonNull(second.pipes()).stream().map(Pipe::name)).containsExactly("a3");
        assertThat(second.nextToken()).isNull();
        assertThat(refusal.message()).isEqualTo("Parameter NextToken is not valid.");
    }

    @Test
    void keepsItsLogSettingsAsGiven() {
        String group = arn("logs", "log-group:/aws/vendedlogs/pipes/p");
        aws.create(
                PipesFixture.pipe("p", in, out)
                        .logConfiguration(
                                new PipeLogConfigurationParameters(
                                        null,
                                        null,
                                        new CloudwatchLogsLogDestinationParameters(group),
                                        "TRACE",
                                        List.of("ALL"))));

        PipeLogConfiguration shown = requireNonNull(aws.describe("p").logConfiguration());
        assertThat(requireNonNull(shown.cloudwatchLogsLogDestination()).logGroupArn())
                .isEqualTo(group);
        assertThat(shown.level()).isEqualTo("TRACE");
        assertThat(shown.includeExecutionData()).containsExactly("ALL");
    }

    /// Patterns and bodies of random pieces: what is not refused moves each message or deletes it.
    @Test
    void neverStopsOverAFilterOrABody() {
        Random random = new Random(20260105);
        String[] rules = {
            "[\"a\"]",
            "[1]",
            "[{\"exists\": true}]",
            "[{\"exists\": false}]",
            "[null]",
            "{}",
            "[{\"prefix\": \"a\"}]",
            "[{\"anything-but\": [1]}]",
            "[{\"numeric\": [\">\", 0]}]",
            "[]",
            "[{\"wildcard\": \"*a*\"}]",
            "\"a\"",
            "{\"a\": [1]}",
            "{\"a\": {\"b\": [\"c\"]}}"
        };
        String[] bodies = {
            "a",
            "1",
            "{}",
            "[]",
            "{\"a\": 1}",
            "{\"a\": {\"b\": \"c\"}}",
            "\"a\"",
            "[{\"a\": 1}, 2]",
            "{\"a\": ",
            "null",
            "\\",
            "{\"a\":\"\\u00e9\"}",
            "é",
            "{\"a\":1}}"
        };
        int running = 0;
        for (int i = 0; i < 60; i++) {
            String pattern =
                    "{\""
                            + (random.nextBoolean() ? "body" : "messageId")
                            + "\": "
                            + rules[random.nextInt(rules.length)]
                            + "}";
            try {
                aws.create(
                        PipesFixture.pipe("p" + i, in, out)
                                .sourceParameters(PipesFixture.filtered(pattern)));
            } catch (ServiceException e) {
                assertThat(e.error().code()).isEqualTo("ValidationException");
                continue;
            }
            running++;
            aws.send("in", bodies[random.nextInt(bodies.length)]);
            aws.send("in", bodies[random.nextInt(bodies.length)]);
            aws.settle();
            assertThat(aws.describe("p" + i).stateReason()).isNull();
            assertThat(aws.take("in")).isEmpty();
            aws.delete("p" + i);
            aws.settle();
        }
        assertThat(running).isGreaterThan(20);
    }
}
