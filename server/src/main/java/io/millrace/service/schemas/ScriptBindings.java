package io.millrace.service.schemas;

import io.millrace.service.schemas.BindingModel.ClassModel;
import io.millrace.service.schemas.BindingModel.Field;
import io.millrace.service.schemas.BindingModel.ValueType;

import java.util.Map;

/// Writes a schema for languages whose objects are maps already: TypeScript's interfaces, Python's
/// typed dictionaries. Nothing is converted at run time: a date and time is text.
final class ScriptBindings {

    private ScriptBindings() {}

    static Map<String, String> typeScript(BindingModel model) {
        StringBuilder code = new StringBuilder();
        for (ClassModel each : model.classes()) {
            code.append("export interface ").append(each.name()).append(" {\n");
            for (Field field : each.fields()) {
                code.append("  ").append(quote(field.json()));
                code.append(field.required() ? ": " : "?: ");
                code.append(typeScript(field.type())).append(";\n");
            }
            code.append("}\n\n");
        }
        return Map.of(model.folder() + "/" + model.root() + ".ts", code.toString());
    }

    private static String typeScript(ValueType type) {
        return switch (type) {
            case ValueType.Text _, ValueType.DateTime _ -> "string";
            case ValueType.Whole _, ValueType.Decimal _ -> "number";
            case ValueType.Flag _ -> "boolean";
            case ValueType.Any _ -> "any";
            case ValueType.ListOf(ValueType item) -> "Array<" + typeScript(item) + ">";
            case ValueType.MapOf(ValueType value) -> "{ [key: string]: " + typeScript(value) + " }";
            case ValueType.Reference(String name) -> name;
        };
    }

    static Map<String, String> python(BindingModel model) {
        StringBuilder code =
                new StringBuilder(
                        "from typing import Any, Dict, List, TypedDict  # Python 3.8\n\n");
        for (ClassModel each : model.classes()) {
            code.append(pythonName(each.name())).append(" = TypedDict(");
            code.append(quote(pythonName(each.name()))).append(", {\n");
            for (Field field : each.fields()) {
                code.append("    ").append(quote(field.json())).append(": ");
                code.append(python(field.type())).append(",\n");
            }
            code.append("}, total=False)\n\n");
        }
        return Map.of(model.folder() + "/" + model.root() + ".py", code.toString());
    }

    private static String python(ValueType type) {
        return switch (type) {
            case ValueType.Text _, ValueType.DateTime _ -> "str";
            case ValueType.Whole _ -> "int";
            case ValueType.Decimal _ -> "float";
            case ValueType.Flag _ -> "bool";
            case ValueType.Any _ -> "Any";
            case ValueType.ListOf(ValueType item) -> "List[" + python(item) + "]";
            case ValueType.MapOf(ValueType value) -> "Dict[str, " + python(value) + "]";
            case ValueType.Reference(String name) -> quote(pythonName(name));
        };
    }

    /// Titles that mean something else in Python.
    private static String pythonName(String title) {
        return switch (title) {
            case "Any", "Dict", "List", "TypedDict", "None", "True", "False" -> title + "_";
            default -> title;
        };
    }

    /// As JSON, whose strings are strings of both languages.
    private static String quote(String text) {
        return EventShapes.MAPPER
                .writeValueAsString(text)
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }
}
