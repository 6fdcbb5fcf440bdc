package io.millrace.service.sns;

import io.millrace.delivery.Job;
import io.millrace.delivery.Message;
import io.millrace.delivery.RetryPolicy;
import io.millrace.delivery.StoreTarget.Outcome;
import io.millrace.delivery.Targets;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.storage.ResourceCodec;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// Notifications that a queue refused and that had no dead-letter queue: kept as failed jobs, and
/// delivered to the queue when someone redrives them.
final class StoreNotifications implements NotificationJobs {
    static final String KIND = "sns.store";

    private static final ResourceCodec<Message> MESSAGES = new ResourceCodec<>(Message.class);

    private final Store store;
    private final Targets targets;

    StoreNotifications(Store store, Targets targets) {
        this.store = store;
        this.targets = targets;
    }

    static Job job(
            String queueArn, String messageId, Message message, @Nullable String deadLetterArn) {
        return new Job(
                KIND,
                queueArn,
                Map.of(MESSAGE_ID, messageId),
                MESSAGES.encode(message.alone()),
                RetryPolicy.of(),
                deadLetterArn);
    }

    @Override
    public Attempt attempt(Job job) {
        Message message = MESSAGES.decode(job.payload());
        Arn queue = Arn.parse(job.target()).orElseThrow();
        Outcome outcome = store.write(tx -> targets.deliver(tx, queue, message));
        return switch (outcome) {
            case Outcome.Delivered _ -> new Attempt.Delivered();
            case Outcome.Refused(String code, String why) -> new Attempt.Failed(code, why, false);
        };
    }

    @Override
    public String to(Job job) {
        return job.target();
    }

    @Override
    public Message deadLetter(Job job, Attempt.Failed failure) {
        return MESSAGES.decode(job.payload());
    }
}
