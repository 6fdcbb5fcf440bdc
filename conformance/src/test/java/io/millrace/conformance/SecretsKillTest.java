package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/// Values that are put while the server is killed with SIGKILL: the last one that was acknowledged
/// is there, or the one that was on its way; AWSPREVIOUS is the one before it; all of them open.
final class SecretsKillTest {
    private static final int WRITERS = 4;
    private static final int KILLS = 2;
    private static final int WRITES_BETWEEN = 40;

    @TempDir private Path folder;

    private final AtomicIntegerArray tried = new AtomicIntegerArray(WRITERS);
    private final AtomicIntegerArray acknowledged = new AtomicIntegerArray(WRITERS);
    private final AtomicInteger writes = new AtomicInteger();

    @Test
    @Timeout(120)
    void whatWasAcknowledgedIsThereWheneverItIsKilled() throws Exception {
        try (ServerProcess server = new ServerProcess(folder);
                Clients aws = new Clients(server.endpoint(), "000000000000")) {
            for (int i = 0; i < WRITERS; i++) {
                String name = "s" + i;
                aws.secrets.createSecret(request -> request.name(name).secretString("0"));
            }
            try (Callers callers = new Callers(aws)) {
                for (int i = 0; i < WRITERS; i++) {
                    int writer = i;
                    callers.repeat(number -> write(aws, writer, number + 1));
                }
                for (int i = 0; i < KILLS; i++) {
                    callers.awaitMore("values", writes::get, WRITES_BETWEEN);
                    server.killAndRestart();
                }
            }
            verify(aws);
        }
    }

    /// Puts ever greater numbers.
    private void write(Clients aws, int writer, int value) {
        tried.set(writer, value);
        aws.secrets.putSecretValue(
                request -> request.secretId("s" + writer).secretString(Integer.toString(value)));
        acknowledged.set(writer, value);
        writes.incrementAndGet();
    }

    private void verify(Clients aws) {
        for (int i = 0; i < WRITERS; i++) {
            String name = "s" + i;
            int current = value(aws, name, "AWSCURRENT");
            assertThat(current).isBetween(acknowledged.get(i), tried.get(i));
            assertThat(value(aws, name, "AWSPREVIOUS")).isLessThan(current);
        }
        Map<String, Integer> labels = new HashMap<>();
        for (SecretListEntry secret : aws.secrets.listSecrets(request -> {}).secretList()) {
            labels.merge(secret.name(), secret.secretVersionsToStages().size(), Integer::sum);
        }
        assertThat(labels)
                .hasSize(WRITERS)
                .allSatisfy((_, count) -> assertThat(count).isEqualTo(2));
    }

    private static int value(Clients aws, String name, String label) {
        return Integer.parseInt(
                aws.secrets
                        .getSecretValue(request -> request.secretId(name).versionStage(label))
                        .secretString());
    }
}
