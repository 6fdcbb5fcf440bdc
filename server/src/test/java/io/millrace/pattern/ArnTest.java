package io.millrace.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ArnTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:sqs:us-east-1:000000000000:q",
                "arn:aws:iam::000000000000:role/a:b/c",
                "arn:aws:s3:::bucket",
                "arn:aws-cn:events:cn-north-1:1:rule/x"
            })
    void readsWhatItWrites(String text) {
        assertThat(Arn.parse(text)).hasValueSatisfying(arn -> assertThat(arn).hasToString(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "arn",
                "arn:",
                "arn::sqs:us-east-1:0:q",
                "arn:aws::us-east-1:0:q",
                "arn:aws:sqs:us-east-1:0:",
                "arn:aws:sqs:us-east-1:0",
                "urn:aws:sqs:us-east-1:0:q"
            })
    void refusesWhatIsNone(String text) {
        assertThat(Arn.parse(text)).isEmpty();
    }
}
