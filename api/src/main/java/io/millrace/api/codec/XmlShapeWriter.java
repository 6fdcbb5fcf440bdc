package io.millrace.api.codec;

import io.millrace.api.Member;
import io.millrace.api.Schema;
import io.millrace.api.Shape;
import io.millrace.api.ShapeWriter;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// Writes shapes as the XML of awsQuery: an element per member, absent members left out, lists as
/// `<Name><member>…`, maps as `<Name><entry><key>…`, and their flattened forms. Its envelopes are
/// in [QueryXml].
public final class XmlShapeWriter implements ShapeWriter {
    private final XmlText out;
    private final boolean errorDetails;
    private @Nullable String elementName; // of the next element, where a flattened list names it

    XmlShapeWriter(XmlText out) {
        this(out, false);
    }

    /// Writes an error's members, without its message.
    XmlShapeWriter(XmlText out, boolean errorDetails) {
        this.out = out;
        this.errorDetails = errorDetails;
    }

    @Override
    public void begin(Schema<?> schema) {
        // the element around a structure is its member's
    }

    @Override
    public void end() {
        // see begin
    }

    @Override
    public void string(Member member, @Nullable String value) {
        if (!(errorDetails && member.name().equalsIgnoreCase("message"))) {
            scalar(member, value);
        }
    }

    @Override
    public void bool(Member member, @Nullable Boolean value) {
        scalar(member, value);
    }

    @Override
    public void integer(Member member, @Nullable Integer value) {
        scalar(member, value);
    }

    @Override
    public void longInteger(Member member, @Nullable Long value) {
        scalar(member, value);
    }

    @Override
    public void floatNumber(Member member, @Nullable Float value) {
        scalar(member, value);
    }

    @Override
    public void doubleNumber(Member member, @Nullable Double value) {
        scalar(member, value);
    }

    @Override
    public void blob(Member member, byte @Nullable [] value) {
        scalar(member, value == null ? null : Base64.getEncoder().encodeToString(value));
    }

    @Override
    public void timestamp(Member member, @Nullable Instant value) {
        scalar(member, value == null ? null : Timestamps.text(value, member.timestampFormat()));
    }

    private void scalar(Member member, @Nullable Object value) {
        String name = name(member);
        if (value != null) {
            out.element(name, value.toString());
        } else if (member.index() < 0) {
            out.element(name, "");
        }
    }

    @Override
    public void structure(Member member, @Nullable Shape value) {
        String name = name(member);
        if (value != null) {
            out.open(name);
            value.write(this);
            out.close(name);
        } else if (member.index() < 0) {
            out.element(name, "");
        }
    }

    @Override
    public <T> void list(Member member, @Nullable List<T> value, ElementWriter<? super T> element) {
        String name = name(member);
        if (value == null) {
            return;
        }
        if (!member.flattened()) {
            out.open(name);
        }
        Member each = member.element();
        for (T one : value) {
            elementName = member.flattened() ? name : null;
            element.write(this, each, one);
        }
        if (!member.flattened()) {
            out.close(name);
        }
    }

    @Override
    public <T> void map(
            Member member, @Nullable Map<String, T> value, ElementWriter<? super T> element) {
        String name = name(member);
        if (value == null) {
            return;
        }
        if (!member.flattened()) {
            out.open(name);
        }
        String entryName = member.flattened() ? name : "entry";
        Member each = member.element();
        for (Map.Entry<String, T> entry : value.entrySet()) {
            out.open(entryName);
            out.element(member.key().queryName(), entry.getKey());
            element.write(this, each, entry.getValue());
            out.close(entryName);
        }
        if (!member.flattened()) {
            out.close(name);
        }
    }

    private String name(Member member) {
        String given = elementName;
        elementName = null;
        return given == null ? member.queryName() : given;
    }
}
