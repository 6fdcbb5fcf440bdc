package io.millrace.authorization;

import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// A text with places for members of a request's input: `arn:aws:sqs:{region}:{account}:{Name}`.
///
/// A place is a path, or several of which the first that leads somewhere counts, perhaps with a
/// default behind `=` and a filter behind `|` (see [Filters]): `{EventBusName=default}`,
/// `{QueueUrl|queue}`. A path that begins with a dot starts at the element that the line is about.
/// Where a value is an ARN, it stands for everything before it too. A section in brackets is left
/// out when a value in it is missing; elsewhere what is missing is `*`. Several values make several
/// texts. Immutable.
record Template(List<Part> parts) {

    /// Texts, places and sections.
    sealed interface Part {
        record Text(String text) implements Part {}

        record Place(List<String> paths, @Nullable String fallback, String filter)
                implements Part {}

        record Section(Template inner) implements Part {}
    }

    /// What templates are filled from.
    ///
    /// @param element what the line is about, of a list in the input; the input itself otherwise
    record Source(Caller caller, Object input, Object element, Filters filters) {

        List<String> values(Part.Place place) {
            for (String path : place.paths) {
                boolean relative = path.startsWith(".");
                List<Object> found =
                        relative
                                ? InputTree.at(element, path.substring(1))
                                : InputTree.at(input, path);
                if (!found.isEmpty()) {
                    return found.stream().map(String::valueOf).distinct().toList();
                }
            }
            return List.of();
        }
    }

    static Template parse(String text) {
        List<Part> parts = new ArrayList<>();
        int from = 0;
        while (from < text.length()) { // each turn takes at least one character
            char c = text.charAt(from);
            if (c == '{') {
                int end = text.indexOf('}', from);
                parts.add(place(text.substring(from + 1, end)));
                from = end + 1;
            } else if (c == '[') {
                int end = text.indexOf(']', from);
                parts.add(new Part.Section(parse(text.substring(from + 1, end))));
                from = end + 1;
            } else {
                int end = from + 1;
                while (end < text.length() && "{[".indexOf(text.charAt(end)) < 0) {
                    end++;
                }
                parts.add(new Part.Text(text.substring(from, end)));
                from = end;
            }
        }
        return new Template(List.copyOf(parts));
    }

    private static Part.Place place(String text) {
        int pipe = text.indexOf('|');
        String filter = pipe < 0 ? "" : text.substring(pipe + 1);
        String rest = pipe < 0 ? text : text.substring(0, pipe);
        int equals = rest.indexOf('=');
        return new Part.Place(
                List.of((equals < 0 ? rest : rest.substring(0, equals)).split(",")),
                equals < 0 ? null : rest.substring(equals + 1),
                filter);
    }

    /// The texts that it makes of a request.
    List<String> fill(Source source) {
        List<String> filled = fill(source, false);
        return filled.isEmpty() ? List.of("*") : filled;
    }

    /// What its only place has, unaltered; none when that is missing.
    List<String> values(Source source) {
        return fill(source, true);
    }

    private List<String> fill(Source source, boolean strict) {
        List<String> texts = List.of("");
        for (Part part : parts) {
            List<String> next = new ArrayList<>();
            List<String> values = values(part, source);
            if (values.isEmpty()) {
                if (strict) {
                    return List.of();
                }
                values = List.of(part instanceof Part.Section ? "" : "*");
            }
            for (String text : texts) {
                for (String value : values) {
                    boolean whole = part instanceof Part.Place && value.startsWith("arn:");
                    next.add(whole ? value : text + value);
                }
            }
            texts = next;
        }
        return texts.stream().distinct().toList();
    }

    private static List<String> values(Part part, Source source) {
        return switch (part) {
            case Part.Text text -> List.of(text.text);
            case Part.Section section -> section.inner.fill(source, true);
            case Part.Place place -> {
                if (place.paths.equals(List.of("region"))) {
                    yield List.of(source.caller.region());
                }
                if (place.paths.equals(List.of("account"))) {
                    yield List.of(source.caller.accountId());
                }
                List<String> found = source.values(place);
                List<String> filtered =
                        place.filter.isEmpty()
                                ? found
                                : source.filters.apply(place.filter, found, source);
                yield filtered.isEmpty() && place.fallback != null
                        ? List.of(place.fallback)
                        : filtered;
            }
        };
    }
}
