package io.millrace.conformance.faults;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What one round did, and what it found.
///
/// @param calls how many, by kind and outcome
/// @param faults how many, by kind
/// @param kills how many processes were killed, those whose power went among them
/// @param spans how many calls that change something were answered between two deaths, by service
/// @param flips what became of turned bits
/// @param violations by checker; empty when all is well
record RoundReport(
        Map<String, Long> calls,
        Map<String, Long> faults,
        int kills,
        int powerLosses,
        List<Map<String, Integer>> spans,
        Map<String, Long> flips,
        long unsyncedBytesLost,
        Map<String, List<String>> violations) {

    static RoundReport of(
            Calls calls, Faults faults, BitFlips flips, Map<String, List<String>> violations) {
        Map<String, Long> byKind = new TreeMap<>();
        calls.counts().forEach((kind, count) -> byKind.put(kind, count.get()));
        Map<String, Long> byFault = new TreeMap<>();
        faults.counts().forEach((kind, count) -> byFault.put(kind.word(), (long) count));
        Map<String, Long> byOutcome = new TreeMap<>();
        flips.outcomes().forEach((outcome, count) -> byOutcome.put(outcome, (long) count));
        return new RoundReport(
                byKind,
                byFault,
                faults.kills(),
                faults.powerLosses(),
                calls.spans().ended(),
                byOutcome,
                faults.bytesLost(),
                new TreeMap<>(violations));
    }
}
