package io.millrace.bench;

import java.util.ArrayList;
import java.util.List;

/// Finds single values in answers without parsing them: the client must cost little.
final class Text {

    private Text() {}

    /// The value of the first string member of that name in a JSON text; without escapes.
    static String member(String json, String name) {
        String opening = "\"" + name + "\"";
        int from = json.indexOf('"', json.indexOf(':', json.indexOf(opening) + opening.length()));
        return json.substring(from + 1, json.indexOf('"', from + 1));
    }

    /// The values of all string members of that name in a JSON text; without escapes.
    static List<String> members(String json, String name) {
        List<String> values = new ArrayList<>();
        String opening = "\"" + name + "\"";
        int at = json.indexOf(opening);
        while (at >= 0) { // ends with the text
            int from = json.indexOf('"', json.indexOf(':', at + opening.length()));
            int to = json.indexOf('"', from + 1);
            values.add(json.substring(from + 1, to));
            at = json.indexOf(opening, to);
        }
        return values;
    }

    /// The whole number of the first member of that name in a JSON text.
    static long number(String json, String name) {
        String opening = "\"" + name + "\":";
        int from = json.indexOf(opening) + opening.length();
        int to = from;
        while (Character.isDigit(json.charAt(to))) {
            to++;
        }
        return Long.parseLong(json.substring(from, to));
    }

    /// The text of the first element of that name in an XML text.
    static String element(String xml, String name) {
        int from = xml.indexOf("<" + name + ">") + name.length() + 2;
        return xml.substring(from, xml.indexOf("</" + name + ">", from));
    }
}
