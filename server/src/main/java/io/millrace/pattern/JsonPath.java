package io.millrace.pattern;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A path into JSON: `$`, `.name`, `['name']`, `[3]`, `[*]` and `.*`. Immutable.
///
/// What it finds is told as the text that stands there, so that numbers keep their spelling and
/// nothing is parsed that is not on the way. Source: [user
/// guide](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html).
public final class JsonPath {

    private sealed interface Step {
        record Name(String name) implements Step {}

        record Index(int index) implements Step {}

        record All() implements Step {}
    }

    private static final Pattern OF_RULE = Pattern.compile("\\$(\\.[^.\\[\\]*]+|\\[(\\d+|\\*)])*");

    private final List<Step> steps;
    private final boolean many;

    private JsonPath(List<Step> steps) {
        this.steps = steps;
        this.many = steps.contains(new Step.All());
    }

    /// Empty when `text` is not a path.
    public static Optional<JsonPath> parse(String text) {
        if (!text.startsWith("$")) {
            return Optional.empty();
        }
        List<Step> steps = new ArrayList<>();
        int at = 1;
        while (at < text.length()) {
            int end = text.charAt(at) == '.' ? dotted(text, at, steps) : bracket(text, at, steps);
            if (end < 0) {
                return Optional.empty();
            }
            at = end;
        }
        return Optional.of(new JsonPath(List.copyOf(steps)));
    }

    /// Whether rules of EventBridge take it: they know no quoted names and no `.*`.
    public static boolean isOfRule(String text) {
        return OF_RULE.matcher(text).matches() && parse(text).isPresent();
    }

    private static int dotted(String text, int at, List<Step> steps) {
        int end = at + 1;
        while (end < text.length() && text.charAt(end) != '.' && text.charAt(end) != '[') {
            if (Character.isWhitespace(text.charAt(end))
                    || "'\"]()?@".indexOf(text.charAt(end)) >= 0) {
                return -1;
            }
            end++;
        }
        String name = text.substring(at + 1, end);
        if (name.isEmpty()) {
            return -1;
        }
        steps.add(name.equals("*") ? new Step.All() : new Step.Name(name));
        return end;
    }

    private static int bracket(String text, int at, List<Step> steps) {
        if (text.charAt(at) != '[') {
            return -1;
        }
        char quote = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
        if (quote == '\'' || quote == '"') {
            int end = text.indexOf(quote + "]", at + 2);
            if (end <= at + 2) {
                return -1;
            }
            steps.add(new Step.Name(text.substring(at + 2, end)));
            return end + 2;
        }
        int end = text.indexOf(']', at);
        String inside = end < 0 ? "" : text.substring(at + 1, end);
        if (inside.equals("*")) {
            steps.add(new Step.All());
        } else if (inside.matches("\\d{1,9}")) {
            steps.add(new Step.Index(Integer.parseInt(inside)));
        } else {
            return -1;
        }
        return end + 1;
    }

    /// The JSON text of what the path leads to; a list of everything found where the path has an
    /// asterisk. `json` is valid JSON.
    public Optional<String> read(String json) {
        List<String> found = new ArrayList<>();
        follow(new JsonPathText(json), 0, found);
        if (many) {
            return Optional.of("[" + String.join(",", found) + "]");
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(found.getFirst());
    }

    /// Follows the steps from `index` on into the value that begins at the reader's place, and
    /// leaves the reader behind that value.
    private void follow(JsonPathText text, int index, List<String> found) {
        if (index == steps.size()) {
            found.add(text.value());
            return;
        }
        Step step = steps.get(index);
        char opening = text.peek();
        if (opening != '{' && opening != '[') {
            text.value();
            return;
        }
        text.take();
        char closing = opening == '{' ? '}' : ']';
        for (int i = 0; text.peek() != closing; i++) {
            String name = opening == '{' ? text.name() : "";
            boolean wanted =
                    switch (step) {
                        case Step.Name(String wantedName) ->
                                opening == '{' && name.equals(wantedName);
                        case Step.Index(int wantedIndex) -> opening == '[' && i == wantedIndex;
                        case Step.All() -> true;
                    };
            if (wanted) {
                follow(text, index + 1, found);
            } else {
                text.value();
            }
            if (text.peek() == ',') {
                text.take();
            }
        }
        text.take();
    }
}
