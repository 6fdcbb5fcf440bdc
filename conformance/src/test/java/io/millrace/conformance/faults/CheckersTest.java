package io.millrace.conformance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.conformance.faults.Calls.Outcome;
import io.millrace.conformance.faults.DeliveryChecker.Promise;
import io.millrace.conformance.faults.StreamChecker.Change;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Small histories, good and bad, of registers, transfers, streams and deliveries.
final class CheckersTest {

    @Test
    void registersAreAcceptedWhenOneWinsAndAllIsCounted() {
        RegisterChecker checker = new RegisterChecker();
        checker.put("i", "a", Outcome.DONE);
        checker.put("i", "b", Outcome.REFUSED);
        checker.put("j", "a", Outcome.UNKNOWN);
        checker.add("c", Outcome.DONE);
        checker.add("c", Outcome.UNKNOWN);

        assertThat(checker.violations(Map.of("i", "a"), Map.of("c", 1L))).isEmpty();
        assertThat(checker.violations(Map.of("i", "a", "j", "a"), Map.of("c", 2L))).isEmpty();
    }

    @Test
    void registersAreFoundWrongWhenAPutIsLostOrTwoWinOrOneCountsTwice() {
        RegisterChecker checker = new RegisterChecker();
        checker.put("i", "a", Outcome.DONE);
        checker.put("j", "a", Outcome.DONE);
        checker.put("j", "b", Outcome.DONE);
        checker.put("k", "a", Outcome.REFUSED);
        checker.add("c", Outcome.DONE);

        assertThat(checker.violations(Map.of("j", "b", "k", "a"), Map.of("c", 2L)))
                .anyMatch(text -> text.startsWith("lost put"))
                .anyMatch(text -> text.startsWith("two won"))
                .anyMatch(text -> text.startsWith("refused and done"))
                .anyMatch(text -> text.startsWith("counted wrong"));
    }

    @Test
    void transfersAreAcceptedWhenTheLedgerExplainsTheAccounts() {
        TransferChecker checker = new TransferChecker(2, 100);
        checker.transferred("t1", Outcome.DONE);
        checker.transferred("t2", Outcome.UNKNOWN);
        checker.read(List.of(70L, 130L));

        assertThat(
                        checker.violations(
                                Map.of("a", 70L, "b", 130L),
                                Map.of("t1", new TransferChecker.Entry("a", "b", 30))))
                .isEmpty();
    }

    @Test
    void transfersAreFoundWrongWhenTheSumOrTheLedgerIs() {
        TransferChecker checker = new TransferChecker(2, 100);
        checker.transferred("t1", Outcome.DONE);
        checker.transferred("t2", Outcome.REFUSED);
        checker.read(List.of(70L, 100L));

        assertThat(
                        checker.violations(
                                Map.of("a", -10L, "b", 210L),
                                Map.of("t2", new TransferChecker.Entry("a", "b", 30))))
                .anyMatch(text -> text.startsWith("another sum"))
                .anyMatch(text -> text.startsWith("lost transfer"))
                .anyMatch(text -> text.startsWith("refused and done"))
                .anyMatch(text -> text.startsWith("the ledger comes to"))
                .anyMatch(text -> text.startsWith("overdrawn"));
    }

    @Test
    void aStreamIsAcceptedWhenItIsAChainToWhatTheTableHolds() {
        List<Change> told =
                List.of(
                        new Change("1", "i", "", "w1 1"),
                        new Change("2", "i", "w1 1", ""),
                        new Change("3", "i", "", "w3 1"));
        Map<String, Outcome> writes =
                Map.of("w1", Outcome.DONE, "w2", Outcome.UNKNOWN, "w3", Outcome.UNKNOWN);

        assertThat(StreamChecker.violations(told, writes, Map.of("i", "w3 1"))).isEmpty();
    }

    @Test
    void aStreamIsFoundWrongWhenItRepeatsSkipsOrTurnsBack() {
        List<Change> told =
                List.of(
                        new Change("2", "i", "", "w1 1"),
                        new Change("1", "i", "w1 1", "w1 1"),
                        new Change("3", "i", "w2 2", "w3 3"));
        Map<String, Outcome> writes = Map.of("w1", Outcome.DONE, "w2", Outcome.DONE);

        assertThat(StreamChecker.violations(told, writes, Map.of("i", "w4 4")))
                .anyMatch(text -> text.startsWith("out of order"))
                .anyMatch(text -> text.startsWith("told twice"))
                .anyMatch(text -> text.startsWith("broken chain"))
                .anyMatch(text -> text.startsWith("not told"))
                .anyMatch(text -> text.startsWith("invented"))
                .anyMatch(text -> text.startsWith("the table holds"));
    }

