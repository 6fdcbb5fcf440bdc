package io.millrace.conformance.faults;

import io.millrace.conformance.Clients;

import java.net.URI;
import java.util.SplittableRandom;

/// What all workloads of a round share.
///
/// @param aws sends each call once
/// @param clock the server's
/// @param endpoint the server's
record World(
        Clients aws,
        Calls calls,
        FaultyClock clock,
        SplittableRandom random,
        URI endpoint,
        Targets targets) {

    String queueArn(String queue) {
        return "arn:aws:sqs:us-east-1:" + aws.account() + ":" + queue;
    }

    String role() {
        return "arn:aws:iam::" + aws.account() + ":role/faults";
    }
}
