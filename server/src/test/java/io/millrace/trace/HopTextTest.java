package io.millrace.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Map;

final class HopTextTest {

    @Test
    void anArchiveIsNamedByItsRule() {
        Hop archived =
                new Hop(
                        "id",
                        null,
                        0,
                        Hop.Kind.ARCHIVED,
                        "arn:aws:events:us-east-1:000000000000:rule/shop/Events-Archive-orders",
                        "arn:aws:events:us-east-1:::",
                        Map.of());

        assertThat(HopText.of(archived)).isEqualTo("archived by rule shop/Events-Archive-orders");
    }
}
