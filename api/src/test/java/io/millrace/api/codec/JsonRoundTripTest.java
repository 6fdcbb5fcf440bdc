package io.millrace.api.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.OperationModel;
import io.millrace.api.RandomShapeReader;
import io.millrace.api.Schema;
import io.millrace.api.Shape;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

import java.nio.charset.StandardCharsets;

/// What the JSON writer writes, the JSON reader reads, for every operation of every service.
final class JsonRoundTripTest {
    private static final int SEEDS = 20;

    @ParameterizedTest
    @MethodSource("io.millrace.api.Models#operations")
    void readsBackWhatItWrote(OperationModel<?, ?> operation) {
        for (long seed = 0; seed < SEEDS; seed++) {
            roundTrip(seed, operation.input());
            roundTrip(seed, operation.output());
        }
    }

    private static <T extends Shape> void roundTrip(long seed, Schema<T> schema) {
        T shape = RandomShapeReader.sparse(seed, schema);
        byte[] written = JsonShapeWriter.write(shape);

        T read = JsonShapeReader.read(written, schema);

        assertThat(new String(JsonShapeWriter.write(read), StandardCharsets.UTF_8))
                .as("%s, seed %d", schema, seed)
                .isEqualTo(new String(written, StandardCharsets.UTF_8));
        assertIsJson(written);
    }

    private static void assertIsJson(byte[] json) {
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
            while (parser.nextToken() != null) {
                parser.getString();
            }
        }
    }
}
