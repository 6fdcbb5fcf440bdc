package io.millrace.service.secretsmanager;

import static io.millrace.service.secretsmanager.SecretsManagerFixture.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.secretsmanager.GetRandomPasswordRequest;
import io.millrace.api.secretsmanager.SecretsmanagerApi;

import org.junit.jupiter.api.Test;

/// Passwords have what they must, lack what they must not have, and no character comes more often.
final class GetRandomPasswordTest {
    private final SecretsManagerFixture aws = new SecretsManagerFixture();

    @Test
    void hasOneOfEachTypeAlsoWhenItIsAsShortAsThat() {
        for (int i = 0; i < 200; i++) {
            assertThat(password(GetRandomPasswordRequest.builder().passwordLength(4L)))
                    .hasSize(4)
                    .matches(".*[A-Z].*")
                    .matches(".*[a-z].*")
                    .matches(".*[0-9].*")
                    .matches(".*[^A-Za-z0-9].*");
        }
        assertThat(password(GetRandomPasswordRequest.builder())).hasSize(32);
    }

    @Test
    void leavesOutWhatIsExcluded() {
        assertThat(
                        password(
                                GetRandomPasswordRequest.builder()
                                        .passwordLength(4096L)
                                        .excludePunctuation(true)
                                        .excludeUppercase(true)
                                        .excludeCharacters("abc0")
                                        .includeSpace(true)))
                .matches("[d-z1-9 ]{4096}")
                .contains(" ");
    }

    @Test
    void drawsEachCharacterAsOften() {
        int[] counts = new int[128];
        for (int i = 0; i < 25; i++) {
            password(
                            GetRandomPasswordRequest.builder()
                                    .passwordLength(4000L)
                                    .excludePunctuation(true)
                                    .excludeUppercase(true)
                                    .excludeLowercase(true))
                    .chars()
                    .forEach(c -> counts[c]++);
        }
        double chiSquare = 0;
        for (char c = '0'; c <= '9'; c++) {
            chiSquare += Math.pow(counts[c] - 10_000, 2) / 10_000;
        }

        assertThat(chiSquare).isLessThan(27.9); // one in a thousand, and the seed is fixed
    }

    @Test
    void refusesWhatNoPasswordFits() {
        assertRefused(
                () -> password(GetRandomPasswordRequest.builder().passwordLength(3L)),
                "InvalidParameterException",
                "Password length is too short based on the required types.");
        assertRefused(
                () ->
                        password(
                                GetRandomPasswordRequest.builder()
                                        .excludeLowercase(true)
                                        .excludeUppercase(true)
                                        .excludeNumbers(true)
                                        .excludePunctuation(true)),
                "InvalidParameterException",
                "All characters that a password can have are excluded.");
    }

    private String password(GetRandomPasswordRequest.Builder request) {
        return String.valueOf(
                aws.call(SecretsmanagerApi.GET_RANDOM_PASSWORD, request.build()).randomPassword());
    }
}
