package io.millrace.service.events;

import io.millrace.pattern.Arn;
import io.millrace.policy.Wildcards;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What a bus asks of its policy beyond what all policies are: a `Sid` each, `Resource`, actions
/// that other accounts may be let do with a bus, and no other bus. The words are those that AWS was
/// seen to use.
final class BusPolicyCheck {

    private static final String SERVICE = "events:";
    private static final List<String> ACTIONS =
            List.of(
                    "events:deleterule",
                    "events:describeeventbus",
                    "events:describerule",
                    "events:disablerule",
                    "events:enablerule",
                    "events:listrulenamesbytarget",
                    "events:listrules",
                    "events:listtagsforresource",
                    "events:listtargetsbyrule",
                    "events:putevents",
                    "events:putrule",
                    "events:puttargets",
                    "events:removetargets",
                    "events:tagresource",
                    "events:untagresource");
    private static final JsonFactory JSON = new JsonFactory();

    private BusPolicyCheck() {}

    /// @throws io.millrace.wire.ServiceException `ValidationException` when it is none
    static void check(String text, BusName bus) {
        JsonNode root = root(text);
        if (!root.has("Version")) {
            throw EventsErrors.validation("Missing required field Version");
        }
        JsonNode listed = root.path("Statement");
        List<JsonNode> statements = new ArrayList<>();
        if (listed.isObject()) {
            statements.add(listed);
        } else {
            listed.forEach(statements::add);
        }
        Set<String> sids = new HashSet<>();
        for (int i = 0; i < statements.size(); i++) {
            Optional<String> why = why(statements.get(i), sids);
            if (why.isPresent()) {
                throw EventsErrors.validation(
                        "Invalid statement at " + place(text, i) + ": " + why.get());
            }
            for (JsonNode resource : each(statements.get(i).path("Resource"))) {
                checkResource(resource.asString(""), bus);
            }
        }
    }

    private static JsonNode root(String text) {
        JsonNode root;
        try {
            root = JsonMapper.shared().readTree(text);
        } catch (JacksonException _) {
            throw EventsErrors.validation("This policy contains invalid Json");
        }
        if (root.isMissingNode()) {
            throw EventsErrors.validation("This policy contains invalid Json");
        }
        if (!root.isObject()) {
            throw EventsErrors.validation("This text appears not to be a policy");
        }
        return root;
    }

    private static Optional<String> why(JsonNode statement, Set<String> sids) {
        for (String name : List.of("Sid", "Resource")) {
            if (!statement.has(name)) {
                throw EventsErrors.validation("Missing required field " + name);
            }
        }
        if (!sids.add(statement.path("Sid").asString(""))) {
            return Optional.of("The Statement Ids in the policy are not unique");
        }
        for (JsonNode node : each(statement.path("Action"))) {
            String action = node.asString("").toLowerCase(Locale.ROOT);
            if (!action.startsWith(SERVICE) && !action.equals("*")) {
                return Optional.of(
                        "Action field includes AWS services that are inconsistent with specified"
                                + " vendor");
            }
            if (ACTIONS.stream().noneMatch(each -> Wildcards.match(action, each))) {
                return Optional.of(
                        "The following action names are invalid: \"" + node.asString("") + "\"");
            }
        }
        return Optional.empty();
    }

    private static void checkResource(String resource, BusName bus) {
        Arn.parse(resource)
                .filter(BusName::isBus)
                .filter(_ -> !Wildcards.match(resource, bus.arn().toString()))
                .ifPresent(arn -> {
                    throw EventsErrors.validation(
                            "The relative-id \""
                                    + arn.resource()
                                    + "\" is invalid for ARN \""
                                    + resource
                                    + "\"");
                });
    }

    private static Iterable<JsonNode> each(JsonNode node) {
        return node.isArray() ? node : List.of(node);
    }

    /// Where a statement begins.
    private static String place(String text, int index) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean isStatement = parser.currentName().equals("Statement");
                JsonToken value = parser.nextToken();
                if (isStatement) {
                    if (value == JsonToken.START_ARRAY) {
                        parser.nextToken();
                    }
                    for (int i = 0; i < index; i++) {
                        parser.skipChildren();
                        parser.nextToken();
                    }
                    break;
                }
                parser.skipChildren();
            }
            TokenStreamLocation location = parser.currentTokenLocation();
            return "line " + location.getLineNr() + " column " + location.getColumnNr();
        }
    }
}
