package io.millrace.service.secretsmanager;

import io.millrace.api.secretsmanager.Filter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The filters of lists. All of them hold; of a filter's values one, and none that begins with an
/// exclamation mark. Source:
/// [Filter](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Filter.html).
final class SecretFilters implements Predicate<Secret> {
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[ :_@/+=.!-]+");

    private final List<Filter> filters;

    /// @throws io.millrace.wire.ServiceException `InvalidParameterException` when one has no key
    SecretFilters(@Nullable List<Filter> filters) {
        this.filters = filters == null ? List.of() : filters;
        for (Filter filter : this.filters) {
            if (filter.key() == null || filter.values() == null) {
                throw SecretsManagerErrors.invalidParameter(
                        "Each filter must have a key and values.");
            }
        }
    }

    @Override
    public boolean test(Secret secret) {
        return filters.stream().allMatch(filter -> holds(filter, secret));
    }

    private static boolean holds(Filter filter, Secret secret) {
        String key = String.valueOf(filter.key());
        List<String> values = filter.values() == null ? List.of() : filter.values();
        List<String> wanted = values.stream().filter(value -> !value.startsWith("!")).toList();
        boolean excluded =
                values.stream()
                        .filter(value -> value.startsWith("!"))
                        .anyMatch(value -> matches(key, value.substring(1), secret));
        return !excluded
                && (wanted.isEmpty()
                        || wanted.stream().anyMatch(value -> matches(key, value, secret)));
    }

    private static boolean matches(String key, String value, Secret secret) {
        if (key.equals("all")) {
            List<String> words =
                    attributes(key, secret)
                            .flatMap(attribute ->
                                    Stream.concat(
                                            Stream.of(attribute),
                                            BETWEEN_WORDS.splitAsStream(attribute)))
                            .map(word -> word.toLowerCase(Locale.ROOT))
                            .toList();
            return Stream.of(value.toLowerCase(Locale.ROOT).strip().split(" +"))
                    .allMatch(word -> words.stream().anyMatch(other -> other.startsWith(word)));
        }
        if (key.equals("description")) {
            String lower = value.toLowerCase(Locale.ROOT);
            return attributes(key, secret)
                    .anyMatch(text -> text.toLowerCase(Locale.ROOT).startsWith(lower));
        }
        return attributes(key, secret).anyMatch(text -> text.startsWith(value));
    }

    private static Stream<String> attributes(String key, Secret secret) {
        Map<String, String> tags = secret.shared().tags();
        Map<String, String> known = tags == null ? Map.of() : tags;
        List<String> attributes = new ArrayList<>();
        boolean all = key.equals("all");
        if (all || key.equals("name")) {
            attributes.add(secret.own().name());
        }
        if (all || key.equals("description")) {
            add(attributes, secret.shared().description());
        }
        if (all || key.equals("tag-key")) {
            attributes.addAll(known.keySet());
        }
        if (all || key.equals("tag-value")) {
            attributes.addAll(known.values());
        }
        if (all || key.equals("primary-region")) {
            add(attributes, secret.shared().primaryRegion());
        }
        return attributes.stream();
    }

    private static void add(List<String> attributes, @Nullable String attribute) {
        if (attribute != null) {
            attributes.add(attribute);
        }
    }
}
