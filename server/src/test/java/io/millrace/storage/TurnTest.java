package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.millrace.engine.MemoryStore;
import io.millrace.engine.Store;
import io.millrace.engine.StoreException;

import org.junit.jupiter.api.Test;

import java.util.List;

final class TurnTest {
    private static final byte[] KEY = {0x7f, 1};
    private static final byte[] OTHER = {0x7f, 2};

    private final Store store = new MemoryStore();
    private final Turn turn = new Turn(store);

    @Test
    void aFaultComesWhenTheOthersHadTheirTurn() {
        Error fault = new InternalError("planted");

        boolean first =
                turn.take(
                        new Turn.Entry(KEY, KEY),
                        () -> {
                            throw fault;
                        });
        boolean second = turn.take(new Turn.Entry(OTHER, OTHER), () -> true);

        assertThat(first).isFalse();
        assertThat(second).isTrue();
        assertThatThrownBy(turn::end).isSameAs(fault);
    }

    @Test
    void whatCannotBeReadIsSetAsideUntilItIsToBeTriedAgain() {
        store.write(tx -> {
            tx.put(KEY, KEY);
            return true;
        });

        turn.take(
                new Turn.Entry(KEY, KEY),
                () -> {
                    throw new UnreadableException("a newer version's");
                });
        turn.end();

        assertThat(store.<List<SetAside.Entry>>read(tx -> SetAside.page(tx, 10)))
                .extracting(SetAside.Entry::hex, SetAside.Entry::reason)
                .containsExactly(tuple("7f01", "a newer version's"));
        assertThat(store.<Boolean>read(tx -> SetAside.contains(tx, KEY))).isTrue();
        SetAside.forget(store);
        assertThat(store.<Boolean>read(tx -> SetAside.contains(tx, KEY))).isFalse();
        assertThat(store.<Boolean>read(tx -> tx.get(KEY) != null)).isTrue();
    }

    @Test
    void whatIsWrittenAnewIsTriedAgain() {
        write(1);
        SetAside.put(store, KEY, new UnreadableException("a newer version's"));

        write(2);

        assertThat(store.<Boolean>read(tx -> SetAside.contains(tx, KEY))).isFalse();
        assertThat(store.<List<SetAside.Entry>>read(tx -> SetAside.page(tx, 10))).isEmpty();
    }

    @Test
    void whatWasWrittenAnewBeforeItIsSetAsideIsTriedAgain() {
        write(2);

        turn.take(
                new Turn.Entry(KEY, new byte[] {1}),
                () -> {
                    throw new UnreadableException("a newer version's");
                });

        assertThat(store.<Boolean>read(tx -> SetAside.contains(tx, KEY))).isFalse();
    }

    private void write(int value) {
        store.write(tx -> {
            tx.put(KEY, new byte[] {(byte) value});
            return true;
        });
    }

    @Test
    void theStoresEndEndsIt() {
        StoreException end = new StoreException("full");

        assertThatThrownBy(() ->
                        turn.take(
                                new Turn.Entry(KEY, KEY),
                                () -> {
                                    throw end;
                                }))
                .isSameAs(end);
    }
}
