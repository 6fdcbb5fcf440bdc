package io.millrace.conformance.faults;

import io.millrace.conformance.faults.Calls.Outcome;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Judges transfers between accounts: the sum is the same whenever all are read at once, no account
/// is overdrawn, and the accounts are what the ledger makes of them, which has every transfer that
/// was answered and none that was refused. Thread-safe.
final class TransferChecker {

    record Entry(String giver, String taker, long amount) {}

    private final long funds;
    private final long sum;
    private final Map<String, Outcome> transfers = new HashMap<>();
    private final List<String> violations = new ArrayList<>();

    /// @param funds what each account has in the beginning
    TransferChecker(int accounts, long funds) {
        this.funds = funds;
        this.sum = accounts * funds;
    }

    synchronized void transferred(String id, Outcome outcome) {
        transfers.put(id, outcome);
    }

    /// What all accounts had at once.
    synchronized void read(List<Long> accounts) {
        if (accounts.stream().mapToLong(Long::longValue).sum() != sum) {
            violations.add("another sum than " + sum + ": " + accounts);
        }
    }

    synchronized List<String> violations(Map<String, Long> accounts, Map<String, Entry> ledger) {
        read(List.copyOf(accounts.values()));
        transfers.forEach((id, outcome) -> {
            boolean there = ledger.containsKey(id);
            if (outcome == Outcome.DONE && !there) {
                violations.add("lost transfer: " + id);
            }
            if (outcome == Outcome.REFUSED && there) {
                violations.add("refused and done: " + id);
            }
        });
        Map<String, Long> expected = new HashMap<>();
        accounts.keySet().forEach(account -> expected.put(account, funds));
        ledger.values()
                .forEach(entry -> {
                    expected.merge(entry.giver(), -entry.amount(), Long::sum);
                    expected.merge(entry.taker(), entry.amount(), Long::sum);
                });
        if (!expected.equals(accounts)) {
            violations.add("the ledger comes to " + expected + ", the accounts to " + accounts);
        }
        accounts.forEach((account, left) -> {
            if (left < 0) {
                violations.add("overdrawn: " + account + " " + left);
            }
        });
        return List.copyOf(violations);
    }
}
