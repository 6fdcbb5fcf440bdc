package io.millrace.service.logs.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Terms, each a word, a phrase in quotes or a regular expression. An event matches that contains
/// all of them and none with a minus; or, when all have a question mark, any of them. Question
/// marks beside other terms mean nothing, as at AWS.
record TermsPattern(
        List<Predicate<String>> required,
        List<Predicate<String>> excluded,
        List<Predicate<String>> optional)
        implements FilterPattern {

    static TermsPattern parse(PatternText text) {
        TermsPattern terms =
                new TermsPattern(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        text.skipSpace();
        while (!text.atEnd()) {
            List<Predicate<String>> kind = terms.required;
            if (text.take("-")) {
                kind = terms.excluded;
                text.skipSpace();
            } else if (text.take("?")) {
                kind = terms.optional;
            }
            kind.add(term(text));
            text.skipSpace();
        }
        return terms;
    }

    private static Predicate<String> term(PatternText text) {
        if (text.peek() == '%') {
            Regex regex = Regex.parse(text.regex());
            return regex::foundIn;
        }
        String term = text.peek() == '"' ? text.quoted('"') : word(text);
        if (term.isEmpty()) {
            throw FilterPatternException.invalid();
        }
        return message -> message.contains(term);
    }

    private static String word(PatternText text) {
        String word = text.bare("\"");
        if (!word.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '_')) {
            throw FilterPatternException.invalidCharacters(word);
        }
        return word;
    }

    @Override
    public boolean matches(String message) {
        if (required.isEmpty() && excluded.isEmpty()) {
            return optional.stream().anyMatch(term -> term.test(message));
        }
        return required.stream().allMatch(term -> term.test(message))
                && excluded.stream().noneMatch(term -> term.test(message));
    }

    @Override
    public Map<String, String> extract(String message) {
        return Map.of();
    }
}
