package io.millrace.service.events;

import io.millrace.api.events.DeadLetterConfig;
import io.millrace.api.events.EcsParameters;
import io.millrace.api.events.Target;
import io.millrace.pattern.Arn;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Whether a target can be one, as AWS checks it: an ARN of a kind that can be a target, a role
/// where one is needed, and the parameters of its own kind alone. Whether there is anything behind
/// the ARN shows at delivery. Source:
/// [targets](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html); the words
/// are those of refusals that people report.
final class TargetCheck {

    /// Services whose resources EventBridge reaches by a role that the target names.
    private static final Set<String> WITH_ROLE =
            Set.of(
                    "appsync",
                    "batch",
                    "codebuild",
                    "codepipeline",
                    "ecs",
                    "execute-api",
                    "firehose",
                    "glue",
                    "inspector",
                    "kinesis",
                    "redshift",
                    "redshift-serverless",
                    "sagemaker",
                    "ssm",
                    "states");

    /// Services that have a resource which can be a target.
    private static final Set<String> OTHERS =
            Set.of("events", "lambda", "logs", "sns", "sqs", "automation", "ssm-incidents");

    /// What a kind of target needs, as its parameters are called.
    private static final Map<String, String> NEEDED =
            Map.of(
                    "ecs", "EcsParameters",
                    "batch", "BatchParameters",
                    "redshift", "RedshiftDataParameters",
                    "redshift-serverless", "RedshiftDataParameters",
                    "appsync", "AppSyncParameters");

    private TargetCheck() {}

    /// @throws io.millrace.wire.ServiceException when it cannot
    static void check(Target target) {
        Arn arn = Arn.parse(target.arn()).orElseThrow(() -> EventsErrors.invalidArn(target.arn()));
        String service = arn.service();
        if (!WITH_ROLE.contains(service) && !OTHERS.contains(service)) {
            throw EventsErrors.validation(
                    "Parameter "
                            + target.arn()
                            + " is not valid. Reason: "
                            + service
                            + " is not a supported service for a target.");
        }
        if (target.roleArn() == null && needsRole(arn)) {
            throw EventsErrors.validation("RoleArn is required for target " + target.arn() + ".");
        }
        if (target.roleArn() != null
                && Arn.parse(target.roleArn()).filter(r -> r.service().equals("iam")).isEmpty()) {
            throw EventsErrors.invalidArn(target.roleArn());
        }
        needed(target, service);
        if (service.equals("ssm")
                && arn.resource().startsWith("document/")
                && target.runCommandParameters() == null) {
            throw missing("RunCommandParameters", target);
        }
        strangers(target, arn);
        ecs(target);
        deadLetters(target.deadLetterConfig());
        if (BusName.isBus(arn)) {
            bus(target);
        }
        if (service.equals("logs")) {
            logGroup(target, arn);
        }
        TargetInput.check(target);
    }

    /// A bus gets events as they are, and is tried once.
    private static void bus(Target target) {
        if (target.retryPolicy() != null) {
            throw EventsErrors.validation("Retry policy is not supported for Event bus targets.");
        }
        if (target.input() != null
                || target.inputPath() != null
                || target.inputTransformer() != null) {
            throw EventsErrors.validation(
                    "Modifying the input for target " + target.id() + " is not supported.");
        }
    }

    private static void logGroup(Target target, Arn arn) {
        if (arn.resource().contains(":log-stream:")) {
            throw EventsErrors.invalidArn(target.arn());
        }
        if (target.roleArn() != null) {
            throw EventsErrors.validation(
                    "RoleArn is not supported for target " + target.arn() + ".");
        }
        if (target.input() != null || target.inputPath() != null) {
            throw EventsErrors.validation(
                    "Input and InputPath are not valid forms of input for target "
                            + target.id()
                            + ". The only valid form of input is InputTransformer.");
        }
    }