    @Test
    void deliveriesAreAcceptedOnceEachInOrderWithReceiptsRepeated() {
        DeliveryChecker checker = new DeliveryChecker(Promise.ONCE_IN_ORDER);
        checker.sent("a-1", Outcome.DONE);
        checker.sent("a-2", Outcome.UNKNOWN);
        checker.sent("a-3", Outcome.DONE);
        checker.received("a-1", "m1", 1);
        checker.received("a-1", "m1", 2);
        checker.deleted("m1", 3);
        checker.received("a-3", "m3", 4);
        checker.received("a-2", "m2", 5);

        assertThat(checker.violations()).isEmpty();
    }

    @Test
    void deliveriesAreFoundWrongWhenLostDoubledInventedResurrectedOrOvertaken() {
        DeliveryChecker checker = new DeliveryChecker(Promise.ONCE_IN_ORDER);
        checker.sent("a-1", Outcome.DONE);
        checker.sent("a-2", Outcome.DONE);
        checker.sent("a-3", Outcome.DONE);
        checker.sent("a-4", Outcome.REFUSED);
        checker.received("a-2", "m2", 1);
        checker.deleted("m2", 2);
        checker.received("a-2", "m2", 3);
        checker.received("a-1", "m1", 4);
        checker.received("a-1", "m5", 5);
        checker.received("a-4", "m4", 6);

        assertThat(checker.violations())
                .anyMatch(text -> text.startsWith("lost: a-3"))
                .anyMatch(text -> text.startsWith("twice: a-1"))
                .anyMatch(text -> text.startsWith("invented: a-4"))
                .anyMatch(text -> text.startsWith("resurrected: a-2"))
                .anyMatch(text -> text.startsWith("out of order: a-1"));
    }

    @Test
    void whatMayComeTwiceIsStillFoundLost() {
        DeliveryChecker checker = new DeliveryChecker(Promise.AT_LEAST_ONCE);
        checker.sent("a-1", Outcome.DONE);
        checker.sent("a-2", Outcome.DONE);
        checker.received("a-1", "r1", 0);
        checker.received("a-1", "r2", 0);

        assertThat(checker.violations()).containsExactly("lost: a-2");
    }

    @Test
    void aRunThatIsLeftOutOrComesTwiceIsFound() {
        RecurrenceChecker checker = new RecurrenceChecker(Duration.ofMinutes(1));
        Instant first = Instant.parse("2026-11-26T06:00:00Z");
        Instant fourth = first.plusSeconds(180);
        checker.beginAt(first.minusSeconds(60));
        checker.ran("rule", first, "m1");
        checker.ran("rule", first, "m1");
        checker.ran("rule", first.plusSeconds(60), "m2");
        checker.ran("rule", fourth.minusSeconds(60), "m3");
        checker.endAt(fourth);
        List<String> good = checker.violations(Set.of("rule"));

        checker.ran("rule", first, "m4");
        checker.ran("rule", fourth.plusSeconds(60), "m5");
        checker.ran("late", fourth.plusSeconds(240), "m6");
        checker.endAt(fourth.plusSeconds(300));

        assertThat(good).isEmpty();
        assertThat(checker.violations(Set.of("rule", "late", "other")))
                .hasSize(5)
                .anyMatch(text -> text.startsWith("twice: rule"))
                .anyMatch(text -> text.startsWith("lost: late before"))
                .anyMatch(text -> text.startsWith("lost: rule between"))
                .anyMatch(text -> text.startsWith("lost: rule after"))
                .anyMatch(text -> text.equals("lost: other never ran"));
    }

    @Test
    void aStateThatWasNeverAnsweredOrWasLeftIsFound() {
        StateChecker checker = new StateChecker();
        checker.changed("known", "a", Outcome.DONE);
        checker.changed("known", "b", Outcome.REFUSED);
        checker.changed("open", "a", Outcome.DONE);
        checker.changed("open", "b", Outcome.UNKNOWN);

        assertThat(checker.violations(_ -> "a")).isEmpty();
        assertThat(checker.violations(_ -> "b")).containsExactly("known is b, not [a]");
    }

    @Test
    void aStateThatNobodyEverChangedIsNotCalledTested() {
        StateChecker checker = new StateChecker();
        checker.changed("refused", "a", Outcome.REFUSED);
        checker.changed("open", "a", Outcome.UNKNOWN);

        assertThat(checker.violations(_ -> "a"))
                .containsExactly("nothing was ever changed: it was not tested");
    }
}
