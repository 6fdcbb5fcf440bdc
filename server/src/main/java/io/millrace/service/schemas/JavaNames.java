package io.millrace.service.schemas;

import java.util.HashSet;
import java.util.Set;

/// Names that may stand in Java code.
final class JavaNames {
    private static final Set<String> KEYWORDS =
            Set.of(
                    "abstract",
                    "assert",
                    "boolean",
                    "break",
                    "byte",
                    "case",
                    "catch",
                    "char",
                    "class",
                    "const",
                    "continue",
                    "default",
                    "do",
                    "double",
                    "else",
                    "enum",
                    "extends",
                    "false",
                    "final",
                    "finally",
                    "float",
                    "for",
                    "goto",
                    "if",
                    "implements",
                    "import",
                    "instanceof",
                    "int",
                    "interface",
                    "long",
                    "native",
                    "new",
                    "null",
                    "package",
                    "private",
                    "protected",
                    "public",
                    "return",
                    "short",
                    "static",
                    "strictfp",
                    "super",
                    "switch",
                    "synchronized",
                    "this",
                    "throw",
                    "throws",
                    "transient",
                    "true",
                    "try",
                    "void",
                    "volatile",
                    "while",
                    "_");

    /// What a component of a record must not be called, here or in Java.
    private static final Set<String> METHODS =
            Set.of(
                    "clone",
                    "finalize",
                    "getClass",
                    "hashCode",
                    "notify",
                    "notifyAll",
                    "toString",
                    "wait",
                    "toMap",
                    "fromMap");

    /// What the generated code uses by these names.
    private static final Set<String> CLASSES =
            Set.of(
                    "String",
                    "Object",
                    "Long",
                    "Double",
                    "Boolean",
                    "List",
                    "Map",
                    "LinkedHashMap",
                    "OffsetDateTime",
                    "Json",
                    "Marshaller",
                    "Override",
                    "Record");

    private final Set<String> taken = new HashSet<>();

    static boolean isKeyword(String name) {
        return KEYWORDS.contains(name);
    }

    static String className(String title) {
        return CLASSES.contains(title) ? title + "_" : title;
    }

    /// A name for a property that no other has that this object was asked for.
    String field(String property) {
        String title = Names.title(property);
        String name = Character.toLowerCase(title.charAt(0)) + title.substring(1);
        if (title.length() > 1 && Character.isUpperCase(title.charAt(1))) {
            name = title; // ARN, SHA256
        }
        if (Character.isDigit(name.charAt(0))) {
            name = "_" + name;
        }
        if (KEYWORDS.contains(name) || METHODS.contains(name)) {
            name = name + "_";
        }
        String free = name;
        for (int i = 2; !taken.add(free); i++) { // ends at a name that is not taken
            free = name + "_" + i;
        }
        return free;
    }
}
