package io.millrace.service.sns;

import com.google.re2j.Pattern;

import io.millrace.service.sns.DataIdentifiers.Managed;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a topic does about sensitive data, checked and compiled. Source: [developer
/// guide](https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-policies.html).
record DataProtectionPolicy(List<Statement> statements) {

    /// What a statement does with what it finds.
    sealed interface Operation {

        /// Tells what is found.
        ///
        /// @param percent of the messages that are looked at
        /// @param logGroup where it is told; null for nowhere, or where we have nothing
        record Audit(int percent, @Nullable String logGroup) implements Operation {}

        /// Hides what is found.
        ///
        /// @param mask null to leave the data out
        record Deidentify(@Nullable Character mask) implements Operation {}

        record Deny() implements Operation {}
    }

    /// How a kind of data is found.
    sealed interface Identifier {
        String name();

        record OfAws(String name, Managed managed) implements Identifier {}

        /// One that the policy defines.
        ///
        /// @param pattern takes time in proportion to the text, whatever it is
        record Custom(String name, Pattern pattern) implements Identifier {}
    }

    /// What is done with some kinds of data of some principals.
    ///
    /// @param inbound whether it is about publishes; else about deliveries
    /// @param principals of those who publish or subscribed; `*` for all
    record Statement(
            boolean inbound,
            List<String> principals,
            List<Identifier> identifiers,
            Operation operation) {

        boolean applies(String principalArn) {
            for (String principal : principals) {
                if (principal.equals("*")
                        || principal.equals(principalArn)
                        || isAccountOf(principal, principalArn)) {
                    return true;
                }
            }
            return false;
        }

        private static boolean isAccountOf(String principal, String principalArn) {
            String[] parts = principalArn.split(":", -1);
            return parts.length > 4
                    && !parts[4].isEmpty()
                    && (principal.equals(parts[4])
                            || principal.equals("arn:aws:iam::" + parts[4] + ":root"));
        }
    }

    /// Where data was found.
    record Span(int start, int end) {}

    boolean hasOutbound() {
        return statements.stream().anyMatch(statement -> !statement.inbound);
    }

    /// What a statement finds, by the name of the identifier, in order.
    static Map<String, List<Span>> find(Statement statement, String text) {
        Map<String, List<Span>> found = new LinkedHashMap<>();
        for (Identifier identifier : statement.identifiers) {
            List<Span> spans = spans(identifier, text);
            if (!spans.isEmpty()) {
                found.put(identifier.name(), spans);
            }
        }
        return found;
    }

    private static List<Span> spans(Identifier identifier, String text) {
        List<Span> spans = new ArrayList<>();
        switch (identifier) {
            case Identifier.OfAws(_, Managed(var pattern, var check)) -> {
                java.util.regex.Matcher matcher = pattern.matcher(text);
                while (matcher.find()) {
                    boolean isGroup = matcher.groupCount() > 0 && matcher.start(1) >= 0;
                    int start = isGroup ? matcher.start(1) : matcher.start();
                    int end = isGroup ? matcher.end(1) : matcher.end();
                    if (check.test(text.substring(start, end))) {
                        spans.add(new Span(start, end));
                    }
                }
            }
            case Identifier.Custom(_, Pattern pattern) -> {
                com.google.re2j.Matcher matcher = pattern.matcher(text);
                while (matcher.find()) {
                    if (matcher.end() > matcher.start()) {
                        spans.add(new Span(matcher.start(), matcher.end()));
                    }
                }
            }
        }
        return spans;
    }
}
