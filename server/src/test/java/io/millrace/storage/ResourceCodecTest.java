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
    void readsNothingAnewOfWhatItJustWroteToBeRead() {
        Definition definition = new Definition("orders");
        byte[] bytes = codec.encodeToBeRead(definition);

        assertThat(bytes).isEqualTo(codec.encode(definition));
        assertThat(codec.decode(bytes.clone())).isSameAs(definition);
    }

    @Test
    void keepsNothingOfWhatIsLong() {
        Definition definition = new Definition("x".repeat(5_000));
        byte[] bytes = codec.encode(definition);

        assertThat(codec.decode(bytes))
                .isEqualTo(codec.decode(bytes))
                .isNotSameAs(codec.decode(bytes));
        assertThat(codec.decode(codec.encodeToBeRead(definition))).isNotSameAs(definition);
    }
}
