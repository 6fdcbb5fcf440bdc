package io.millrace.service.dynamodb;

import com.amazon.ion.IonException;
import com.amazon.ion.IonReader;
import com.amazon.ion.IonType;
import com.amazon.ion.system.IonReaderBuilder;

import io.millrace.api.dynamodb.AttributeValue;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/// Ion, text or binary: structs with the field `Item`.
final class IonItems implements ItemSource {
    private final IonReader reader;
    private final InputStream in;

    IonItems(InputStream in) throws IOException {
        this.in = in;
        try {
            this.reader = IonReaderBuilder.standard().build(in);
        } catch (IonException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public @Nullable Read next() throws IOException {
        try {
            IonType type = reader.next();
            if (type == null) {
                return null;
            }
            return type == IonType.STRUCT && !reader.isNullValue()
                    ? item()
                    : new Malformed("not an Ion struct");
        } catch (IonException e) { // nothing tells where the next value begins
            throw new IOException(e.getMessage(), e);
        }
    }

    private Read item() {
        Read read = new Malformed("no Item in the struct");
        int depth = reader.getDepth();
        reader.stepIn();
        while (reader.next() != null) {
            if ("Item".equals(reader.getFieldName()) && reader.getType() == IonType.STRUCT) {
                read = read();
            }
        }
        while (reader.getDepth() > depth) {
            reader.stepOut();
        }
        return read;
    }

    private Read read() {
        int depth = reader.getDepth();
        try {
            Map<String, AttributeValue> item = IonValues.read(reader);
            return new Found(item);
        } catch (IllegalArgumentException e) {
            while (reader.getDepth() > depth) {
                reader.stepOut();
            }
            return new Malformed(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
        in.close();
    }
}
