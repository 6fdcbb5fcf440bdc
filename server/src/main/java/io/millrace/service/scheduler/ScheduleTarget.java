package io.millrace.service.scheduler;

import io.millrace.api.scheduler.Target;
import io.millrace.pattern.Arn;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What a schedule calls: one of the services that Scheduler knows by heart, or any operation.
sealed interface ScheduleTarget {

    /// The operation that fits the ARN: SendMessage for a queue.
    record Templated(Arn arn) implements ScheduleTarget {

        boolean isBus() {
            return arn.service().equals("events");
        }
    }

    /// `arn:aws:scheduler:::aws-sdk:sqs:sendMessage`.
    record Universal(Arn arn, String service, String action) implements ScheduleTarget {}

    /// Services with a template. Source: [templated
    /// targets](https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html).
    Set<String> TEMPLATED =
            Set.of(
                    "codebuild",
                    "codepipeline",
                    "ecs",
                    "events",
                    "firehose",
                    "inspector",
                    "kinesis",
                    "lambda",
                    "sagemaker",
                    "sns",
                    "sqs",
                    "states");

    /// How actions begin that only read. Source: [universal
    /// targets](https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html#unsupported-api-actions).
    List<String> READS =
            List.of(
                    "get",
                    "describe",
                    "list",
                    "poll",
                    "receive",
                    "search",
                    "scan",
                    "query",
                    "select",
                    "read",
                    "lookup",
                    "discover",
                    "validate",
                    "batchGet",
                    "batchDescribe",
                    "batchRead",
                    "transactGet",
                    "adminGet",
                    "adminList",
                    "testMigration",
                    "retrieve",
                    "testConnection",
                    "translateDocument",
                    "isAuthorized",
                    "invokeModel");

    /// Reads a target that was checked.
    static ScheduleTarget of(Target target) {
        return of(Arn.parse(target.arn()).orElseThrow());
    }

    /// Reads a target.
    ///
    /// @throws io.millrace.wire.ServiceException when Scheduler has no such target
    static ScheduleTarget of(Arn arn) {
        if (!arn.service().equals("scheduler")) {
            if (!TEMPLATED.contains(arn.service())) {
                throw SchedulerErrors.unsupportedService(arn.service());
            }
            return new Templated(arn);
        }
        String[] parts = arn.resource().split(":", -1);
        if (parts.length != 3 || !parts[0].equals("aws-sdk") || parts[1].isEmpty()) {
            throw SchedulerErrors.validation("Provided Arn is not in correct format.");
        }
        if (parts[2].isEmpty() || isRead(parts[2])) {
            throw SchedulerErrors.unsupportedAction(parts[1], parts[2]);
        }
        return new Universal(arn, parts[1].toLowerCase(Locale.ROOT), parts[2]);
    }

    private static boolean isRead(String action) {
        String name = action.substring(0, 1).toLowerCase(Locale.ROOT) + action.substring(1);
        return READS.stream().anyMatch(name::startsWith);
    }
}
