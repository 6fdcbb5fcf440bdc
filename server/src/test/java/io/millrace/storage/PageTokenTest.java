package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

class PageTokenTest {

    @Test
    void leadsBackToItsKeyInItsOwnListingOnly() {
        String token = PageToken.of(bytes("queues/"), bytes("queues/orders"));

        assertThat(PageToken.key(bytes("queues/"), token)).isEqualTo(bytes("queues/orders"));
        assertThat(PageToken.key(bytes("topics/"), token)).isNull();
        assertThat(PageToken.key(bytes("queues/o"), token)).isNull();
        assertThat(PageToken.key(bytes(""), token)).isNull();
    }

    @Test
    void mayHaveNoPrefix() {
        String token = PageToken.of(bytes("orders"));

        assertThat(PageToken.key(token)).isEqualTo(bytes("orders"));
        assertThat(PageToken.key(bytes("o"), token)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?", "Zm9v", "b3JkZXJz", "bm90IGEgbmFtZQ"})
    void isNotWhatNobodyMade(String token) {
        assertThat(PageToken.key(bytes("queues/"), token)).isNull();
        assertThat(PageToken.key(token)).isNull();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
