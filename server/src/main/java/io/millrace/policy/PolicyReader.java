package io.millrace.policy;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads a policy and writes its normal form on the way.
final class PolicyReader {
    static final String INVALID_PRINCIPAL = "Invalid principal in policy document.";

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    private static final Set<String> VERSIONS = Set.of("2012-10-17", "2008-10-17");
    private static final Set<String> MEMBERS = Set.of("Version", "Id", "Statement");
    private static final Set<String> STATEMENT_MEMBERS =
            Set.of(
                    "Sid",
                    "Effect",
                    "Principal",
                    "NotPrincipal",
                    "Action",
                    "NotAction",
                    "Resource",
                    "NotResource",
                    "Condition");
    private static final Set<String> PRINCIPAL_TYPES =
            Set.of(Principals.AWS, "Service", "Federated", "CanonicalUser");
    private static final String SYNTAX = "Syntax errors in policy.";

    private final ArrayNode normalStatements = MAPPER.createArrayNode();

    private final PolicyKind kind;
    private boolean variables;

    private PolicyReader(PolicyKind kind) {
        this.kind = kind;
    }

    static Policy read(String text, PolicyKind kind) throws PolicyException {
        return new PolicyReader(kind).policy(text);
    }

    private Policy policy(String text) throws PolicyException {
        JsonNode root = json(text);
        checkMembers(root, MEMBERS);
        JsonNode version = root.get("Version");
        if (version != null && !(version.isString() && VERSIONS.contains(version.stringValue()))) {
            throw new PolicyException("The policy must contain a valid version string");
        }
        variables = version != null && version.stringValue().equals("2012-10-17");
        JsonNode listed = root.get("Statement");
        if (listed == null) {
            throw new PolicyException("Missing required field Statement");
        }
        List<JsonNode> nodes = new ArrayList<>();
        if (listed.isObject()) {
            nodes.add(listed);
        } else {
            listed.forEach(nodes::add);
        }
        if (nodes.isEmpty()) {
            throw new PolicyException("Could not parse the policy: Statement is empty!");
        }
        List<Statement> statements = new ArrayList<>();
        Set<String> sids = new HashSet<>();
        for (JsonNode node : nodes) {
            Statement statement = statement(node);
            if (statement.sid() != null && !sids.add(statement.sid())) {
                throw new PolicyException("The Statement Ids in the policy are not unique");
            }
            statements.add(statement);
        }
        ObjectNode normal = MAPPER.createObjectNode();
        normal.put("Version", version == null ? "2008-10-17" : version.stringValue());
        if (root.has("Id")) {
            normal.set("Id", root.get("Id"));
        }
        normal.set("Statement", normalStatements);
        return Policy.of(MAPPER.writeValueAsString(normal), statements);
    }

    private static JsonNode json(String text) throws PolicyException {
        try {
            JsonNode root = MAPPER.readTree(text);
            if (root != null && root.isObject()) {
                return root;
            }
        } catch (JacksonException _) { // refused below
        }
        throw new PolicyException("This policy contains invalid Json");
    }

    private static void checkMembers(JsonNode node, Set<String> allowed) throws PolicyException {
        if (!node.isObject() || !allowed.containsAll(node.propertyNames())) {
            throw new PolicyException(SYNTAX);
        }
    }

    private Statement statement(JsonNode node) throws PolicyException {
        checkMembers(node, STATEMENT_MEMBERS);
        ObjectNode normal = normalStatements.addObject();
        JsonNode sid = node.get("Sid");
        if (sid != null) {
            normal.set("Sid", sid);
        }
        boolean allows = allows(node.get("Effect"));
        normal.put("Effect", allows ? "Allow" : "Deny");
        String principalName = principalName(node);
        Principals principals =
                kind.namesPrincipals()
                        ? principals(node.get(principalName), normal, principalName)
                        : Principals.EVERYONE;
        String actionName = either(node, "Action", "NotAction");
        List<String> actions = list(node.get(actionName));
        put(normal, actionName, actions);
        String resourceName = resourceName(node);
        List<String> resources =
                kind.namesResources() ? list(node.get(resourceName)) : List.of("*");
        if (kind.namesResources()) {
            put(normal, resourceName, resources);
        }
        return new Statement(
                sid == null ? null : sid.asString(),
                allows,
                principalName.startsWith("Not"),
                principals,
                actionName.startsWith("Not"),
                actions,
                resourceName.startsWith("Not"),
                resources,
                conditions(node.get("Condition"), normal),
                variables);
    }

