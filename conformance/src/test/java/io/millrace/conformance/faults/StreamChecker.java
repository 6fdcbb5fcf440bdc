package io.millrace.conformance.faults;

import io.millrace.conformance.faults.Calls.Outcome;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Judges what a stream told of a table: each change that was answered once, none that was not
/// made, in ascending numbers, and of each item a chain of images that ends at what the table
/// holds.
final class StreamChecker {

    /// A record of the stream. An image is who wrote it and how often it was written; empty when
    /// there is no item.
    record Change(String sequenceNumber, String id, String before, String after) {

        private String writer() {
            return after.split(" ", 2)[0];
        }
    }

    private StreamChecker() {}

    /// @param writes each write's outcome, by its name
    /// @param items the images in the end, by id
    static List<String> violations(
            List<Change> told, Map<String, Outcome> writes, Map<String, String> items) {
        List<String> violations = new ArrayList<>();
        Map<String, String> images = new HashMap<>();
        Set<String> seen = new HashSet<>();
        BigInteger last = BigInteger.ZERO;
        for (Change change : told) {
            BigInteger number = new BigInteger(change.sequenceNumber());
            if (number.compareTo(last) <= 0) {
                violations.add("out of order: " + change + " after " + last);
            }
            last = number;
            String before = images.getOrDefault(change.id(), "");
            if (!change.before().equals(before)) {
                violations.add("broken chain: " + change + ", before it was told: " + before);
            }
            images.put(change.id(), change.after());
            String writer = change.writer();
            if (!writer.isEmpty()) {
                if (!seen.add(writer)) {
                    violations.add("told twice: " + change);
                }
                if (writes.getOrDefault(writer, Outcome.REFUSED) == Outcome.REFUSED) {
                    violations.add("invented: " + change);
                }
            }
        }
        writes.forEach((writer, outcome) -> {
            if (outcome == Outcome.DONE && !seen.contains(writer)) {
                violations.add("not told: " + writer);
            }
        });
        images.values().removeIf(String::isEmpty);
        if (!images.equals(items)) {
            violations.add("the table holds " + items + ", the stream ends at " + images);
        }
        return violations;
    }
}
