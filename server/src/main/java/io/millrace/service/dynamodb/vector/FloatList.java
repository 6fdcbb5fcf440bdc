package io.millrace.service.dynamodb.vector;

import io.millrace.api.dynamodb.AttributeValue;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/// Lists of numbers as 32-bit floating point numbers, and back.
public final class FloatList {

    private FloatList() {}

    /// The nearest 32-bit number, or null when the value is no number, or beyond them all.
    public static @Nullable Float number(AttributeValue value) {
        if (!(value instanceof AttributeValue.N(String text))) {
            return null;
        }
        float number = Float.parseFloat(text);
        return Float.isFinite(number) ? number : null;
    }

    /// The vector, or null when one of its elements is no 32-bit number.
    public static float @Nullable [] vector(List<AttributeValue> elements) {
        float[] vector = new float[elements.size()];
        for (int i = 0; i < vector.length; i++) {
            if (!(elements.get(i) instanceof AttributeValue.N(String text))) {
                return null;
            }
            vector[i] = Float.parseFloat(text);
            if (!Float.isFinite(vector[i])) {
                return null;
            }
        }
        return vector;
    }

    /// The vector as a list, each number with as few digits as tell it from its neighbours.
    public static AttributeValue list(float[] vector) {
        List<AttributeValue> elements = new ArrayList<>(vector.length);
        for (float number : vector) {
            elements.add(new AttributeValue.N(text(number)));
        }
        return new AttributeValue.L(elements);
    }

    private static String text(float number) {
        return number == 0
                ? "0"
                : new BigDecimal(Float.toString(number)).stripTrailingZeros().toPlainString();
    }
}
