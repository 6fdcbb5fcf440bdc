package io.millrace.service.events;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TraceHeaderTest {

    private static final String ROOT = "Root=1-6ab2832c-0123456789abcdef01234567";
    private static final String OTHER = "Root=1-6ab2832c-0123456789abcdef01234568";
    private static final String PARENT = "Parent=0123456789abcdef";

    /// As seen at AWS.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            nullValues = "none",
            textBlock =
                    """
                    R;P;Sampled=0          | R;P;Sampled=0
                    R                      | R
                    R;Sampled=?            | R;Sampled=?
                    garbage                | none
                    P                      | none
                    R;Parent=oops;Sampled=0 | R;Sampled=0
                    R;Parent=;Sampled=0    | R;Sampled=0
                    R;P;Sampled=7          | R;P
                    R;P;Sampled=0;Foo=bar  | R;P;Sampled=0;Foo=bar
                    Sampled=0;Foo=bar;P;R  | R;P;Sampled=0;Foo=bar
                    O;R;P;Sampled=0        | R;P;Sampled=0
                    ~ R ; P ; Sampled=0 ~  | R;P;Sampled=0
                    """)
    void keepsWhatIsValid(String given, String kept) {
        assertThat(TraceHeader.valid(whole(given))).isEqualTo(kept == null ? null : whole(kept));
    }

    private static String whole(String text) {
        return text.replaceAll("\\bR\\b", ROOT)
                .replaceAll("\\bO\\b", OTHER)
                .replaceAll("\\bP\\b", PARENT);
    }
}
