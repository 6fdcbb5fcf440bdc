package io.millrace.service.sns;

import io.millrace.delivery.Job;
import io.millrace.delivery.JobHandler;

/// Delivers what topics owe, and tells what a trace is to know of a job.
interface NotificationJobs extends JobHandler {
    String MESSAGE_ID = "messageId";

    /// Of the message that the job delivers; empty for a message that nobody published, such as a
    /// confirmation.
    default String messageId(Job job) {
        return job.attributes().getOrDefault(MESSAGE_ID, "");
    }

    /// On whose behalf: a subscription's ARN, or what else says whose the message is.
    default String by(Job job) {
        return job.target();
    }

    /// Where to, without what is secret or personal.
    String to(Job job);
}
