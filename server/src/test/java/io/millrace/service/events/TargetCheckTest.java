package io.millrace.service.events;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.events.AppSyncParameters;
import io.millrace.api.events.BatchParameters;
import io.millrace.api.events.DeadLetterConfig;
import io.millrace.api.events.EcsParameters;
import io.millrace.api.events.HttpParameters;
import io.millrace.api.events.InputTransformer;
import io.millrace.api.events.KinesisParameters;
import io.millrace.api.events.RedshiftDataParameters;
import io.millrace.api.events.RetryPolicy;
import io.millrace.api.events.RunCommandParameters;
import io.millrace.api.events.RunCommandTarget;
import io.millrace.api.events.SageMakerPipelineParameters;
import io.millrace.api.events.Target;
import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

final class TargetCheckTest {

    private static final String ROLE = "arn:aws:iam::000000000000:role/r";
    private static final String HERE = ":us-east-1:000000000000:";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "states" + HERE + "stateMachine:s",
                "kinesis" + HERE + "stream/s",
                "firehose" + HERE + "deliverystream/s",
                "codebuild" + HERE + "project/p",
                "codepipeline" + HERE + "p",
                "execute-api" + HERE + "api/stage/POST/path",
                "sagemaker" + HERE + "pipeline/p",
                "glue" + HERE + "workflow/w",
                "inspector" + HERE + "target/0-x/template/0-y",
                "ssm" + HERE + "automation-definition/d:1",
                "events" + HERE + "api-destination/d/1",
                "events" + HERE + "event-bus/b",
            })
    void takesTheseWithARoleAlone(String resource) {
        Target target = Target.builder().id("t").arn("arn:aws:" + resource).build();

        assertInvalid(target, "RoleArn is required for target arn:aws:" + resource + ".");
        TargetCheck.check(target.toBuilder().roleArn(ROLE).build());
        assertInvalid(
                target.toBuilder().roleArn("r").build(),
                "Parameter r is not valid. Reason: Provided Arn is not in correct format.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sqs" + HERE + "q",
                "sns" + HERE + "t",
                "lambda" + HERE + "function:f",
                "logs" + HERE + "log-group:/aws/events/x:*",
            })
    void takesTheseAsTheyAre(String resource) {
        TargetCheck.check(Target.builder().id("t").arn("arn:aws:" + resource).build());
    }

    @Test
    void someNeedParametersOfTheirOwn() {
        Target ecs = with("ecs" + HERE + "cluster/c");
        Target batch = with("batch" + HERE + "job-queue/q");
        Target redshift = with("redshift" + HERE + "cluster:c");
        Target appSync = with("appsync" + HERE + "endpoints/graphql-api/x");
        Target run = with("ssm" + HERE + "document/d");
        for (Target target : List.of(ecs, batch, redshift, appSync, run)) {
            assertThatThrownBy(() -> TargetCheck.check(target))
                    .isInstanceOf(ServiceException.class)
                    .hasMessageMatching(
                            "Parameter\\(s\\) [A-Za-z]+Parameters must be specified for target:"
                                    + " t\\.");
        }
        EcsParameters task =
                EcsParameters.builder()
                        .taskDefinitionArn("arn:aws:ecs" + HERE + "task-definition/d:1")
                        .build();
        TargetCheck.check(ecs.toBuilder().ecsParameters(task).build());
        TargetCheck.check(
                batch.toBuilder()
                        .batchParameters(
                                BatchParameters.builder().jobDefinition("d").jobName("n").build())
                        .build());
        TargetCheck.check(
                redshift.toBuilder()
                        .redshiftDataParameters(
                                RedshiftDataParameters.builder().database("d").sql("s").build())
                        .build());
        TargetCheck.check(
                appSync.toBuilder().appSyncParameters(new AppSyncParameters("query {}")).build());
        TargetCheck.check(
                run.toBuilder()
                        .runCommandParameters(
                                new RunCommandParameters(
                                        List.of(new RunCommandTarget("InstanceIds", List.of("i")))))
                        .build());
    }

    @Test
    void refusesParametersOfAnotherKind() {
        Target queue = Target.builder().id("t").arn("arn:aws:sqs" + HERE + "q").build();

        assertInvalid(
                queue.toBuilder().kinesisParameters(new KinesisParameters("$.id")).build(),
                "Parameter(s) KinesisParameters not valid for target: t.");
        assertInvalid(
                queue.toBuilder().httpParameters(new HttpParameters(null, null, null)).build(),
                "Parameter(s) HttpParameters not valid for target: t.");
        assertInvalid(
                queue.toBuilder()
                        .sageMakerPipelineParameters(new SageMakerPipelineParameters(null))
                        .build(),
                "Parameter(s) SageMakerPipelineParameters not valid for target: t.");
    }

    @Test
    void aBusGetsEventsAsTheyAreAndIsTriedOnce() {
        Target bus = with("events" + HERE + "event-bus/b");
        String modified = "Modifying the input for target t is not supported.";

        assertInvalid(bus.toBuilder().input("{}").build(), modified);
        assertInvalid(bus.toBuilder().inputPath("$.detail").build(), modified);
        assertInvalid(
                bus.toBuilder().inputTransformer(new InputTransformer(null, "{}")).build(),
                modified);
        assertInvalid(
                bus.toBuilder().retryPolicy(new RetryPolicy(0, 60)).build(),
                "Retry policy is not supported for Event bus targets.");
    }

    @Test
    void aLogGroupGetsEventsWholeOrTransformed() {
        Target group = Target.builder().id("t").arn("arn:aws:logs" + HERE + "log-group:g").build();
        String input =
                "Input and InputPath are not valid forms of input for target t. The only valid"
                        + " form of input is InputTransformer.";

        assertInvalid(group.toBuilder().input("{}").build(), input);
        assertInvalid(group.toBuilder().inputPath("$.detail").build(), input);
        assertInvalid(
                group.toBuilder().roleArn(ROLE).build(),
                "RoleArn is not supported for target " + group.arn() + ".");
        assertInvalid(
                group.toBuilder().arn(group.arn() + ":log-stream:s").build(),
                "Parameter "
                        + group.arn()
                        + ":log-stream:s is not valid. Reason: Provided Arn is not in correct"
                        + " format.");
        TargetCheck.check(
                group.toBuilder().inputTransformer(new InputTransformer(null, "{}")).build());
    }

    @Test
    void refusesWhatIsNoTarget() {
        assertInvalid(
                with("s3:::bucket"),
                "Parameter arn:aws:s3:::bucket is not valid. Reason: s3 is not a supported service"
                        + " for a target.");
        assertInvalid(
                with("sqs" + HERE + "q").toBuilder()
                        .deadLetterConfig(new DeadLetterConfig("arn:aws:sqs" + HERE + "q.fifo"))
                        .build(),
                "Parameter arn:aws:sqs:us-east-1:000000000000:q.fifo is not valid. Reason: Provided"
                        + " Arn is not in correct format.");
    }

    private static Target with(String resource) {
        return Target.builder().id("t").arn("arn:aws:" + resource).roleArn(ROLE).build();
    }

    private static void assertInvalid(Target target, String message) {
        assertThatThrownBy(() -> TargetCheck.check(target))
                .isInstanceOf(ServiceException.class)
                .hasMessage(message);
    }
}