    private String principalName(JsonNode node) throws PolicyException {
        if (kind.namesPrincipals()) {
            return either(node, "Principal", "NotPrincipal");
        }
        if (node.has("Principal") || node.has("NotPrincipal")) {
            throw new PolicyException("Policy document should not specify a principal.");
        }
        return "Principal";
    }

    private String resourceName(JsonNode node) throws PolicyException {
        if (kind.namesResources()) {
            return either(node, "Resource", "NotResource");
        }
        if (node.has("Resource") || node.has("NotResource")) {
            throw new PolicyException("Has prohibited field Resource");
        }
        return "Resource";
    }

    private static boolean allows(@Nullable JsonNode effect) throws PolicyException {
        if (effect == null) {
            throw new PolicyException("Missing required field Effect");
        }
        if ("Allow".equalsIgnoreCase(effect.asString(""))) {
            return true;
        }
        if ("Deny".equalsIgnoreCase(effect.asString(""))) {
            return false;
        }
        throw new PolicyException("Invalid effect: " + effect.asString(""));
    }

    private static String either(JsonNode node, String name, String notName)
            throws PolicyException {
        if (node.has(name) && node.has(notName)) {
            throw new PolicyException(SYNTAX);
        }
        if (!node.has(name) && !node.has(notName)) {
            throw new PolicyException("Missing required field " + name);
        }
        return node.has(name) ? name : notName;
    }

    private static Principals principals(JsonNode node, ObjectNode normal, String name)
            throws PolicyException {
        if (node.isString() && node.stringValue().equals("*")) {
            normal.put(name, "*");
            return Principals.of(Map.of(Principals.AWS, List.of("*")));
        }
        if (!node.isObject() || node.isEmpty()) {
            throw new PolicyException(SYNTAX);
        }
        checkMembers(node, PRINCIPAL_TYPES);
        Map<String, List<String>> listed = new LinkedHashMap<>();
        for (String type : node.propertyNames()) {
            listed.put(type, list(node.get(type)));
        }
        Principals principals = Principals.of(listed);
        ObjectNode types = normal.putObject(name);
        principals.byType().forEach((type, values) -> put(types, type, values));
        return principals;
    }

    private static List<Condition> conditions(@Nullable JsonNode node, ObjectNode normal)
            throws PolicyException {
        List<Condition> conditions = new ArrayList<>();
        if (node == null) {
            return conditions;
        }
        if (!node.isObject()) {
            throw new PolicyException(SYNTAX);
        }
        for (String operator : node.propertyNames()) {
            JsonNode keys = node.get(operator);
            if (!keys.isObject() || keys.isEmpty()) {
                throw new PolicyException(SYNTAX);
            }
            for (String key : keys.propertyNames()) {
                conditions.add(Condition.of(operator, key, list(keys.get(key))));
            }
        }
        if (!conditions.isEmpty()) {
            normal.set("Condition", node);
        }
        return conditions;
    }

    /// One string, or a list of some.
    private static List<String> list(JsonNode node) throws PolicyException {
        LinkedHashSet<String> values = new LinkedHashSet<>();
        if (node.isArray()) {
            for (JsonNode each : node) {
                values.add(scalar(each));
            }
        } else {
            values.add(scalar(node));
        }
        if (values.isEmpty()) {
            throw new PolicyException(SYNTAX);
        }
        return List.copyOf(values);
    }

    private static String scalar(JsonNode node) throws PolicyException {
        if (node.isContainer() || node.isNull()) {
            throw new PolicyException(SYNTAX);
        }
        return node.asString();
    }

    private static void put(ObjectNode normal, String name, List<String> values) {
        if (values.size() == 1) {
            normal.put(name, values.getFirst());
        } else {
            ArrayNode list = normal.putArray(name);
            values.forEach(list::add);
        }
    }
}
