package io.millrace.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

final class EventPatternFieldsTest {

    private static final int NESTED = 10;

    @Test
    void aDetailNestsAThousandLevelsAndNoMore() {
        String most = nested("{\"a\":", 1000, "1", "}");
        String path = "detail" + ".a".repeat(1000);

        EventPatternFields fields = new EventPatternFields.Builder().object("detail", most).build();

        assertThat(fields.has(path)).isTrue();
        assertThat(EventPatternFields.of("{\"detail\":" + most + "}").has(path)).isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new EventPatternFields.Builder()
                                .object("detail", nested("{\"a\":", 1001, "1", "}")));
    }

    /// Were each path kept by itself, they would take 40,000 times half a million characters.
    @Test
    void longNamesAboveManyLeavesTakeNoMoreThanTheEvent() {
        String leaves =
                IntStream.range(0, 40_000)
                        .mapToObj(i -> "\"" + Integer.toHexString(i) + "\":1")
                        .collect(Collectors.joining(",", "{", "}"));
        String name = "n".repeat(50_000);
        String event = nested("{\"" + name + "\":", NESTED, leaves, "}");

        EventPatternFields fields = EventPatternFields.of(event);

        assertThat(fields.paths()).hasSize(40_000);
        assertThat(fields.has((name + ".").repeat(NESTED) + "ffff")).isFalse();
        assertThat(fields.has((name + ".").repeat(NESTED) + "9c3f")).isTrue();
    }

    /// Were what each element is in kept for each, it would take 100,000 times a thousand numbers.
    @Test
    void manyElementsInManyArraysTakeNoMoreThanTheEvent() {
        String elements =
                IntStream.range(0, 100_000)
                        .mapToObj(_ -> "[1]")
                        .collect(Collectors.joining(",", "[", "]"));
        String event = "{\"a\":" + nested("[", 900, elements, "]") + "}";

        EventPatternFields fields = EventPatternFields.of(event);

        assertThat(fields.at("a")).hasSize(100_000);
        assertThat(fields.at("a").getLast().membership()).hasSize(2 * 901).endsWith(900, 99_999);
        assertThat(FilterPolicyInput.ofBody(event).filterable()).isFalse();
    }

    @Test
    void pathsAreEqualWhenTheyAreWrittenTheSame() {
        Random random = new Random(5);
        TreeSet<FieldPath> sorted = new TreeSet<>();
        TreeSet<String> written = new TreeSet<>();
        for (int i = 0; i < 5_000; i++) {
            FieldPath left = random(random);
            FieldPath right = random(random);
            FieldPath whole = FieldPath.of(left.toString());

            assertThat(left).isEqualTo(whole).hasSameHashCodeAs(whole);
            assertThat(left.equals(right)).isEqualTo(left.toString().equals(right.toString()));
            assertThat(Integer.signum(left.compareTo(right)))
                    .isEqualTo(-Integer.signum(right.compareTo(left)));
            sorted.add(left);
            written.add(left.toString());
        }
        assertThat(sorted).hasSameSizeAs(written);
    }

    private static FieldPath random(Random random) {
        FieldPath path = FieldPath.of("");
        for (int i = random.nextInt(5); i >= 0; i--) {
            StringBuilder name = new StringBuilder();
            for (int j = random.nextInt(4); j > 0; j--) {
                name.append("ab.".charAt(random.nextInt(3)));
            }
            path = path.member(name.toString());
        }
        return path;
    }

    private static String nested(String opening, int levels, String inside, String closing) {
        return opening.repeat(levels) + inside + closing.repeat(levels);
    }
}
