package io.millrace.delivery;

import io.millrace.pattern.Arn;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Finds the remote target of an ARN. Immutable.
public final class RemoteTargets {
    private static final String KIND_ENDS = ":/";

    private final Map<String, RemoteTarget> byKind;
    private final Set<String> services;

    /// @param byKind by service and kind of resource in their ARNs, as `events:api-destination`
    public RemoteTargets(Map<String, RemoteTarget> byKind) {
        this.byKind = Map.copyOf(byKind);
        this.services =
                byKind.keySet().stream()
                        .map(kind -> kind.substring(0, kind.indexOf(':')))
                        .collect(Collectors.toUnmodifiableSet());
    }

    public boolean has(Arn target) {
        return find(target) != null;
    }

    public RemoteTarget.Reply call(Arn target, RemoteTarget.Call call) throws InterruptedException {
        RemoteTarget found = find(target);
        if (found == null) {
            return new RemoteTarget.Reply.Refused(
                    "NO_RESOURCE", "Millrace has no target behind " + target + ".", false, null);
        }
        return found.call(target, call);
    }

    private @Nullable RemoteTarget find(Arn target) {
        if (!services.contains(target.service())) {
            return null;
        }
        String resource = target.resource();
        int end = 0;
        while (end < resource.length() && KIND_ENDS.indexOf(resource.charAt(end)) < 0) {
            end++;
        }
        return byKind.get(target.service() + ":" + resource.substring(0, end));
    }
}
