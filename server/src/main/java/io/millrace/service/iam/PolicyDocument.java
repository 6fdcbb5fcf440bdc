package io.millrace.service.iam;

import io.millrace.policy.Policy;
import io.millrace.policy.PolicyException;
import io.millrace.policy.PolicyKind;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Checks policy documents before they are kept, and refuses them in IAM's words. Source: [the
/// grammar](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
final class PolicyDocument {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    private static final String CURRENT_VERSION = "2012-10-17";
    private static final Set<String> VERSIONS = Set.of(CURRENT_VERSION, "2008-10-17");
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
    private static final Pattern SID = Pattern.compile("[A-Za-z0-9]*");
    private static final Pattern TRUST_ACTION =
            Pattern.compile(
                    "(?i)sts:(\\*|AssumeRole.*|TagSession|SetSourceIdentity|SetContext|Assume.*)");
    private static final String SYNTAX = "Syntax errors in policy.";

    private PolicyDocument() {}

    /// A document that grants something to whoever it hangs on.
    static void checkGrants(String text) {
        Set<String> sids = new HashSet<>();
        for (JsonNode statement : statements(text, sids)) {
            if (statement.has("Principal") || statement.has("NotPrincipal")) {
                throw IamErrors.malformedPolicy("Policy document should not specify a principal.");
            }
            List<String> actions = actions(statement);
            boolean one = statement.has("Resource") != statement.has("NotResource");
            if (!one) {
                throw statement.has("Resource")
                        ? syntax()
                        : IamErrors.malformedPolicy("Policy statement must contain resources.");
            }
            JsonNode resources =
                    statement.has("Resource")
                            ? statement.get("Resource")
                            : statement.get("NotResource");
            for (String resource : strings(resources)) {
                checkResource(resource);
            }
            actions.forEach(PolicyDocument::checkAction);
        }
        JsonNode version = json(text).get("Version");
        if (version == null || !version.stringValue().equals(CURRENT_VERSION)) {
            throw IamErrors.malformedPolicy(
                    "Policy document must be version 2012-10-17 or greater.");
        }
        checkReadable(text, PolicyKind.IDENTITY);
    }

    /// What is kept can be evaluated.
    private static void checkReadable(String text, PolicyKind kind) {
        try {
            Policy.parse(text, kind);
        } catch (PolicyException e) {
            throw IamErrors.malformedPolicy(e.message());
        }
    }

    /// A document that says who may assume a role.
    static void checkTrust(String text) {
        Set<String> sids = new HashSet<>();
        for (JsonNode statement : statements(text, sids)) {
            if (statement.has("Resource") || statement.has("NotResource")) {
                throw IamErrors.malformedPolicy("Has prohibited field Resource");
            }
            JsonNode principal = statement.get("Principal");
            if (principal == null && !statement.has("NotPrincipal")) {
                throw IamErrors.malformedPolicy("AssumeRolepolicy must contain a principal");
            }
            if (principal != null) {
                checkPrincipal(principal);
            }
            for (String action : actions(statement)) {
                if (!action.equals("*") && !TRUST_ACTION.matcher(action).matches()) {
                    throw IamErrors.malformedPolicy(
                            "AssumeRole policy may only specify STS AssumeRole actions.");
                }
            }
        }
        if (PolicyDocument.size(text) > IamLimits.TRUST_POLICY_CHARACTERS_MAX) {
            throw IamErrors.quota("ACLSizePerRole", IamLimits.TRUST_POLICY_CHARACTERS_MAX);
        }
        checkReadable(text, PolicyKind.TRUST);
    }

    /// The principals of type `AWS` that a document names.
    static List<String> awsPrincipals(String text) {
        List<String> principals = new ArrayList<>();
        for (JsonNode statement : statements(text, new HashSet<>())) {
            JsonNode principal = statement.get("Principal");
            if (principal != null && principal.isObject() && principal.has("AWS")) {
                principals.addAll(strings(principal.get("AWS")));
            }
        }
        return principals;
    }

    /// Characters that count: all but white space.
    static int size(String text) {
        return (int) text.chars().filter(c -> !Character.isWhitespace(c)).count();
    }

    private static List<JsonNode> statements(String text, Set<String> sids) {
        JsonNode root = json(text);
        checkMembers(root, MEMBERS);
        JsonNode version = root.get("Version");
        if (version != null && !(version.isString() && VERSIONS.contains(version.stringValue()))) {
            throw syntax();
        }
        JsonNode listed = root.get("Statement");
        if (listed == null || !(listed.isObject() || listed.isArray())) {
            throw syntax();
        }
        List<JsonNode> statements = new ArrayList<>();
        if (listed.isObject()) {
            statements.add(listed);
        } else {
            listed.forEach(statements::add);
        }
        if (statements.isEmpty()) {
            throw syntax();
        }
        statements.forEach(statement -> checkStatement(statement, sids));
        return statements;
    }

    private static JsonNode json(String text) {
        try {
            JsonNode root = MAPPER.readTree(text);
            if (root != null && root.isObject()) {
                return root;
            }
        } catch (JacksonException _) { // refused below
        }
        throw syntax();
    }

