package io.millrace.service.dynamodb.item;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.dynamodb.AttributeValue;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

final class ValuesTest {

    @Test
    void holdsNumbersEqualByValueAndSetsWithoutOrder() {
        assertThat(Values.equal(new AttributeValue.N("1"), new AttributeValue.N("1.0"))).isTrue();
        assertThat(Values.equal(new AttributeValue.N("1"), new AttributeValue.N("2"))).isFalse();
        assertThat(Values.equal(ss("a", "b"), ss("b", "a"))).isTrue();
        assertThat(Values.equal(ss("a", "b"), ss("a"))).isFalse();
        assertThat(Values.equal(ss("a"), new AttributeValue.L(List.of()))).isFalse();
        assertThat(
                        Values.equal(
                                new AttributeValue.NS(List.of("1", "2")),
                                new AttributeValue.NS(List.of("2.0", "1e0"))))
                .isTrue();
        assertThat(
                        Values.equal(
                                new AttributeValue.BS(List.of(new byte[] {1}, new byte[] {2})),
                                new AttributeValue.BS(List.of(new byte[] {2}, new byte[] {1}))))
                .isTrue();
    }

    @Test
    void holdsListsEqualInOrderAndMapsWithout() {
        AttributeValue a = new AttributeValue.S("a");
        AttributeValue b = new AttributeValue.S("b");

        assertThat(Values.equal(list(a, b), list(a, b))).isTrue();
        assertThat(Values.equal(list(a, b), list(b, a))).isFalse();
        assertThat(Values.equal(Map.of("x", a, "y", b), Map.of("y", b, "x", a))).isTrue();
        assertThat(Values.equal(Map.of("x", a), Map.of("x", b))).isFalse();
        assertThat(Values.equal(Map.of("x", a), Map.of("y", a))).isFalse();
    }

    @Test
    void keepsTypesApart() {
        Random random = new Random(41);
        List<AttributeValue> all = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            all.add(RandomValues.value(random, 2));
        }

        for (AttributeValue left : all) {
            for (AttributeValue right : all) {
                if (AttributeType.of(left) != AttributeType.of(right)) {
                    assertThat(Values.equal(left, right)).isFalse();
                    assertThat(Values.compare(left, right)).isNull();
                }
            }
            assertThat(Values.equal(left, left)).isTrue();
        }
    }

    @Test
    void holdsAShuffledItemEqual() {
        Random random = new Random(42);
        for (int i = 0; i < 500; i++) {
            Map<String, AttributeValue> item = RandomValues.item(random);
            List<String> names = new ArrayList<>(item.keySet());
            Collections.shuffle(names, random);
            Map<String, AttributeValue> shuffled = new LinkedHashMap<>();
            names.forEach(name -> shuffled.put(name, item.get(name)));

            assertThat(Values.equal(item, shuffled)).isTrue();
        }
    }

    @Test
    void ordersStringsNumbersAndBinariesOnly() {
        assertThat(Values.compare(new AttributeValue.S("a"), new AttributeValue.S("b")))
                .isNegative();
        assertThat(Values.compare(new AttributeValue.N("9"), new AttributeValue.N("10")))
                .isNegative();
        assertThat(Values.compare(new AttributeValue.N("-9"), new AttributeValue.N("-10")))
                .isPositive();
        assertThat(Values.compare(new AttributeValue.N("1.50"), new AttributeValue.N("1.5")))
                .isZero();
        assertThat(
                        Values.compare(
                                new AttributeValue.B(new byte[] {(byte) 0x80}),
                                new AttributeValue.B(new byte[] {0x7f})))
                .isPositive();
        assertThat(Values.compare(new AttributeValue.N("1"), new AttributeValue.S("1"))).isNull();
        assertThat(Values.compare(ss("a"), ss("b"))).isNull();
        assertThat(Values.compare(new AttributeValue.Bool(true), new AttributeValue.Bool(false)))
                .isNull();
    }

    @Test
    void sortsSupplementaryCharactersBehindTheBasicPlane() {
        assertThat(Values.compare("\ud83d\ude00", "\uffee")).isPositive();
        assertThat(Values.compare("\uffee", "\ud83d\ude00")).isNegative();
        assertThat("\ud83d\ude00".compareTo("\uffee")).isNegative();
    }

    private static AttributeValue ss(String... texts) {
        return new AttributeValue.SS(List.of(texts));
    }

    private static AttributeValue list(AttributeValue... elements) {
        return new AttributeValue.L(List.of(elements));
    }
}
