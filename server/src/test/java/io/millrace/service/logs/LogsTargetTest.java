package io.millrace.service.logs;

import static io.millrace.service.logs.LogsFixture.GROUP;
import static io.millrace.service.logs.LogsFixture.GROUP_ARN;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.delivery.Message;
import io.millrace.delivery.Message.Attribute;
import io.millrace.delivery.StoreTarget.Outcome;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Objects;

final class LogsTargetTest {
    private static final String RULE = "arn:aws:events:us-east-1:000000000000:rule/audit";

    private final LogsFixture logs = new LogsFixture();

    @BeforeEach
    void makesAGroup() {
        logs.group(GROUP);
    }

    @Test
    void appendsToAStreamOfTheSourceThatItMakes() {
        Outcome outcome = logs.deliver(GROUP_ARN + ":*", message("{\"a\":1}").from(RULE));
        logs.deliver(GROUP_ARN, message("{\"a\":2}").from(RULE));

        assertThat(outcome).isEqualTo(new Outcome.Delivered("rule/audit"));
        assertThat(logs.messages("rule/audit")).containsExactly("{\"a\":1}", "{\"a\":2}");
    }

    @Test
    void appendsToTheStreamThatTheArnNames() {
        logs.deliver(GROUP_ARN + ":log-stream:mine/1", message("a"));
        logs.deliver(GROUP_ARN + ":log-stream:mine/1", message("b"));

        assertThat(logs.messages("mine/1")).containsExactly("a", "b");
    }

    @Test
    void manyInOneTransactionKeepTheirOrder() {
        logs.store.write(tx -> {
            for (int i = 0; i < 5; i++) {
                logs.logs
                        .target()
                        .deliver(
                                tx,
                                io.millrace.pattern.Arn.parse(GROUP_ARN).orElseThrow(),
                                message("m" + i));
            }
            return true;
        });

        assertThat(logs.messages("events.amazonaws.com"))
                .containsExactly("m0", "m1", "m2", "m3", "m4");
    }

    @Test
    void takesTheFormThatInputTransformersMake() {
        long time = logs.millis() - 1000;
        logs.deliver(
                GROUP_ARN, message("{\"timestamp\":" + time + ",\"message\":\"m\"}").from(RULE));
        logs.deliver(
                GROUP_ARN,
                message("{\"timestamp\":\"2026-03-04T05:00:00Z\",\"message\":{\"a\":1}}")
                        .from(RULE));
        logs.deliver(GROUP_ARN, message("{\"timestamp\":\"then\",\"message\":\"m\"}").from(RULE));

        assertThat(logs.messages("rule/audit"))
                .containsExactly("{\"a\":1}", "m", "{\"timestamp\":\"then\",\"message\":\"m\"}");
    }

    @Test
    void theAttributeTimestampTellsTheTime() {
        long time = logs.millis() - 77;
        logs.deliver(
                GROUP_ARN + ":log-stream:s",
                message("a").with(Map.of("Timestamp", new Attribute("Number", "" + time, null))));

        assertThat(
                        Objects.requireNonNull(logs.get(LogsFixture.reading("s")).events())
                                .getFirst()
                                .timestamp())
                .isEqualTo(time);
    }

    @Test
    void refusesWhatItCannotTake() {
        assertThat(logs.deliver(GROUP_ARN + "x", message("a")))
                .isEqualTo(
                        new Outcome.Refused(
                                "ResourceNotFoundException",
                                "The specified log group does not exist."));
        assertThat(logs.deliver("arn:aws:logs:us-east-1:000000000000:other", message("a")))
                .isInstanceOf(Outcome.Refused.class);
        assertThat(logs.deliver(GROUP_ARN + ":log-stream:a*", message("a")))
                .isInstanceOf(Outcome.Refused.class);
        assertThat(
                        logs.deliver(
                                GROUP_ARN,
                                message("{\"timestamp\":5,\"message\":\"m\"}").from(RULE)))
                .isInstanceOf(Outcome.Refused.class);
        assertThat(
                        logs.deliver(
                                GROUP_ARN,
                                message("a").from(RULE.replace("000000000000", "111111111111"))))
                .isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void servicesMakeTheirOwnGroupsAndNoOthers() {
        String arn = GROUP_ARN.replace(":" + GROUP, ":sns/us-east-1/000000000000/topic");

        assertThat(logs.deliver(arn, Message.of("a", "events.amazonaws.com")))
                .isInstanceOf(Outcome.Refused.class);
        assertThat(logs.deliver(arn, Message.of("a", "sns.amazonaws.com")))
                .isInstanceOf(Outcome.Delivered.class);
    }

    private static Message message(String body) {
        return Message.of(body, "events.amazonaws.com");
    }
}
