package io.millrace.callrecord;

import io.millrace.api.Member;
import io.millrace.api.Schema;
import io.millrace.api.Shape;
import io.millrace.api.ShapeWriter;
import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.pattern.JsonPathText;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Writes a request's parameters or an answer's elements as CloudTrail shows them: names begin with
/// a small letter, absent members are left out, and what must not be told is hidden: what the model
/// marks as sensitive, the values of items, the texts of messages and events.
final class CallText implements ShapeWriter {

    /// What is longer is replaced by this and its size. Source: [record
    /// contents](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html).
    static final int LENGTH_MAX = 100 * 1024;

    /// The like for what nobody signed, which anybody may send.
    static final int UNSIGNED_LENGTH_MAX = 4 * 1024;

    private static final String HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS";

    /// What people write, and secrets that the model does not mark.
    private static final Set<String> HIDDEN_NAMES =
            Set.of(
                    "messagebody",
                    "message",
                    "messageattributes",
                    "body",
                    "detail",
                    "statement",
                    "password",
                    "secretaccesskey",
                    "sessiontoken",
                    "apikeyvalue",
                    "clientsecret",
                    "platformcredential",
                    "platformprincipal",
                    "phonenumber");

    private final StringBuilder out = new StringBuilder();
    private boolean isFirst = true;

    private CallText() {}

    /// The shape as JSON; `null` when nothing is in it.
    static String of(@Nullable Shape shape, String what, int lengthMax) {
        if (shape == null) {
            return "null";
        }
        CallText text = new CallText();
        shape.write(text);
        if (text.out.length() > lengthMax) {
            return "{\"omitted\":true,\"originalSize\":"
                    + text.out.length()
                    + ",\"reason\":\""
                    + what
                    + " too large\"}";
        }
        return text.out.length() == 2 ? "null" : text.out.toString();
    }

    @Override
    public void begin(Schema<?> schema) {
        open('{');
    }

    @Override
    public void end() {
        close('}');
    }

    @Override
    public void string(Member member, @Nullable String value) {
        value(member, value == null ? null : JsonPathText.quote(value));
    }

    @Override
    public void bool(Member member, @Nullable Boolean value) {
        value(member, value == null ? null : value.toString());
    }

    @Override
    public void integer(Member member, @Nullable Integer value) {
        value(member, value == null ? null : value.toString());
    }

    @Override
    public void longInteger(Member member, @Nullable Long value) {
        value(member, value == null ? null : value.toString());
    }

    @Override
    public void floatNumber(Member member, @Nullable Float value) {
        value(member, value == null || !Float.isFinite(value) ? null : value.toString());
    }

    @Override
    public void doubleNumber(Member member, @Nullable Double value) {
        value(member, value == null || !Double.isFinite(value) ? null : value.toString());
    }

    @Override
    public void blob(Member member, byte @Nullable [] value) {
        value(member, value == null ? null : JsonPathText.quote(HIDDEN));
    }

    @Override
    public void timestamp(Member member, @Nullable Instant value) {
        value(member, value == null ? null : JsonPathText.quote(value.toString()));
    }

    @Override
    public void structure(Member member, @Nullable Shape value) {
        if (value == null || value instanceof AttributeValue || hides(member)) {
            value(member, value == null ? null : JsonPathText.quote(HIDDEN));
        } else {
            name(member);
            value.write(this);
        }
    }

    @Override
    public <T> void list(Member member, @Nullable List<T> value, ElementWriter<? super T> element) {
        if (value == null || hides(member)) {
            value(member, value == null ? null : JsonPathText.quote(HIDDEN));
            return;
        }
        name(member);
        open('[');
        for (T each : value) {
            element.write(this, member.element(), each);
        }
        close(']');
    }

    @Override
    public <T> void map(
            Member member, @Nullable Map<String, T> value, ElementWriter<? super T> element) {
        if (value == null || hides(member)) {
            value(member, value == null ? null : JsonPathText.quote(HIDDEN));
            return;
        }
        name(member);
        open('{');
        for (Map.Entry<String, T> entry : value.entrySet()) {
            separate();
            out.append(JsonPathText.quote(entry.getKey())).append(':');
            if (HIDDEN_NAMES.contains(entry.getKey().toLowerCase(Locale.ROOT))) {
                out.append(JsonPathText.quote(HIDDEN));
            } else {
                isFirst = true; // its value needs no comma
                element.write(this, member.element(), entry.getValue());
            }
            isFirst = false;
        }
        close('}');
    }

    /// @param json null when absent: left out, or in a list or a map null
    private void value(Member member, @Nullable String json) {
        if (json == null && member.index() >= 0) {
            return;
        }
        name(member);
        out.append(json == null ? "null" : hides(member) ? JsonPathText.quote(HIDDEN) : json);
    }

    private static boolean hides(Member member) {
        return member.sensitive() || HIDDEN_NAMES.contains(member.name().toLowerCase(Locale.ROOT));
    }

    private void name(Member member) {
        separate();
        if (member.index() >= 0) {
            out.append(JsonPathText.quote(member.path())).append(':');
        }
    }

    private void separate() {
        if (!isFirst) {
            out.append(',');
        }
        isFirst = false;
    }

    private void open(char bracket) {
        out.append(bracket);
        isFirst = true;
    }

    private void close(char bracket) {
        out.append(bracket);
        isFirst = false;
    }
}
