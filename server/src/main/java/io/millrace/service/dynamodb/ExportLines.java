package io.millrace.service.dynamodb;

import com.amazon.ion.IonWriter;
import com.amazon.ion.system.IonTextWriterBuilder;

import io.millrace.api.Kind;
import io.millrace.api.Member;
import io.millrace.api.Schema;
import io.millrace.api.Shape;
import io.millrace.api.ShapeReader;
import io.millrace.api.ShapeWriter;
import io.millrace.api.codec.JsonShapeWriter;
import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.PutRequest;
import io.millrace.service.dynamodb.ItemPage.Entry;
import io.millrace.stream.StreamLog;
import io.millrace.stream.TableChange;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;

/// The lines of data files: an item of a full export, or what became of one in the window of an
/// incremental export, as DynamoDB JSON or as Ion text. Source: [table export output
/// format](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html).
final class ExportLines {
    private static final long MICROS_PER_MILLI = 1000;

    private final Export export;

    ExportLines(Export export) {
        this.export = export;
    }

    /// The net change of one item.
    private record Change(
            String writeTimestampMicros,
            Map<String, AttributeValue> keys,
            @Nullable Map<String, AttributeValue> newImage,
            @Nullable Map<String, AttributeValue> oldImage)
            implements Shape {

        private static final Schema<Change> SCHEMA =
                Schema.of(
                        "io.millrace.ExportedChange",
                        Change::read,
                        map("Metadata"),
                        map("Keys"),
                        map("NewImage"),
                        map("OldImage"));

        private static Member.Builder map(String name) {
            return Member.of(Kind.MAP, name)
                    .key(Member.of(Kind.STRING, "key"))
                    .element(Member.of(Kind.STRUCTURE, "value"));
        }

        private static Change read(ShapeReader reader) {
            throw new UnsupportedOperationException("only written");
        }

        @Override
        public Schema<Change> schema() {
            return SCHEMA;
        }

        Map<String, AttributeValue> metadata() {
            return Map.of("WriteTimestampMicros", new AttributeValue.N(writeTimestampMicros));
        }

        @Override
        public void write(ShapeWriter writer) {
            writer.begin(SCHEMA);
            writer.map(SCHEMA.member(0), metadata(), ShapeWriter::structure);
            writer.map(SCHEMA.member(1), keys, ShapeWriter::structure);
            writer.map(SCHEMA.member(2), newImage, ShapeWriter::structure);
            writer.map(SCHEMA.member(3), oldImage, ShapeWriter::structure);
            writer.end();
        }
    }

    /// The line without its end, or null when there is nothing to tell.
    byte @Nullable [] line(Entry entry) {
        boolean ion = export.request().format().equals(Export.ION);
        if (!export.request().incremental()) {
            if (entry.absent()) {
                return null;
            }
            Map<String, AttributeValue> item = entry.item().attributes();
            return ion ? ionItem(item) : JsonShapeWriter.write(new PutRequest(item));
        }
        Change change = change(entry);
        if (change == null) {
            return null;
        }
        return ion ? ionChange(change) : JsonShapeWriter.write(change);
    }

    private @Nullable Change change(Entry entry) {
        ByteBuffer value = ByteBuffer.wrap(entry.value());
        long epochMillis = value.getLong(0);
        TableChange change = TableChange.read(value.position(StreamLog.HEADER_BYTES).slice());
        StoredItem old = StoredItem.readOrNull(change.oldImage());
        StoredItem replacement = StoredItem.readOrNull(change.newImage());
        StoredItem any = replacement == null ? old : replacement;
        if (any == null) {
            return null;
        }
        boolean tellsOld = export.request().viewType().equals("NEW_AND_OLD_IMAGES");
        return new Change(
                Long.toString(epochMillis * MICROS_PER_MILLI),
                ItemKeys.project(export.source().key(), any.attributes()),
                replacement == null ? null : replacement.attributes(),
                old == null || !tellsOld ? null : old.attributes());
    }

    private static byte[] ionItem(Map<String, AttributeValue> item) {
        return ion(writer -> {
            writer.setFieldName("Item");
            IonValues.write(writer, item);
        });
    }

    private static byte[] ionChange(Change change) {
        return ion(writer -> {
            writer.setFieldName("Record");
            writer.stepIn(com.amazon.ion.IonType.STRUCT);
            field(writer, "Metadata", change.metadata());
            field(writer, "Keys", change.keys());
            field(writer, "NewImage", change.newImage());
            field(writer, "OldImage", change.oldImage());
            writer.stepOut();
        });
    }

    private static void field(
            IonWriter writer, String name, @Nullable Map<String, AttributeValue> map)
            throws IOException {
        if (map != null) {
            writer.setFieldName(name);
            IonValues.write(writer, map);
        }
    }

    @FunctionalInterface
    private interface Content {
        void write(IonWriter writer) throws IOException;
    }

    private static byte[] ion(Content content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(IonValues.VERSION);
        try (IonWriter writer = IonTextWriterBuilder.minimal().build(out)) {
            writer.stepIn(com.amazon.ion.IonType.STRUCT);
            content.write(writer);
            writer.stepOut();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
