package io.millrace.service.pipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.pipes.CreatePipeRequest;
import io.millrace.api.pipes.PipeSourceParameters;
import io.millrace.api.pipes.PipesApi;
import io.millrace.engine.Bytes;
import io.millrace.engine.RocksStore;
import io.millrace.engine.Store;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// What a pipe costs the others: nothing, when it rests.
@Timeout(60)
final class StoredPipesTest {
    private final PipesFixture aws = new PipesFixture();
    private final String in = aws.queue("in");
    private final String out = aws.queue("out");

    private CreatePipeRequest.Builder pipe(String name) {
        return PipesFixture.pipe(name, in, out);
    }

    private List<String> atWork() {
        return aws.store.read(
                tx -> StoredPipes.atWork(tx, Set.of()).stream().map(StoredPipe::name).toList());
    }

    private void count(long count) {
        byte[] value = new byte[Long.BYTES];
        Bytes.writeLong(value, 0, count);
        aws.store.<Boolean>write(tx -> {
            tx.put(PipesKeys.count("000000000000", "us-east-1"), value);
            return true;
        });
    }

    @Test
    void onlyPipesAtWorkAreLookedAt() {
        aws.create(pipe("a").desiredState("STOPPED"));
        aws.create(pipe("b"));
        assertThat(atWork()).containsExactly("a", "b");

        aws.settle();
        assertThat(atWork()).containsExactly("b");
        aws.stop("b");
        assertThat(atWork()).isEmpty();
        aws.start("a");
        assertThat(atWork()).containsExactly("a");
        aws.settle();
        aws.delete("a");
        assertThat(atWork()).containsExactly("a");
        aws.settle();
        assertThat(atWork()).isEmpty();
    }

    @Test
    void pipesThatAreLookedAfterAreNotRead() {
        aws.create(pipe("a"));
        long number = aws.store.read(StoredPipes::all).getFirst().number();

        List<StoredPipe> found = aws.store.read(tx -> StoredPipes.atWork(tx, Set.of(number)));
        assertThat(found).isEmpty();
    }

    @Test
    void refusesOneMoreThanTheQuotaUntilOneIsDeleted() {
        count(PipesLimits.PIPES_MAX - 1);
        aws.create(pipe("last"));

        assertThat(aws.refused(PipesApi.CREATE_PIPE, pipe("more").build()).error())
                .isEqualTo(PipesApi.Errors.SERVICE_QUOTA_EXCEEDED_EXCEPTION);
        aws.settle();
        aws.delete("last");
        aws.settle();
        aws.create(pipe("more"));
    }

    @Test
    void countsThePipesOfAStoreWithoutACount() {
        aws.create(pipe("a"));
        aws.create(pipe("b"));
        aws.store.<Boolean>write(tx -> {
            tx.delete(PipesKeys.count("000000000000", "us-east-1"));
            return true;
        });

        aws.create(pipe("c"));

        long count =
                aws.store.read(tx -> {
                    byte[] value = tx.get(PipesKeys.count("000000000000", "us-east-1"));
                    return Bytes.readLong(Objects.requireNonNull(value), 0);
                });
        assertThat(count).isEqualTo(3);
    }

    @Test
    void pipesThatChangeStateDoNotHoldUpANewOne(@TempDir Path directory) {
        AtomicInteger runs = new AtomicInteger();
        try (RocksStore store = RocksStore.open(directory)) {
            StoredPipe other = stored(1, "other");
            add(store, other);

            store.<Boolean>write(tx -> {
                StoredPipes.add(tx, stored(2, "new"));
                if (runs.incrementAndGet() == 1) {
                    inAnotherThread(() -> settle(store, other));
                }
                return true;
            });
        }

        assertThat(runs).hasValue(1);
    }

    private StoredPipe stored(long number, String name) {
        PipeSettings settings =
                new PipeSettings(
                        null,
                        in,
                        PipeSourceParameters.builder().build(),
                        null,
                        null,
                        out,
                        null,
                        PipesFixture.ROLE,
                        null,
                        null);
        return new StoredPipe(
                number,
                1,
                "000000000000",
                "us-east-1",
                name,
                settings,
                StoredPipe.STOPPED,
                PipeState.CREATING,
                null,
                Map.of(),
                0,
                0);
    }

    private static void add(Store store, StoredPipe pipe) {
        store.<Boolean>write(tx -> {
            StoredPipes.add(tx, pipe);
            return true;
        });
    }

    private static void settle(Store store, StoredPipe pipe) {
        store.<Boolean>write(tx -> {
            StoredPipes.put(tx, pipe.in(PipeState.STOPPED, null));
            return true;
        });
    }

    private static void inAnotherThread(Runnable action) {
        try {
            Thread.startVirtualThread(action).join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
