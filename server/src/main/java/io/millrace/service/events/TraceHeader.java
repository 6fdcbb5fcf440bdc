package io.millrace.service.events;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/// An X-Ray trace header as an event keeps it: `Root`, `Parent` and `Sampled` as far as they are
/// valid, then what else there is. Without a valid root there is none. Sources: [EventBridge and
/// X-Ray](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-related-service-xray.html)
/// and what was seen at AWS, which makes a root for a header that says `Sampled=0` and has none.
final class TraceHeader {

    private static final String ROOT = "Root";
    private static final Map<String, Pattern> KNOWN = new LinkedHashMap<>();

    static {
        KNOWN.put(ROOT, Pattern.compile("1-[0-9a-fA-F]{8}-[0-9a-fA-F]{24}"));
        KNOWN.put("Parent", Pattern.compile("[0-9a-fA-F]{16}"));
        KNOWN.put("Sampled", Pattern.compile("[01?]"));
    }

    private TraceHeader() {}

    /// Null when nothing of it can be kept.
    static @Nullable String valid(@Nullable String header) {
        if (header == null) {
            return null;
        }
        Map<String, String> parts = new LinkedHashMap<>();
        for (String part : header.split(";", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parts.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
            }
        }
        StringJoiner valid = new StringJoiner(";");
        boolean hasRoot = false;
        for (Map.Entry<String, Pattern> known : KNOWN.entrySet()) {
            String value = parts.remove(known.getKey());
            if (value != null && known.getValue().matcher(value).matches()) {
                valid.add(known.getKey() + "=" + value);
                hasRoot |= known.getKey().equals(ROOT);
            }
        }
        parts.forEach((name, value) -> valid.add(name + "=" + value));
        return hasRoot ? valid.toString() : null;
    }
}
