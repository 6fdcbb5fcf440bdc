package io.millrace.service.dynamodb;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;

import io.millrace.api.dynamodb.AttributeValue;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// CSV: a header, then an item on each line. What is not a key of the table or of an index is a
/// string.
final class CsvItems implements ItemSource {
    private final CsvReader<CsvRecord> reader;
    private final Iterator<CsvRecord> records;
    private final Map<String, String> keyTypes;
    private @Nullable List<String> header;

    CsvItems(InputStream in, Format format) {
        String delimiter = format.csvDelimiter();
        this.reader =
                CsvReader.builder()
                        .fieldSeparator(delimiter == null ? ',' : delimiter.charAt(0))
                        .skipEmptyLines(true)
                        .allowExtraFields(true)
                        .allowMissingFields(true)
                        .detectBomHeader(true)
                        .ofCsvRecord(in, StandardCharsets.UTF_8);
        this.records = reader.iterator();
        this.keyTypes = format.keyTypes();
        this.header = format.csvHeader();
    }

    @Override
    public @Nullable Read next() throws IOException {
        try {
            if (header == null) {
                if (!records.hasNext()) {
                    return null;
                }
                header = List.copyOf(records.next().getFields());
            }
            return records.hasNext() ? read(header, records.next()) : null;
        } catch (CsvParseException e) { // nothing tells where the next line begins
            throw new IOException(e.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private Read read(List<String> names, CsvRecord record) {
        if (record.getFieldCount() != names.size()) {
            return new Malformed(
                    "The number of columns does not match the header: " + record.getFieldCount());
        }
        Map<String, AttributeValue> item = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            String text = record.getField(i);
            switch (keyTypes.getOrDefault(names.get(i), "S")) {
                case "N" -> item.put(names.get(i), new AttributeValue.N(text));
                case "B" -> {
                    try {
                        byte[] bytes = Base64.getDecoder().decode(text);
                        item.put(names.get(i), new AttributeValue.B(bytes));
                    } catch (IllegalArgumentException e) {
                        return new Malformed("not Base64: " + names.get(i));
                    }
                }
                default -> item.put(names.get(i), new AttributeValue.S(text));
            }
        }
        return new Found(item);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
