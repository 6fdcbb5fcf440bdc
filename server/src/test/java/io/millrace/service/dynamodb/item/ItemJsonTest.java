package io.millrace.service.dynamodb.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.codec.JsonBytes;
import io.millrace.api.codec.JsonShapeWriter;
import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.GetItemOutput;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

final class ItemJsonTest {

    private static String streamed(byte[] bytes, int headerBytes) {
        JsonBytes out = new JsonBytes();
        ItemJson.write(bytes, headerBytes, out);
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }

    private static String written(Map<String, AttributeValue> item) {
        String json =
                new String(
                        JsonShapeWriter.write(GetItemOutput.builder().item(item).build()),
                        StandardCharsets.UTF_8);
        return json.substring("{\"Item\":".length(), json.length() - 1);
    }

    @Test
    void writesWhatDecodingAndWritingGives() {
        Random random = new Random(31);
        for (int i = 0; i < 3_000; i++) {
            Map<String, AttributeValue> item = ItemRules.normal(RandomValues.item(random));

            assertThat(streamed(ItemCodec.encode(item), 0)).isEqualTo(written(item));
            assertThat(streamed(ItemCodec.encode(item, 4, 0), 4)).isEqualTo(written(item));
        }
    }

    @Test
    void escapesWhatJsonEscapes() {
        StringBuilder all = new StringBuilder("/\u007f\u0080\u2028\ud83d\ude00\\\"");
        for (char c = 0; c < 0x100; c++) {
            all.append(c);
        }
        Map<String, AttributeValue> item = new LinkedHashMap<>();
        item.put(all.toString(), new AttributeValue.S(all.toString()));
        item.put("empty", new AttributeValue.S(""));
        item.put("binary", new AttributeValue.B(new byte[] {-1, 0, 1, 2}));

        assertThat(streamed(ItemCodec.encode(item), 0)).isEqualTo(written(item));
    }

    @Test
    void endsCorruptBytesInAnIllegalState() {
        Random random = new Random(32);
        for (int i = 0; i < 6_000; i++) {
            byte[] bytes = ItemCodec.encode(ItemRules.normal(RandomValues.item(random)));
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            byte[] corrupt = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));

            try {
                streamed(corrupt, 0);
            } catch (IllegalStateException expected) {
                assertThat(expected).hasMessageContaining("item");
            }
        }
    }

    @Test
    void refusesBytesBehindTheItem() {
        byte[] bytes = ItemCodec.encode(Map.of("a", new AttributeValue.S("x")));

        assertThatThrownBy(() -> streamed(Arrays.copyOf(bytes, bytes.length + 1), 0))
                .isInstanceOf(IllegalStateException.class);
    }
}
