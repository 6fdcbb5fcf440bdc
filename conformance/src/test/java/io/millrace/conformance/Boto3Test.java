package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;

/// boto3, and the AWS CLI where it is, work with the server as they do with AWS. They check
/// checksums themselves, and understand errors by names that other SDKs do not use, SQS's old ones
/// among them.
final class Boto3Test {

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/boto3/archives.py",
                "/boto3/events.py",
                "/boto3/logs.py",
                "/boto3/pipes.py",
                "/boto3/scheduler.py",
                "/boto3/schemas.py",
                "/boto3/session.py",
                "/boto3/sns.py",
                "/boto3/sqs.py"
            })
    void theSessionHolds(String script) throws Exception {
        Python python = new Python(folder);
        assumeTrue(python.hasBoto3(), "python3 with boto3 is not on this machine");

        try (MillraceServer server = MillraceServer.start()) {
            Python.Answer answer = python.run(script, server);

            assertThat(answer.status()).as(answer.output()).isZero();
        }
    }
}
