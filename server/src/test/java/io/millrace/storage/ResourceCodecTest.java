package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ResourceCodecTest {

    private record Definition(String name) {}

    private final ResourceCodec<Definition> codec = new ResourceCodec<>(Definition.class);

    @Test
    void givesTheSameInstanceForADefinitionThatDidNotChange() {
        byte[] bytes = codec.encode(new Definition("orders"));

        assertThat(codec.decode(bytes.clone())).isSameAs(codec.decode(bytes));
    }

    @Test
    void keepsNothingOfWhatIsLong() {
        byte[] bytes = codec.encode(new Definition("x".repeat(5_000)));

        assertThat(codec.decode(bytes))
                .isEqualTo(codec.decode(bytes))
                .isNotSameAs(codec.decode(bytes));
    }
}
