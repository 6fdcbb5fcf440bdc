package io.millrace.authorization;

import io.millrace.pattern.Arn;
import io.millrace.wire.Authorizer;
import io.millrace.wire.Requested;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Tells what a call asks for: which actions on which resources, and the condition keys of each.
final class Requests {
    static final String PASS_ROLE = "iam:PassRole";

    private static final String EACH_ENTRY = ":@";
    private static final List<String> TAGS = List.of("Tags", "tags");
    private static final List<String> TAG_KEYS = List.of("TagKeys", "tagKeys");
    private static final List<List<String>> TAG_MEMBERS =
            List.of(
                    List.of("Key", "Value"),
                    List.of("key", "value"),
                    List.of("TagKey", "TagValue"));

    private final Map<String, ActionTable> tables;

    /// @param services the ids of all that have operations
    Requests(List<String> services) {
        Map<String, ActionTable> all = new HashMap<>();
        services.forEach(service -> all.put(service, ActionTable.of(service)));
        this.tables = Map.copyOf(all);
    }

    /// What an operation needs. All of it must be allowed.
    List<Requested> of(Authorizer.Call call) {
        String operation = call.operation().name();
        ActionTable.Needs needs = needs(call);
        if (needs.lines().isEmpty() && !needs.byService()) {
            return List.of();
        }
        List<Requested> requested = new ArrayList<>();
        Map<String, Object> input = InputTree.of(call.input());
        Map<String, List<String>> tags = tags(input);
        Filters filters = new Filters(call.service().resources(), operation, call.input());
        for (ActionLine line : needs.lines()) {
            String each = line.each();
            List<Object> elements = each == null ? List.of(input) : InputTree.at(input, each);
            for (Object element : elements) {
                add(line, new Template.Source(call.caller(), input, element, filters), requested);
            }
        }
        if (needs.byService()) {
            requested.addAll(
                    call.service().resources().requested(call.caller(), operation, call.input()));
        }
        return tags.isEmpty() ? requested : requested.stream().map(r -> with(r, tags)).toList();
    }

    /// Whether an operation may hand over a role.
    boolean passRole(Authorizer.Call call) {
        return needs(call).lines().stream().anyMatch(line -> line.action().equals(PASS_ROLE));
    }

    private ActionTable.Needs needs(Authorizer.Call call) {
        String service = call.service().model().id();
        String operation = call.operation().name();
        ActionTable table = tables.get(service);
        ActionTable.Needs needs = table == null ? null : table.needs(operation);
        if (needs == null) {
            throw new IllegalStateException("nobody said what needs " + service + " " + operation);
        }
        return needs;
    }

    /// ARNs stand in the one partition that there is, since services do not look at it: none may
    /// get around what policies say of a resource.
    private static void add(ActionLine line, Template.Source source, List<Requested> requested) {
        String condition = line.condition();
        if (condition != null && !isThere(condition, source)) {
            return;
        }
        Map<String, List<String>> context = new HashMap<>();
        line.keys()
                .forEach((key, template) -> {
                    if (key.endsWith(EACH_ENTRY)) {
                        String prefix = key.substring(0, key.length() - 1);
                        entries(template, source)
                                .forEach((name, value) ->
                                        context.put(
                                                prefix + name.toLowerCase(Locale.ROOT),
                                                List.of(value)));
                    } else {
                        List<String> values = template.values(source);
                        if (!values.isEmpty()) {
                            context.put(key, values.stream().map(Arn::inPartition).toList());
                        }
                    }
                });
        for (String resource : line.resource().fill(source)) {
            requested.add(new Requested(line.action(), Arn.inPartition(resource), context));
        }
    }

    private static boolean isThere(String path, Template.Source source) {
        return !(path.startsWith(".")
                        ? InputTree.at(source.element(), path.substring(1))
                        : InputTree.at(source.input(), path))
                .isEmpty();
    }

    /// The entries of the map that the template's only place leads to.
    private static Map<String, String> entries(Template template, Template.Source source) {
        Map<String, String> entries = new HashMap<>();
        for (Template.Part part : template.parts()) {
            if (part instanceof Template.Part.Place place) {
                for (Object found : InputTree.at(source.input(), place.paths().getFirst())) {
                    if (found instanceof Map<?, ?> map) {
                        map.forEach((key, value) ->
                                entries.put(String.valueOf(key), String.valueOf(value)));
                    }
                }
            }
        }
        return entries;
    }

    private static Requested with(Requested requested, Map<String, List<String>> more) {
        Map<String, List<String>> context = new HashMap<>(more);
        context.putAll(requested.context());
        return new Requested(requested.action(), requested.resource(), context);
    }

    /// `aws:RequestTag/…` and `aws:TagKeys`.
    private static Map<String, List<String>> tags(Map<String, Object> input) {
        Map<String, List<String>> context = new HashMap<>();
        List<String> keys = new ArrayList<>();
        for (String name : TAGS) {
            Object tags = input.get(name);
            if (tags instanceof Map<?, ?> map) {
                map.forEach((key, value) -> tag(String.valueOf(key), value, context, keys));
            } else if (tags instanceof List<?> list) {
                list.forEach(each -> listed(each, context, keys));
            }
        }
        for (String name : TAG_KEYS) {
            InputTree.at(input, name).forEach(each -> keys.add(String.valueOf(each)));
        }
        if (!keys.isEmpty()) {
            context.put("aws:tagkeys", List.copyOf(keys));
        }
        return context;
    }

    private static void listed(Object tag, Map<String, List<String>> context, List<String> keys) {
        if (!(tag instanceof Map<?, ?> map)) {
            keys.add(String.valueOf(tag)); // logs' old UntagLogGroup lists keys as tags
            return;
        }
        for (List<String> names : TAG_MEMBERS) {
            Object key = map.get(names.getFirst());
            if (key != null) {
                tag(String.valueOf(key), map.get(names.getLast()), context, keys);
            }
        }
    }

    private static void tag(
            String key,
            @Nullable Object value,
            Map<String, List<String>> context,
            List<String> keys) {
        keys.add(key);
        context.put(
                "aws:requesttag/" + key.toLowerCase(Locale.ROOT),
                List.of(value == null ? "" : String.valueOf(value)));
    }
}
