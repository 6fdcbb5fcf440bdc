package io.millrace.conformance.faults;

import io.millrace.conformance.faults.Calls.Outcome;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// Judges things that have a state each, which one caller changes: after a change that was answered
/// it is the new one, after one that was refused the old one, and after one without an answer
/// either; nobody changes it afterwards. Thread-safe.
final class StateChecker {
    private final Map<String, Set<String>> possible = new TreeMap<>();
    private final List<String> violations = new ArrayList<>();
    private boolean answered;

    /// @param state what it is then
    synchronized void changed(String name, String state, Outcome outcome) {
        switch (outcome) {
            case DONE -> {
                possible.put(name, Set.of(state));
                answered = true;
            }
            case REFUSED -> {}
            case UNKNOWN -> {
                Set<String> states = new HashSet<>(possible.getOrDefault(name, Set.of("nothing")));
                states.add(state);
                possible.put(name, states);
            }
        }
    }

    /// @param state what a call answered that began after the last change had ended
    synchronized void seen(String name, String state) {
        Set<String> states = possible.getOrDefault(name, Set.of("nothing"));
        if (!states.contains(state)) {
            violations.add("%s is %s, not %s".formatted(name, state, states));
        }
    }

    /// @param found what each is in the end
    synchronized List<String> violations(UnaryOperator<String> found) {
        possible.keySet().forEach(name -> seen(name, found.apply(name)));
        List<String> all = new ArrayList<>(violations);
        if (!answered) {
            all.add("nothing was ever changed: it was not tested");
        }
        return all;
    }
}
