package io.millrace.service.sts;

import io.millrace.api.sts.Tag;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The tags that a request gives a session.
final class SessionTags {

    private SessionTags() {}

    static Map<String, String> of(@Nullable List<Tag> tags) {
        Map<String, String> result = new TreeMap<>();
        Set<String> keys = new HashSet<>();
        for (Tag tag : tags == null ? List.<Tag>of() : tags) {
            if (!keys.add(tag.key().toLowerCase(Locale.ROOT))) {
                throw StsErrors.validation(
                        "Duplicate tag keys found. Please note that Tag keys are case"
                                + " insensitive.");
            }
            if (tag.key().toLowerCase(Locale.ROOT).startsWith("aws:")) {
                throw StsErrors.validation(
                        "aws: prefixed tag key names are not allowed for external use.");
            }
            result.put(tag.key(), tag.value());
        }
        return result;
    }

    /// Tags that a token brings, which no model has checked.
    static void check(Map<String, String> tags) {
        if (tags.size() > StsLimits.SESSION_TAGS_MAX) {
            throw StsErrors.invalidToken(
                    "More than " + StsLimits.SESSION_TAGS_MAX + " principal tags.");
        }
        Set<String> keys = new HashSet<>();
        tags.forEach((key, value) -> {
            if (key.isEmpty()
                    || key.length() > StsLimits.TAG_KEY_CHARACTERS_MAX
                    || value.length() > StsLimits.TAG_VALUE_CHARACTERS_MAX
                    || key.toLowerCase(Locale.ROOT).startsWith("aws:")
                    || !keys.add(key.toLowerCase(Locale.ROOT))) {
                throw StsErrors.invalidToken("The principal tag " + key + " is not valid.");
            }
        });
    }

    /// As condition keys have what a request wants to tag.
    static Map<String, List<String>> conditions(Map<String, String> tags) {
        Map<String, List<String>> conditions = new HashMap<>();
        tags.forEach((key, value) ->
                conditions.put("aws:requesttag/" + key.toLowerCase(Locale.ROOT), List.of(value)));
        if (!tags.isEmpty()) {
            conditions.put("aws:tagkeys", new ArrayList<>(tags.keySet()));
        }
        return conditions;
    }
}
