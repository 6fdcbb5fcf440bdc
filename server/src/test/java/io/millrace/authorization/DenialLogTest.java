package io.millrace.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.policy.Access;
import io.millrace.policy.Evaluator;
import io.millrace.policy.Ownership;
import io.millrace.policy.PolicySet;
import io.millrace.policy.Verdict;
import io.millrace.wire.Caller;
import io.millrace.wire.Permissions;
import io.millrace.wire.Requested;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

final class DenialLogTest {
    private static final String ALICE = "arn:aws:iam::111122223333:user/alice";
    private static final Caller CALLER =
            new Caller("111122223333", "us-east-1", ALICE, "AIDAALICE", "request-1", "");
    private static final Requested REQUESTED = new Requested("sqs:SendMessage", "*");

    private final Logger logger = Logger.getLogger(DenialLog.class.getName());
    private final List<String> lines = new ArrayList<>();
    private final Handler handler =
            new Handler() {
                @Override
                public void publish(LogRecord line) {
                    lines.add(line.getMessage());
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };
    private Instant now = Instant.parse("2026-11-26T12:00:00Z");
    private final DenialLog log = new DenialLog(() -> now);

    @BeforeEach
    void listen() {
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
    }

    @AfterEach
    void stop() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
    }

    private static Verdict verdict(String... policies) {
        return Evaluator.decide(
                PolicySet.of(new Permissions(false, List.of(policies), null, null)),
                new Access(ALICE, "111122223333", "sqs:SendMessage", "*", Map.of()),
                Ownership.OWN);
    }

    @Test
    void tellsWhichStatementDenied() {
        String policy =
                """
                {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"},
                 {"Sid": "Never", "Effect": "Deny", "Action": "sqs:*", "Resource": "*"}]}
                """;

        log.denied(CALLER, REQUESTED, verdict(policy));

        assertThat(lines)
                .singleElement()
                .asString()
                .contains("deniedBy=\"identity-based policy, statement 2 (Never)\"")
                .contains("principal=" + ALICE);
    }

    @Test
    void tellsWhoDidNotAllow() {
        log.denied(CALLER, REQUESTED, verdict());

        assertThat(lines)
                .singleElement()
                .asString()
                .contains("notAllowedByAny=\"identity-based policy\"")
                .contains("consulted=\"no policy\"");
    }

    @Test
    void tellsSoManyInAMinuteAndThenHowManyMore() {
        for (int i = 0; i < DenialLog.LINES_PER_MINUTE_MAX + 5; i++) {
            log.denied(CALLER, REQUESTED, verdict());
        }
        assertThat(lines).hasSize(DenialLog.LINES_PER_MINUTE_MAX);

        now = now.plusSeconds(60);
        log.denied(CALLER, REQUESTED, verdict());
        assertThat(lines.get(DenialLog.LINES_PER_MINUTE_MAX))
                .isEqualTo("More requests were denied than are told count=5");
        assertThat(lines).hasSize(DenialLog.LINES_PER_MINUTE_MAX + 2);
    }
}
