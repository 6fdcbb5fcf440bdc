package io.millrace.conformance.faults;

import io.millrace.conformance.faults.Calls.Outcome;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Judges what came to one end of what was sent at the other: each thing that was answered is
/// there, nothing that was not sent, and, as promised, each once and in the order of its sender.
/// Thread-safe.
///
/// A thing is named after its sender and its number there, as `a-17`; a sender sends one after the
/// other. What is received again under the same message id is the same delivery, until its deletion
/// was answered.
final class DeliveryChecker {

    enum Promise {
        AT_LEAST_ONCE,
        ONCE,
        ONCE_IN_ORDER
    }

    private final Promise promise;
    private final Map<String, Outcome> sent = new HashMap<>();
    private final Map<String, String> messages = new HashMap<>(); // by what they carry
    private final Map<String, Long> deleted = new HashMap<>(); // when it was answered, by message
    private final Map<String, String> last = new HashMap<>(); // by sender
    private final List<String> violations = new ArrayList<>();

    DeliveryChecker(Promise promise) {
        this.promise = promise;
    }

    /// Before the call, so that nothing comes that is not known yet.
    synchronized void sending(String name) {
        sent.put(name, Outcome.UNKNOWN);
    }

    synchronized void sent(String name, Outcome outcome) {
        sent.put(name, outcome);
    }

    /// @param begun when the call that brought it began, in the order of all calls
    synchronized void received(String name, String message, long begun) {
        if (sent.getOrDefault(name, Outcome.REFUSED) == Outcome.REFUSED) {
            violations.add("invented: " + name);
        }
        Long end = deleted.get(message);
        if (end != null && end < begun) {
            violations.add("resurrected: %s in %s".formatted(name, message));
        }
        String first = messages.putIfAbsent(name, message);
        if (first == null) {
            checkOrder(name);
        } else if (!first.equals(message) && promise != Promise.AT_LEAST_ONCE) {
            violations.add("twice: %s in %s and %s".formatted(name, first, message));
        }
    }

    private void checkOrder(String name) {
        int dash = name.lastIndexOf('-');
        String sender = name.substring(0, dash);
        String before = last.get(sender);
        // what nobody answered may come after what was sent later
        if (promise == Promise.ONCE_IN_ORDER && sent.get(name) == Outcome.DONE) {
            if (before != null && number(before) > number(name)) {
                violations.add("out of order: %s after %s".formatted(name, before));
            }
            last.put(sender, name);
        }
    }

    private static long number(String name) {
        return Long.parseLong(name.substring(name.lastIndexOf('-') + 1));
    }

    /// @param ended when the deletion was answered, in the order of all calls
    synchronized void deleted(String message, long ended) {
        deleted.putIfAbsent(message, ended);
    }

    /// What was answered and has not come.
    synchronized Set<String> missing() {
        Set<String> missing = new HashSet<>();
        sent.forEach((name, outcome) -> {
            if (outcome == Outcome.DONE && !messages.containsKey(name)) {
                missing.add(name);
            }
        });
        return missing;
    }

    synchronized int receivedCount() {
        return messages.size();
    }

    synchronized List<String> violations() {
        List<String> all = new ArrayList<>(violations);
        missing().forEach(name -> all.add("lost: " + name));
        return all;
    }
}
