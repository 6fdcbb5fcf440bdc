package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.MemoryStore;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Faults of ours while an index is changed.
final class CachedIndexesTest {
    private static final long OWNER = 1;

    /// An owner that got a name with each generation; its index is the list of them.
    private static final class Names implements CachedIndexes.Source<List<String>> {
        private final List<String> names = new ArrayList<>();
        private boolean fails;

        @Override
        public List<String> empty() {
            return new ArrayList<>();
        }

        @Override
        public int size(List<String> index) {
            return index.size();
        }

        @Override
        public long generation(Snapshot snapshot, long owner) {
            return names.size();
        }

        @Override
        public byte @Nullable [] readPage(
                Snapshot snapshot,
                long owner,
                byte @Nullable [] from,
                int countMax,
                List<String> into) {
            into.addAll(names);
            return null;
        }

        @Override
        public Consumer<List<String>> changes(Snapshot snapshot, long owner, long from, long to) {
            List<String> changes = List.copyOf(names.subList((int) from, (int) to));
            return index -> {
                index.add(changes.getFirst());
                if (fails) {
                    throw new InternalError("planted");
                }
                index.addAll(changes.subList(1, changes.size()));
            };
        }
    }

    @Test
    void anIndexThatWasHalfChangedIsReadAnew() {
        Store store = new MemoryStore();
        Names names = new Names();
        CachedIndexes<List<String>> indexes = new CachedIndexes<>(names, 100, 10);
        names.names.add("a");
        assertThat(ask(store, indexes, 1)).containsExactly("a");
        names.names.addAll(List.of("b", "c"));

        names.fails = true;
        assertThatThrownBy(() -> ask(store, indexes, 3)).isInstanceOf(InternalError.class);
        names.fails = false;

        assertThat(ask(store, indexes, 3)).containsExactly("a", "b", "c");
        names.names.add("d");
        assertThat(ask(store, indexes, 4)).containsExactly("a", "b", "c", "d");
    }

    private static List<String> ask(
            Store store, CachedIndexes<List<String>> indexes, long generation) {
        return store.read(
                snapshot -> indexes.ask(snapshot, OWNER, generation, index -> List.copyOf(index)));
    }
}