    private static boolean needsRole(Arn arn) {
        return WITH_ROLE.contains(arn.service())
                || (arn.service().equals("events")
                        && (arn.resource().startsWith(StoredDestination.RESOURCE)
                                || BusName.isBus(arn)));
    }

    private static void needed(Target target, String service) {
        String name = NEEDED.get(service);
        boolean given =
                name == null
                        || switch (name) {
                            case "EcsParameters" -> target.ecsParameters() != null;
                            case "BatchParameters" -> target.batchParameters() != null;
                            case "RedshiftDataParameters" ->
                                    target.redshiftDataParameters() != null;
                            default -> target.appSyncParameters() != null;
                        };
        if (!given) {
            throw missing(String.valueOf(name), target);
        }
    }

    /// Parameters of another kind.
    private static void strangers(Target target, Arn arn) {
        String service = arn.service();
        stranger(target, "KinesisParameters", target.kinesisParameters(), service, "kinesis");
        stranger(target, "RunCommandParameters", target.runCommandParameters(), service, "ssm");
        stranger(target, "EcsParameters", target.ecsParameters(), service, "ecs");
        stranger(target, "BatchParameters", target.batchParameters(), service, "batch");
        stranger(target, "SqsParameters", target.sqsParameters(), service, "sqs");
        stranger(
                target,
                "RedshiftDataParameters",
                target.redshiftDataParameters(),
                service,
                "redshift",
                "redshift-serverless");
        stranger(
                target,
                "SageMakerPipelineParameters",
                target.sageMakerPipelineParameters(),
                service,
                "sagemaker");
        stranger(target, "AppSyncParameters", target.appSyncParameters(), service, "appsync");
        boolean isHttp =
                service.equals("execute-api")
                        || arn.resource().startsWith(StoredDestination.RESOURCE);
        if (target.httpParameters() != null && !isHttp) {
            throw notSupported(target, "HttpParameters");
        }
    }

    private static void stranger(
            Target target,
            String name,
            @Nullable Object parameters,
            String service,
            String... services) {
        if (parameters != null && !Set.of(services).contains(service)) {
            throw notSupported(target, name);
        }
    }

    private static void ecs(Target target) {
        EcsParameters ecs = target.ecsParameters();
        if (ecs == null) {
            return;
        }
        if (Arn.parse(ecs.taskDefinitionArn()).filter(a -> a.service().equals("ecs")).isEmpty()) {
            throw EventsErrors.invalidArn(ecs.taskDefinitionArn());
        }
        if (ecs.capacityProviderStrategy() != null
                && !ecs.capacityProviderStrategy().isEmpty()
                && ecs.launchType() != null) {
            throw EventsErrors.validation(
                    "LaunchType and CapacityProviderStrategy cannot both be specified for target: "
                            + target.id()
                            + ".");
        }
    }

    /// A standard queue.
    private static void deadLetters(@Nullable DeadLetterConfig config) {
        if (config == null || config.arn() == null) {
            return;
        }
        String queue = config.arn();
        if (Arn.parse(queue)
                .filter(arn -> arn.service().equals("sqs") && !arn.resource().endsWith(".fifo"))
                .isEmpty()) {
            throw EventsErrors.invalidArn(queue);
        }
    }

    /// A FIFO queue needs a message group; a bus with an order has one for each event.
    ///
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    static void checkGroup(Target target) {
        Optional<Arn> queue = Arn.parse(target.arn()).filter(arn -> arn.service().equals("sqs"));
        if (queue.isPresent()
                && queue.get().resource().endsWith(".fifo")
                && target.sqsParameters() == null) {
            throw missing("SqsParameters", target);
        }
    }

    private static io.millrace.wire.ServiceException missing(String name, Target target) {
        return EventsErrors.validation(
                "Parameter(s) " + name + " must be specified for target: " + target.id() + ".");
    }

    private static io.millrace.wire.ServiceException notSupported(Target target, String name) {
        return EventsErrors.validation(
                "Parameter(s) " + name + " not valid for target: " + target.id() + ".");
    }
}
