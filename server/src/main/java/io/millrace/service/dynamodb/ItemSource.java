package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/// Reads the items of one object, one after the other; whoever imports decides what is done with
/// them. Not thread-safe. Source: [import
/// formats](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataImport.Format.html).
interface ItemSource extends Closeable {

    /// An item, or why there is none in its place.
    sealed interface Read {}

    /// An item as it stands there: nothing has been checked but the form.
    record Found(Map<String, AttributeValue> item) implements Read {}

    record Malformed(String message) implements Read {}

    /// What is in an object.
    ///
    /// @param format `DYNAMODB_JSON`, `ION` or `CSV`
    /// @param compression `NONE`, `GZIP` or `ZSTD`
    /// @param csvDelimiter null for a comma
    /// @param csvHeader null when the first line is the header
    /// @param keyTypes which attributes are keys, and their types; all others are strings in CSV
    record Format(
            String format,
            String compression,
            @Nullable String csvDelimiter,
            @Nullable List<String> csvHeader,
            Map<String, String> keyTypes) {}

    /// The next one, or null at the end.
    ///
    /// @throws IOException when the rest of the object cannot be read, because it is not in this
    ///   format
    @Nullable Read next() throws IOException;

    /// Closes the object too.
    @Override
    void close() throws IOException;

    /// Opens an object.
    ///
    /// @param object closed when this fails
    /// @throws IOException when the object is not in this format
    static ItemSource open(InputStream object, Format format) throws IOException {
        try {
            InputStream plain =
                    switch (format.compression()) {
                        case "GZIP" -> new GZIPInputStream(object, JsonItems.BUFFER_BYTES);
                        case "ZSTD" -> new ZstdObject(object);
                        default -> object;
                    };
            InputStream buffered = new BufferedInputStream(plain, JsonItems.BUFFER_BYTES);
            return switch (format.format()) {
                case "ION" -> new IonItems(buffered);
                case "CSV" -> new CsvItems(buffered, format);
                default -> new JsonItems(buffered);
            };
        } catch (IOException | RuntimeException e) {
            object.close();
            throw e;
        }
    }
}
