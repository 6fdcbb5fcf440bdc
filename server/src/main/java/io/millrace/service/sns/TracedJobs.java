package io.millrace.service.sns;

import io.millrace.delivery.Job;
import io.millrace.delivery.JobHandler;
import io.millrace.delivery.Message;

/// Tells the trace of each attempt on what a topic owes, and of how it ended. Thread-safe.
final class TracedJobs implements JobHandler {
    private final NotificationJobs jobs;
    private final SnsTrace trace;

    TracedJobs(NotificationJobs jobs, SnsTrace trace) {
        this.jobs = jobs;
        this.trace = trace;
    }

    @Override
    public Attempt attempt(Job job) throws InterruptedException {
        return jobs.attempt(job);
    }

    @Override
    public Attempt attempt(Job job, int number) throws InterruptedException {
        long beginMillis = trace.nowMillis();
        Attempt attempt = jobs.attempt(job, number);
        if (!jobs.messageId(job).isEmpty()) {
            trace.attempted(jobs, job, number, attempt, trace.nowMillis() - beginMillis);
        }
        return attempt;
    }

    @Override
    public Message deadLetter(Job job, Attempt.Failed failure) {
        return jobs.deadLetter(job, failure);
    }

    @Override
    public Message deadLetter(Job job, GivenUp givenUp) {
        return jobs.deadLetter(job, givenUp);
    }

    @Override
    public void ended(Job job, Ending ending) {
        if (!jobs.messageId(job).isEmpty()) {
            trace.ended(jobs, job, ending);
        }
        jobs.ended(job, ending);
    }
}
