package io.millrace.service.logs.filter;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/// What of a JSON event is meant: `$.a.b[0].c`. An asterisk stands for every member or element.
record Selector(List<Step> steps) {
    private static final int INDEX_DIGITS_MAX = 6;

    sealed interface Step {
        record Name(String name) implements Step {}

        record Index(int index) implements Step {}

        record Every() implements Step {}
    }

    static Selector parse(PatternText text) {
        if (!text.take("$")) {
            throw FilterPatternException.invalid();
        }
        List<Step> steps = new ArrayList<>();
        boolean more = true;
        while (more) { // ends with what is no step
            if (text.peek() == '[') {
                steps.add(bracket(text));
            } else if (text.take(".")) {
                steps.add(text.peek() == '[' ? bracket(text) : member(text));
            } else {
                more = false;
            }
        }
        if (steps.isEmpty()) {
            throw FilterPatternException.invalid();
        }
        return new Selector(List.copyOf(steps));
    }

    private static Step member(PatternText text) {
        if (text.take("*")) {
            return new Step.Every();
        }
        String name = text.name();
        if (name.isEmpty()) {
            throw FilterPatternException.invalid();
        }
        return new Step.Name(name);
    }

    private static Step bracket(PatternText text) {
        text.next();
        Step step;
        if (text.take("*")) {
            step = new Step.Every();
        } else if (text.peek() == '"' || text.peek() == '\'') {
            step = new Step.Name(text.quoted(text.peek()));
        } else {
            String digits = text.name();
            boolean isIndex =
                    !digits.isEmpty()
                            && digits.length() <= INDEX_DIGITS_MAX
                            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
            if (!isIndex) {
                throw FilterPatternException.invalid();
            }
            step = new Step.Index(Integer.parseInt(digits));
        }
        if (!text.take("]")) {
            throw FilterPatternException.invalid();
        }
        return step;
    }

    /// The values that are meant; none when there are none.
    List<JsonNode> select(JsonNode root) {
        List<JsonNode> selected = List.of(root);
        for (Step step : steps) {
            List<JsonNode> next = new ArrayList<>();
            for (JsonNode node : selected) {
                add(node, step, next);
            }
            selected = next;
        }
        return selected;
    }

    private static void add(JsonNode node, Step step, List<JsonNode> to) {
        switch (step) {
            case Step.Name(String name) -> {
                JsonNode member = node.get(name);
                if (member != null) {
                    to.add(member);
                }
            }
            case Step.Index(int index) -> {
                JsonNode element = node.isArray() ? node.get(index) : null;
                if (element != null) {
                    to.add(element);
                }
            }
            case Step.Every() -> node.values().forEach(to::add);
        }
    }
}
