package io.millrace.service.iam;

import io.millrace.api.iam.Tag;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Tags of anything. Their keys differ in more than the case of letters.
final class Tags {

    private Tags() {}

    /// The tags with others added, or changed.
    ///
    /// @param quota as `TagsPerUser`
    static Map<String, String> with(
            Map<String, String> tags, @Nullable List<Tag> added, String quota) {
        Map<String, String> result = new TreeMap<>(tags);
        Set<String> keys = new HashSet<>();
        for (Tag tag : added == null ? List.<Tag>of() : added) {
            if (!keys.add(tag.key().toLowerCase(Locale.ROOT))) {
                throw IamErrors.invalidInput(
                        "Duplicate tag keys found. Please note that Tag keys are case"
                                + " insensitive.");
            }
            if (tag.key().toLowerCase(Locale.ROOT).startsWith("aws:")) {
                throw IamErrors.invalidInput(
                        "aws: prefixed tag key names are not allowed for external use.");
            }
            result.keySet().removeIf(key -> key.equalsIgnoreCase(tag.key()));
            result.put(tag.key(), tag.value());
        }
        if (result.size() > IamLimits.TAGS_MAX) {
            throw IamErrors.quota(quota, IamLimits.TAGS_MAX);
        }
        return result;
    }

    static Map<String, String> without(Map<String, String> tags, List<String> removed) {
        Map<String, String> result = new TreeMap<>(tags);
        result.keySet().removeIf(key -> removed.stream().anyMatch(key::equalsIgnoreCase));
        return result;
    }

    static List<Tag> list(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(entry -> new Tag(entry.getKey(), entry.getValue()))
                .toList();
    }

    /// As answers have them that leave them out when there are none.
    static @Nullable List<Tag> listOrNull(Map<String, String> tags) {
        return tags.isEmpty() ? null : list(tags);
    }

    static ListPage<Tag> page(
            Map<String, String> tags, @Nullable String marker, @Nullable Integer maxItems) {
        return ListPage.of(list(tags), Tag::key, marker, maxItems);
    }
}
