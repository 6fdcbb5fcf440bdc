package io.millrace.conformance.faults;

import io.millrace.conformance.faults.Calls.Outcome;

import java.util.ArrayList;
import java.util.HashMap;
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

    /// @param state what it is then
    synchronized void changed(String name, String state, Outcome outcome) {
        switch (outcome) {
            case DONE -> possible.put(name, Set.of(state));
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

    /// The names of all that was changed.
    synchronized Set<String> names() {
        return Set.copyOf(possible.keySet());
    }

    /// @param found what each is in the end
    synchronized List<String> violations(UnaryOperator<String> found) {
        Map<String, String> states = new HashMap<>();
        names().forEach(name -> states.put(name, found.apply(name)));
        states.forEach(this::seen);
        return List.copyOf(violations);
    }
}
