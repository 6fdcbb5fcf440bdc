package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/// Random transactions, by one thread and by many: whatever each of them read must be what a sorted
/// map shows when all are applied to it one after another, in the order of their versions.
interface HistoryContract {

    Store store();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    default void oneThreadSeesWhatASortedMapShows(long seed) {
        check(seed, 1, 300);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16})
    default void manyThreadsSeeWhatSomeOneOrderShows(long seed) {
        check(seed, 8, 80);
    }

    private void check(long seed, int threads, int each) {
        AtomicLong newestAcknowledged = new AtomicLong();
        SplittableRandom seeds = new SplittableRandom(seed);
        List<SplittableRandom> randoms = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            randoms.add(seeds.split());
        }
        List<List<RandomTransaction.Observed>> histories =
                Threads.run(threads, i -> () -> history(randoms.get(i), each, newestAcknowledged));

        List<RandomTransaction.Observed> all = new ArrayList<>();
        histories.forEach(all::addAll);
        all.sort(
                Comparator.comparingLong(RandomTransaction.Observed::version)
                        .thenComparing(observed -> !observed.wrote()));
        HistoryModel model = new HistoryModel();
        for (RandomTransaction.Observed observed : all) {
            assertThat(model.replay(observed))
                    .as("seed %d, version %d", seed, observed.version())
                    .isEqualTo(observed.reads());
        }
        assertThat(store().<List<String>>read(HistoryModel::dump))
                .as("seed %d, at the end", seed)
                .isEqualTo(model.dump());
    }

    private List<RandomTransaction.Observed> history(
            SplittableRandom random, int count, AtomicLong newestAcknowledged) {
        List<RandomTransaction.Observed> history = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long before = newestAcknowledged.get();
            RandomTransaction.Observed observed =
                    new RandomTransaction(random.split()).run(store());
            assertThat(observed.version()).isGreaterThanOrEqualTo(before);
            newestAcknowledged.accumulateAndGet(observed.version(), Math::max);
            history.add(observed);
        }
        return history;
    }
}
