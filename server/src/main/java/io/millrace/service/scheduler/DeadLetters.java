package io.millrace.service.scheduler;

import io.millrace.delivery.JobHandler.Attempt;
import io.millrace.delivery.JobHandler.Exhausted;
import io.millrace.delivery.JobHandler.GivenUp;
import io.millrace.delivery.Message;

import java.util.Map;
import java.util.TreeMap;

/// What a schedule's dead-letter queue gets: the input, and why it was not taken. Source:
/// [dead-letter
/// queues](https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html).
final class DeadLetters {
    private DeadLetters() {}

    static Message message(Invocation invocation, GivenUp givenUp) {
        Attempt.Failed failure = givenUp.failure();
        int attemptCount = givenUp.attemptCount();
        Map<String, String> texts = new TreeMap<>();
        texts.put("ERROR_CODE", failure.errorCode());
        texts.put("ERROR_MESSAGE", failure.errorMessage());
        texts.put("EXECUTION_ID", invocation.id());
        texts.put("IS_PAYLOAD_TRUNCATED", "false");
        texts.put("RETRY_ATTEMPTS", Integer.toString(Math.max(0, attemptCount - 1)));
        texts.put("SCHEDULED_TIME", invocation.scheduledTime());
        texts.put("SCHEDULE_ARN", invocation.scheduleArn());
        texts.put("TARGET_ARN", invocation.target().arn());
        if (givenUp.exhausted() == Exhausted.AGE) {
            texts.put("EXHAUSTED_RETRY_CONDITION", "MaximumEventAgeInSeconds");
        } else if (givenUp.exhausted() == Exhausted.ATTEMPTS || invocation.retriesMax() == 0) {
            texts.put("EXHAUSTED_RETRY_CONDITION", "MaximumRetryAttempts");
        }
        Map<String, Message.Attribute> attributes = new TreeMap<>();
        texts.forEach((name, text) -> {
            if (!text.isEmpty()) {
                attributes.put(name, Message.Attribute.string(text));
            }
        });
        return new Message(
                invocation.body(attemptCount),
                attributes,
                null,
                null,
                null,
                null,
                Invoker.SENDER_ID,
                invocation.scheduleArn());
    }
}
