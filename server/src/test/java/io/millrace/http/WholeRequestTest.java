package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

class WholeRequestTest {

    private static @Nullable Request read(String text) {
        return WholeRequest.of(text.getBytes(StandardCharsets.ISO_8859_1), "127.0.0.1");
    }

    @Test
    void readsTheHeadOfWhatCameAtOnce() {
        Request request =
                Objects.requireNonNull(
                        read(
                                "POST /a/b?c=d&e HTTP/1.1\r\nHost: h\r\nX-Two: 1\r\nx-two:  2 \r\n"
                                        + "Connection: Keep-Alive\r\nContent-Length: 2\r\n\r\n{}"));

        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path()).isEqualTo("/a/b");
        assertThat(request.query()).isEqualTo("c=d&e");
        assertThat(request.headers().all("x-two")).containsExactly("1", "2");
        assertThat(request.header("absent")).isNull();
        assertThat(read("GET / HTTP/1.1\r\nHost: h\r\n\r\n")).isNotNull();
    }

    /// What the library might read in another way, or waits for.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{",
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}GET /",
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +2\r\n\r\n{}",
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length : 2\r\n\r\n{}",
                "POST / HTTP/1.1\r\nHost: h\r\n Content-Length: 2\r\n\r\n{}",
                "POST / HTTP/1.1\r\nHost: h\r\nX: 1\nContent-Length: 2\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: h\r\nUpgrade: h2c\r\n\r\n",
                "POST / HTTP/1.1\r\nnothing\r\nHost: h\r\n\r\n",
                "POST / HTTP/1.1\r\nX: 1\r\n\r\n",
                "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n",
                "POST / HTTP/1.0\r\nHost: h\r\n\r\n",
                "POST http://h/ HTTP/1.1\r\nHost: h\r\n\r\n",
                "POST /a b HTTP/1.1\r\nHost: h\r\n\r\n",
                "POST  HTTP/1.1\r\nHost: h\r\n\r\n",
                " HTTP/1.1\r\nHost: h\r\n\r\n",
                "\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
                "\r\n\r\n"
            })
    void leavesAloneWhateverIsOutOfTheOrdinary(String text) {
        assertThat(read(text)).isNull();
    }
}
