package io.millrace.conformance.faults;

import io.millrace.conformance.Clients;

import java.net.URI;
import java.util.SplittableRandom;

/// What all workloads of a round share.
///
/// @param aws sends each call once
/// @param clock the server's
/// @param endpoint the server's
/// @param drainRoundsMax how often it is looked for what is still missing, in the end
record World(
        Clients aws,
        Calls calls,
        FaultyClock clock,
        SplittableRandom random,
        URI endpoint,
        Targets targets,
        int drainRoundsMax) {

    String queueArn(String queue) {
        return "arn:aws:sqs:us-east-1:" + aws.account() + ":" + queue;
    }

    String role() {
        return "arn:aws:iam::" + aws.account() + ":role/faults";
    }
}
