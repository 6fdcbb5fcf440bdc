package io.millrace.authorization;

import io.millrace.api.Shape;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Identity;
import io.millrace.wire.PrincipalType;
import io.millrace.wire.Resources;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Turns values as requests have them into what ARNs have: the names behind `|` in a [Template].
///
/// @param resources of the service, for names that only it knows
record Filters(Resources resources, String operation, Shape input) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String IAM = "iam-";
    private static final String HTTP = "://";

    /// @param values none when the request has no such member
    List<String> apply(String filter, List<String> values, Template.Source source) {
        Caller caller = source.caller();
        if (filter.startsWith(IAM)) {
            return iam(filter.substring(IAM.length()), values, caller);
        }
        if (values.isEmpty()) {
            return switch (filter) {
                case "resource" -> implied(caller);
                case "own", "account" -> List.of(caller.accountId());
                case "region" -> List.of(caller.region());
                default -> values;
            };
        }
        List<String> filtered = new ArrayList<>();
        for (String value : values) {
            switch (filter) {
                case "resource" -> filtered.add(resources.arn(caller, value));
                case "queue" -> {
                    String arn = resources.arn(caller, value);
                    filtered.add(arn.startsWith("arn:") ? arn : queue(value, caller));
                }
                case "source", "detail-type" -> filtered.addAll(members(value, filter));
                default -> {
                    String one = one(filter, value, caller);
                    if (one != null) {
                        filtered.add(one);
                    }
                }
            }
        }
        return filtered;
    }

    private static @Nullable String one(String filter, String value, Caller caller) {
        return switch (filter) {
            case "own" -> value;
            case "account" -> arn(value).map(Arn::accountId).orElseGet(caller::accountId);
            case "region" -> arn(value).map(Arn::region).orElseGet(caller::region);
            case "bus" -> bus(value);
            case "topic" -> upTo(value, ':', 6);
            case "application" -> application(value);
            case "iterator" -> value.substring(0, Math.max(0, value.indexOf('|')));
            case "movetask" -> moveTask(value);
            case "group" -> group(value);
            case "alias" -> value.startsWith("alias/") ? value : null;
            case "host" ->
                    value.contains(HTTP)
                            ? value.substring(value.indexOf(HTTP) + HTTP.length())
                            : value;
            default -> throw new IllegalStateException("no filter " + filter);
        };
    }

    private List<String> implied(Caller caller) {
        String arn = resources.implied(caller, operation, input);
        return arn == null ? List.of() : List.of(arn);
    }

    /// Users, roles and groups, whose ARNs have a path that requests do not tell. A user who names
    /// nobody means himself.
    private List<String> iam(String type, List<String> names, Caller caller) {
        Identity identity = caller.identity();
        if (names.isEmpty()) {
            return type.equals("user") && identity != null && identity.type() == PrincipalType.USER
                    ? List.of(identity.arn())
                    : List.of();
        }
        return names.stream()
                .map(name -> {
                    String arn = resources.arn(caller, type + "/" + name);
                    return arn.startsWith("arn:") ? arn : name;
                })
                .toList();
    }

    private static Optional<Arn> arn(String value) {
        return value.startsWith("arn:") ? Arn.parse(value) : Optional.empty();
    }

    /// The name of a bus in a rule's ARN; none of the default one.
    private static @Nullable String bus(String value) {
        String name = value.substring(value.lastIndexOf('/') + 1);
        return name.equals("default") ? null : name;
    }

    /// Account and name of a queue, in its URL or its ARN.
    private static String queue(String value, Caller caller) {
        if (value.startsWith("arn:")) {
            return value;
        }
        String[] path = value.split("/", -1);
        return path.length < 2
                ? caller.accountId() + ":" + value
                : path[path.length - 2] + ":" + path[path.length - 1];
    }

    /// Up to the separator of that number.
    private static String upTo(String value, char separator, int count) {
        int at = -1;
        for (int i = 0; i < count; i++) {
            at = value.indexOf(separator, at + 1);
            if (at < 0) {
                return value;
            }
        }
        return value.substring(0, at);
    }

    /// The application of a platform's endpoint.
    private static String application(String value) {
        return value.contains(":endpoint/")
                ? upTo(value.replace(":endpoint/", ":app/"), '/', 3)
                : value;
    }

    private static @Nullable String moveTask(String value) {
        try {
            JsonNode handle = JSON.readTree(Base64.getDecoder().decode(value));
            return handle == null ? null : handle.path("sourceArn").asString("*");
        } catch (JacksonException | IllegalArgumentException _) {
            return null;
        }
    }

    /// A group's name or ARN, without what its ARN may end with.
    private static String group(String value) {
        return value.endsWith(":*") ? value.substring(0, value.length() - 2) : value;
    }

    /// What an event pattern says of a field at its top.
    private static List<String> members(String pattern, String name) {
        try {
            JsonNode root = JSON.readTree(pattern);
            return root == null
                    ? List.of()
                    : root.path(name)
                            .valueStream()
                            .filter(JsonNode::isString)
                            .map(JsonNode::stringValue)
                            .toList();
        } catch (JacksonException _) {
            return List.of();
        }
    }
}
