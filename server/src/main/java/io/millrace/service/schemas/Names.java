package io.millrace.service.schemas;

import java.util.regex.Pattern;

/// What registries, schemas and languages may be called.
final class Names {
    private static final Pattern ALLOWED = Pattern.compile("[0-9A-Za-z_.@-]+");

    private Names() {}

    static void checkRegistry(String name) {
        check("RegistryName", name, SchemasLimits.REGISTRY_NAME_LENGTH_MAX);
        if (name.startsWith("aws.") || name.equals(Registries.DISCOVERED)) {
            throw SchemasErrors.badRequest("Registry name " + name + " is reserved.");
        }
    }

    static void checkSchema(String name) {
        check("SchemaName", name, SchemasLimits.SCHEMA_NAME_LENGTH_MAX);
    }

    private static void check(String parameter, String name, int lengthMax) {
        if (name.length() > lengthMax) {
            throw SchemasErrors.badRequest(
                    parameter + " must have length less than or equal to " + lengthMax + ".");
        }
        if (!ALLOWED.matcher(name).matches()) {
            throw SchemasErrors.badRequest(
                    parameter
                            + " may only have letters, digits, and the characters"
                            + " '.', '-', '_' and '@'.");
        }
    }

    /// The version that a request names.
    ///
    /// @throws io.millrace.wire.ServiceException when that is not a number
    static long version(String text) {
        if (text.length() > 18 || text.isEmpty()) {
            throw SchemasErrors.badRequest("SchemaVersion " + text + " is not valid.");
        }
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                throw SchemasErrors.badRequest("SchemaVersion " + text + " is not valid.");
            }
            number = number * 10 + digit - '0';
        }
        return number;
    }

    /// The name of the schema of an event, as AWS makes it: `aws.ec2@EC2InstanceStateChange`.
    static String ofEvent(String source, String detailType) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < source.length(); i++) {
            char c = source.charAt(i);
            boolean allowed = isLetterOrDigit(c) || c == '.' || c == '_' || c == '-' || c == '@';
            name.append(allowed ? c : '-');
        }
        String title = title(detailType);
        String full = name.append('@').append(title).toString();
        return full.length() > SchemasLimits.SCHEMA_NAME_LENGTH_MAX
                ? full.substring(0, SchemasLimits.SCHEMA_NAME_LENGTH_MAX)
                : full;
    }

    /// The words of a text, each with a capital letter, and nothing between them; `Event` for a
    /// text without letters.
    static String title(String text) {
        StringBuilder title = new StringBuilder();
        boolean begins = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isLetterOrDigit(c)) {
                title.append(begins && c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c);
                begins = false;
            } else {
                begins = true;
            }
        }
        return title.isEmpty() ? "Event" : title.toString();
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