    private static void checkStatement(JsonNode statement, Set<String> sids) {
        checkMembers(statement, STATEMENT_MEMBERS);
        JsonNode effect = statement.get("Effect");
        if (effect == null
                || !effect.isString()
                || !Set.of("Allow", "Deny").contains(effect.stringValue())) {
            throw syntax();
        }
        JsonNode sid = statement.get("Sid");
        if (sid != null && (!sid.isString() || !SID.matcher(sid.stringValue()).matches())) {
            throw syntax();
        }
        if (sid != null && !sid.stringValue().isEmpty() && !sids.add(sid.stringValue())) {
            throw IamErrors.malformedPolicy(
                    "Statement IDs (SID) in a single policy must be unique.");
        }
        JsonNode condition = statement.get("Condition");
        if (condition != null) {
            checkCondition(condition);
        }
    }

    private static void checkCondition(JsonNode condition) {
        if (!condition.isObject()) {
            throw syntax();
        }
        for (JsonNode keys : condition) {
            if (!keys.isObject()) {
                throw syntax();
            }
            for (JsonNode values : keys) {
                if (values.isObject() || values.isNull()) {
                    throw syntax();
                }
            }
        }
    }

    private static List<String> actions(JsonNode statement) {
        JsonNode action = statement.get("Action");
        JsonNode notAction = statement.get("NotAction");
        if (action != null && notAction != null) {
            throw syntax();
        }
        if (action == null && notAction == null) {
            throw IamErrors.malformedPolicy("Policy statement must contain actions.");
        }
        List<String> actions = strings(action == null ? notAction : action);
        if (actions.isEmpty()) {
            throw IamErrors.malformedPolicy("Policy statement must contain actions.");
        }
        return actions;
    }

    private static void checkAction(String action) {
        if (action.equals("*")) {
            return;
        }
        int colon = action.indexOf(':');
        if (colon < 0) {
            throw IamErrors.malformedPolicy(
                    "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
        }
        if (action.indexOf(':', colon + 1) >= 0) {
            throw IamErrors.malformedPolicy("Actions/Condition can contain only one colon.");
        }
        String vendor = action.substring(0, colon);
        if (!vendor.matches("[A-Za-z0-9.-]+")) {
            throw IamErrors.malformedPolicy("Vendor " + vendor + " is not valid");
        }
    }

    private static void checkResource(String resource) {
        if (resource.equals("*") || resource.startsWith("${")) {
            return;
        }
        String[] parts = resource.split(":", 6);
        boolean arn = parts.length == 6 && parts[0].equals("arn");
        boolean wide = resource.startsWith("arn:") && resource.indexOf('*') >= 0;
        if (!arn && !wide) {
            throw IamErrors.malformedPolicy(
                    "Resource " + resource + " must be in ARN format or \"*\".");
        }
        if (!parts[1].matches("aws|aws-[a-z-]+|.*[*?$].*")) {
            throw IamErrors.malformedPolicy(
                    "Partition \"%s\" is not valid for resource \"%s\"."
                            .formatted(parts[1], resource));
        }
    }

    private static void checkPrincipal(JsonNode principal) {
        if (principal.isString() && principal.stringValue().equals("*")) {
            return;
        }
        if (!principal.isObject() || principal.isEmpty()) {
            throw syntax();
        }
        for (String type : principal.propertyNames()) {
            if (!Set.of("AWS", "Service", "Federated", "CanonicalUser").contains(type)) {
                throw syntax();
            }
            for (String each : strings(principal.get(type))) {
                boolean valid =
                        !type.equals("AWS")
                                || each.equals("*")
                                || each.matches("[0-9]{12}")
                                || each.matches("A(IDA|ROA)[A-Z0-9]+")
                                || each.matches(
                                        "arn:aws:(iam|sts)::[0-9]{12}:(root|user/[^*]+|role/[^*]+"
                                                + "|assumed-role/.+|federated-user/.+)");
                if (!valid) {
                    throw invalidPrincipal(type, each);
                }
            }
        }
    }

    static ServiceException invalidPrincipal(String type, String principal) {
        return IamErrors.malformedPolicy(
                "Invalid principal in policy: \"" + type + "\":\"" + principal + "\"");
    }

    private static void checkMembers(JsonNode node, Set<String> allowed) {
        if (!node.isObject() || !allowed.containsAll(node.propertyNames())) {
            throw syntax();
        }
    }

    /// One string, or a list of some.
    private static List<String> strings(@Nullable JsonNode node) {
        List<String> strings = new ArrayList<>();
        if (node != null && node.isString()) {
            strings.add(node.stringValue());
        } else if (node != null && node.isArray()) {
            for (JsonNode each : node) {
                if (!each.isString()) {
                    throw syntax();
                }
                strings.add(each.stringValue());
            }
        } else {
            throw syntax();
        }
        return strings;
    }

    private static ServiceException syntax() {
        return IamErrors.malformedPolicy(SYNTAX);
    }
}
