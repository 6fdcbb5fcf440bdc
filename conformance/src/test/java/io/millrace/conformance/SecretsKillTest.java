package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/// Values that are put while the server is killed with SIGKILL: the last one that was acknowledged
/// is there, or the one that was on its way; AWSPREVIOUS is the one before it; all of them open.
final class SecretsKillTest {
    private static final int WRITERS = 4;
    private static final int KILLS = 2;
    private static final int WRITES_BETWEEN = 40;

    @TempDir private Path folder;

    @Test
    @Timeout(120)
    void whatWasAcknowledgedIsThereWheneverItIsKilled() throws Exception {
        try (ServerProcess server = new ServerProcess(folder);
                Clients aws = new Clients(server.endpoint(), "000000000000");
                ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < WRITERS; i++) {
                String name = "s" + i;
                aws.secrets.createSecret(request -> request.name(name).secretString("0"));
            }
            AtomicBoolean stop = new AtomicBoolean();
            Semaphore acknowledged = new Semaphore(0);
            List<Future<int[]>> written = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                String name = "s" + i;
                written.add(writers.submit(() -> write(aws, name, stop, acknowledged)));
            }
            for (int i = 0; i < KILLS; i++) {
                acknowledged.acquire(WRITES_BETWEEN);
                server.killAndRestart();
            }
            stop.set(true);
            verify(aws, written);
        }
    }

    /// Puts ever greater numbers; tells the last that was acknowledged and the last that was tried.
    private static int[] write(Clients aws, String name, AtomicBoolean stop, Semaphore done) {
        int acknowledged = 0;
        int tried = 0;
        while (!stop.get()) {
            int value = tried + 1;
            tried = value;
            try {
                aws.secrets.putSecretValue(
                        request -> request.secretId(name).secretString(Integer.toString(value)));
                acknowledged = value;
                done.release();
            } catch (SdkException _) {
                // the server is away
            }
        }
        return new int[] {acknowledged, tried};
    }

    private static void verify(Clients aws, List<Future<int[]>> written)
            throws InterruptedException, ExecutionException {
        int all = 0;
        for (int i = 0; i < WRITERS; i++) {
            String name = "s" + i;
            int[] range = written.get(i).get();
            int current = value(aws, name, "AWSCURRENT");
            assertThat(current).isBetween(range[0], range[1]);
            assertThat(value(aws, name, "AWSPREVIOUS")).isLessThan(current);
            all += range[0];
        }
        assertThat(all).isGreaterThan(WRITERS);
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
