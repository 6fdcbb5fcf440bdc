package io.millrace.service.dynamodb.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.dynamodb.AttributeValue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

final class ItemCodecTest {

    @Test
    void readsBackWhatItWroteInTheSameOrder() {
        Random random = new Random(21);
        for (int i = 0; i < 1_000; i++) {
            Map<String, AttributeValue> item = RandomValues.item(random);

            Map<String, AttributeValue> decoded = ItemCodec.decode(ItemCodec.encode(item));

            assertThat(decoded).isEqualTo(item);
            assertThat(new ArrayList<>(decoded.keySet())).isEqualTo(new ArrayList<>(item.keySet()));
        }
    }

    @Test
    void readsOneAttributeAndSkipsTheOthers() {
        Random random = new Random(22);
        for (int i = 0; i < 500; i++) {
            Map<String, AttributeValue> item = RandomValues.item(random);
            byte[] bytes = ItemCodec.encode(item);

            item.forEach(
                    (name, value) -> assertThat(ItemCodec.decode(bytes, name)).isEqualTo(value));
            assertThat(ItemCodec.decode(bytes, "no such attribute")).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "1",
                "-1",
                "127",
                "-128",
                "999999999999999999",
                "-999999999999999999",
                "9223372036854775807",
                "-9223372036854775808",
                "9223372036854775808",
                "12345678901234567890123456789012345678",
                "0.1",
                "-0.001",
                "1.5"
            })
    void keepsNumbersToTheDigit(String number) {
        Map<String, AttributeValue> item = Map.of("n", new AttributeValue.N(number));

        assertThat(ItemCodec.decode(ItemCodec.encode(item))).isEqualTo(item);
    }

    @Test
    void writesSmallItemsCompactly() {
        Map<String, AttributeValue> item = new LinkedHashMap<>();
        item.put("pk", new AttributeValue.S("user-1"));
        item.put("n", new AttributeValue.N("42"));
        item.put("t", new AttributeValue.Bool(true));

        assertThat(ItemCodec.encode(item)).hasSize(2 + 3 + 8 + 2 + 2 + 2 + 1);
    }

    @Test
    void givesTheCallerAMapOfItsOwn() {
        byte[] bytes = ItemCodec.encode(Map.of("a", new AttributeValue.S("x")));

        ItemCodec.decode(bytes).put("b", new AttributeValue.S("y"));

        assertThat(ItemCodec.decode(bytes)).hasSize(1);
    }

    @Test
    void keepsTheDeepestAcceptedValue() {
        AttributeValue value = new AttributeValue.S("leaf");
        for (int i = 1; i < ItemRules.DEPTH_MAX; i++) {
            value = new AttributeValue.L(List.of(value));
        }
        Map<String, AttributeValue> item = Map.of("deep", value);

        assertThat(ItemCodec.decode(ItemCodec.encode(ItemRules.normal(item)))).isEqualTo(item);
    }

    @Test
    void refusesBytesOfAnotherVersion() {
        assertThatThrownBy(() -> ItemCodec.decode(new byte[] {2, 0}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("an item of version 2");
    }

    @Test
    void endsCorruptBytesInAnIllegalState() {
        Random random = new Random(23);
        for (int i = 0; i < 6_000; i++) {
            byte[] bytes = ItemCodec.encode(RandomValues.item(random));
            int flips = 1 + random.nextInt(3);
            for (int j = 0; j < flips; j++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            byte[] corrupt = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));

            try {
                ItemCodec.decode(corrupt);
            } catch (IllegalStateException expected) {
                assertThat(expected).hasMessageContaining("item");
            }
            try {
                ItemCodec.decode(corrupt, "a1");
            } catch (IllegalStateException expected) {
                assertThat(expected).hasMessageContaining("item");
            }
        }
    }
}
