package io.millrace.service.secretsmanager;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The staging labels of a secret: each is on one version at most.
///
/// Where `AWSCURRENT` is taken away, `AWSPREVIOUS` comes, and `AWSPENDING` goes. Source: [staging
/// labels](https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html#term_version).
final class Labels {
    static final String CURRENT = "AWSCURRENT";
    static final String PREVIOUS = "AWSPREVIOUS";
    static final String PENDING = "AWSPENDING";

    private Labels() {}

    /// The same with labels on a version, each taken away from where it was.
    static Map<String, String> attach(
            Map<String, String> before, Collection<String> labels, String versionId) {
        Map<String, String> versions = new TreeMap<>(before);
        for (String label : labels) {
            String holder = versions.put(label, versionId);
            if (label.equals(CURRENT) && holder != null && !holder.equals(versionId)) {
                versions.put(PREVIOUS, holder);
                versions.remove(PENDING, holder);
            }
        }
        return versions;
    }

    /// The labels of a version, in alphabetical order.
    static List<String> of(Map<String, String> versions, String versionId) {
        List<String> labels = new ArrayList<>();
        versions.forEach((label, holder) -> {
            if (holder.equals(versionId)) {
                labels.add(label);
            }
        });
        labels.sort(null);
        return labels;
    }

    /// The labels by version.
    static Map<String, List<String>> byVersion(Map<String, String> versions) {
        Map<String, List<String>> labels = new LinkedHashMap<>();
        new TreeMap<>(versions)
                .forEach((label, holder) ->
                        labels.computeIfAbsent(holder, _ -> new ArrayList<>()).add(label));
        return labels;
    }
}
