package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.junit.MillraceExtension;
import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// STS tells the caller who it is.
@ExtendWith(MillraceExtension.class)
final class StsTest {

    @Test
    void tellsTheAccount(MillraceServer server) {
        try (Clients aws = new Clients(server.endpoint(), server.freshAccount())) {
            var identity = aws.sts.getCallerIdentity();

            assertThat(identity.account()).isEqualTo(aws.account());
            assertThat(identity.arn()).startsWith("arn:aws:iam::" + aws.account() + ":");
            assertThat(identity.userId()).isNotEmpty();
        }
    }
}
