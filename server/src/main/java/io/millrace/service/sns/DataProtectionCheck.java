package io.millrace.service.sns;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

import io.millrace.service.sns.DataIdentifiers.Managed;
import io.millrace.service.sns.DataProtectionPolicy.Identifier;
import io.millrace.service.sns.DataProtectionPolicy.Operation;
import io.millrace.service.sns.DataProtectionPolicy.Statement;
import io.millrace.wire.ServiceException;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads data protection policies, and refuses those that AWS's rules do not allow. Of AWS's
/// wording only that of `DataDirection` is attested.
final class DataProtectionCheck {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String VERSION = "2021-06-01";
    private static final String NAME = "[A-Za-z0-9_-]{1,128}";
    private static final String MASKS = " !$%&()*+,-./\\:;<=>@[]^_`|~#";
    private static final String LOG_GROUP_PREFIX = "/aws/vendedlogs/";
    private static final Set<String> STATEMENT =
            Set.of("Sid", "DataDirection", "Principal", "DataIdentifier", "Operation");

    private DataProtectionCheck() {}

    static DataProtectionPolicy parse(String json) {
        if (json.length() > SnsLimits.DATA_PROTECTION_POLICY_CHARACTERS) {
            throw fault("Policy is too long");
        }
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JacksonException _) { // AWS's answer tells no more
            throw fault("Unable to parse JSON");
        }
        checkMembers(root, Set.of("Name", "Description", "Version", "Statement", "Configuration"));
        if (!root.path("Name").isString()) {
            throw fault("Policy must have a Name");
        }
        if (!root.path("Version").asString("").equals(VERSION)) {
            throw fault("Policy Version must be " + VERSION);
        }
        Map<String, Pattern> custom = custom(root.path("Configuration"));
        List<Statement> statements = new ArrayList<>();
        for (JsonNode node : array(root, "Statement")) {
            statements.add(statement(node, custom));
        }
        if (statements.stream().filter(each -> each.operation() instanceof Operation.Audit).count()
                > 1) {
            throw fault("Policy can have only one Audit statement");
        }
        return new DataProtectionPolicy(List.copyOf(statements));
    }

    private static Statement statement(JsonNode node, Map<String, Pattern> custom) {
        checkMembers(node, STATEMENT);
        String direction = node.path("DataDirection").asString("");
        if (!Set.of("Inbound", "Outbound").contains(direction)) {
            throw fault("Statement DataDirection must be either Inbound or Outbound");
        }
        List<String> principals = new ArrayList<>();
        for (JsonNode principal : array(node, "Principal")) {
            principals.add(text(principal, "Principal"));
        }
        List<Identifier> identifiers = new ArrayList<>();
        for (JsonNode identifier : array(node, "DataIdentifier")) {
            identifiers.add(identifier(text(identifier, "DataIdentifier"), custom));
        }
        boolean inbound = direction.equals("Inbound");
        return new Statement(
                inbound,
                List.copyOf(principals),
                List.copyOf(identifiers),
                operation(node.path("Operation"), inbound));
    }

    private static Identifier identifier(String text, Map<String, Pattern> custom) {
        Pattern pattern = custom.get(text);
        if (pattern != null) {
            return new Identifier.Custom(text, pattern);
        }
        if (!text.startsWith(DataIdentifiers.ARN_PREFIX)) {
            throw fault("Statement DataIdentifier is invalid: " + text);
        }
        String name = text.substring(DataIdentifiers.ARN_PREFIX.length());
        Managed managed = DataIdentifiers.find(name);
        if (managed == null) {
            throw SnsErrors.notImplemented("the data identifier " + name);
        }
        return new Identifier.OfAws(name, managed);
    }

    private static Operation operation(JsonNode node, boolean inbound) {
        if (!node.isObject() || node.size() != 1) {
            throw fault("Statement must have one Operation");
        }
        checkMembers(node, Set.of("Audit", "Deidentify", "Deny"));
        if (node.has("Deny")) {
            checkMembers(node.path("Deny"), Set.of());
            return new Operation.Deny();
        }
        if (node.has("Audit")) {
            if (!inbound) {
                throw fault("Audit Operation must be Inbound");
            }
            return audit(node.path("Audit"));
        }
        return deidentify(node.path("Deidentify"));
    }

    private static Operation audit(JsonNode node) {
        checkMembers(node, Set.of("SampleRate", "FindingsDestination", "NoFindingsDestination"));
        String rate = node.path("SampleRate").asString("");
        if (!rate.matches("\\d{1,2}")) {
            throw fault("Audit SampleRate must be an integer between 0 and 99");
        }
        if (!node.has("FindingsDestination") && !node.has("NoFindingsDestination")) {
            throw fault("Audit must have a destination");
        }
        for (String name : List.of("FindingsDestination", "NoFindingsDestination")) {
            JsonNode destination = node.path(name);
            checkMembers(destination, Set.of("CloudWatchLogs", "Firehose", "S3"));
            JsonNode group = destination.path("CloudWatchLogs").path("LogGroup");
            if (destination.has("CloudWatchLogs")
                    && !group.asString("").startsWith(LOG_GROUP_PREFIX)) {
                throw fault("Audit LogGroup must begin with " + LOG_GROUP_PREFIX);
            }
        }
        JsonNode group = node.path("FindingsDestination").path("CloudWatchLogs").path("LogGroup");
        return new Operation.Audit(
                Integer.parseInt(rate), group.isString() ? group.asString() : null);
    }

    private static Operation deidentify(JsonNode node) {
        checkMembers(node, Set.of("MaskConfig", "RedactConfig"));
        if (node.size() != 1) {
            throw fault("Deidentify must have either MaskConfig or RedactConfig");
        }
        if (node.has("RedactConfig")) {
            checkMembers(node.path("RedactConfig"), Set.of());
            return new Operation.Deidentify(null);
        }
        checkMembers(node.path("MaskConfig"), Set.of("MaskWithCharacter"));
        String mask = node.path("MaskConfig").path("MaskWithCharacter").asString("");
        boolean valid =
                mask.length() == 1
                        && (MASKS.contains(mask)
                                || (mask.charAt(0) < 0x80
                                        && Character.isLetterOrDigit(mask.charAt(0))));
        if (!valid) {
            throw fault("Deidentify MaskWithCharacter is invalid");
        }
        return new Operation.Deidentify(mask.charAt(0));
    }

    private static Map<String, Pattern> custom(JsonNode configuration) {
        Map<String, Pattern> custom = new HashMap<>();
        if (configuration.isMissingNode()) {
            return custom;
        }
        checkMembers(configuration, Set.of("CustomDataIdentifier"));
        for (JsonNode node : array(configuration, "CustomDataIdentifier")) {
            checkMembers(node, Set.of("Name", "Regex"));
            String name = text(node.path("Name"), "CustomDataIdentifier Name");
            String regex = text(node.path("Regex"), "CustomDataIdentifier Regex");
            if (!name.matches(NAME) || DataIdentifiers.find(name) != null) {
                throw fault("CustomDataIdentifier Name is invalid: " + name);
            }
            if (regex.length() > SnsLimits.DATA_IDENTIFIER_REGEX_CHARACTERS) {
                throw fault("CustomDataIdentifier Regex is too long");
            }
            try {
                custom.put(name, Pattern.compile(regex));
            } catch (PatternSyntaxException _) { // the pattern's fault, not ours
                throw fault("CustomDataIdentifier Regex is invalid: " + regex);
            }
        }
        if (custom.size() > SnsLimits.DATA_IDENTIFIERS_CUSTOM) {
            throw fault("Policy has too many CustomDataIdentifiers");
        }
        return custom;
    }

    private static JsonNode array(JsonNode node, String name) {
        JsonNode array = node.path(name);
        if (!array.isArray() || array.isEmpty()) {
            throw fault(name + " must be a list that is not empty");
        }
        return array;
    }

    private static String text(JsonNode node, String name) {
        if (!node.isString() || node.asString().isEmpty()) {
            throw fault(name + " must be a string");
        }
        return node.asString();
    }

    private static void checkMembers(JsonNode node, Set<String> known) {
        if (!node.isMissingNode() && !node.isObject()) {
            throw fault("Unable to parse JSON");
        }
        for (String name : node.propertyNames()) {
            if (!known.contains(name)) {
                throw fault("Unexpected member " + name);
            }
        }
    }

    private static ServiceException fault(String why) {
        return SnsErrors.invalidParameter("DataProtectionPolicy", why);
    }
}
