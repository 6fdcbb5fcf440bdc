package io.millrace.service.secretsmanager;

import static io.millrace.service.secretsmanager.SecretsManagerFixture.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.secretsmanager.ListSecretVersionIdsRequest;
import io.millrace.api.secretsmanager.ListSecretVersionIdsResponse;
import io.millrace.api.secretsmanager.SecretVersionsListEntry;
import io.millrace.api.secretsmanager.SecretsmanagerApi;
import io.millrace.api.secretsmanager.UpdateSecretRequest;
import io.millrace.api.secretsmanager.UpdateSecretVersionStageRequest;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Versions and staging labels, as AWS was seen to move them.
final class VersionsTest {
    private final SecretsManagerFixture aws = new SecretsManagerFixture();

    @Test
    void aNewValueIsCurrentAndTheOneBeforePrevious() {
        aws.create("s", "one");
        aws.put("s", token(2), "two");
        aws.put("s", token(3), "three");

        assertThat(aws.value("s", null)).isEqualTo("three");
        assertThat(aws.value("s", "AWSPREVIOUS")).isEqualTo("two");
        assertThat(versions(false)).containsExactly("two AWSPREVIOUS", "three AWSCURRENT");
        assertThat(versions(true)).hasSize(3);
    }

    @Test
    void aPendingVersionBecomesCurrentAndLosesThatWithTheNext() {
        String first = aws.create("s", "one").versionId();
        aws.put("s", token(2), "two", "AWSPENDING");
        assertThat(versions(false)).containsExactly("one AWSCURRENT", "two AWSPENDING");

        move("AWSCURRENT", first, token(2));
        assertThat(versions(false)).containsExactly("one AWSPREVIOUS", "two AWSCURRENT AWSPENDING");

        aws.put("s", token(3), "three");
        assertThat(versions(false)).containsExactly("two AWSPREVIOUS", "three AWSCURRENT");
    }

    @Test
    void labelsOfOnesOwnAreTakenAwayFromOtherVersions() {
        aws.create("s", "one");
        assertThat(aws.put("s", token(2), "two", "b", "a", "c").versionStages())
                .containsExactly("a", "b", "c");
        aws.put("s", token(3), "three", "d", "a", "b");

        assertThat(versions(false)).containsExactly("one AWSCURRENT", "two c", "three a b d");
    }

    @Test
    void theFirstVersionIsCurrentWhateverItsLabels() {
        aws.create("s", null);
        assertThat(aws.describe("s").versionIdsToStages()).isNull();

        assertThat(aws.put("s", token(1), "one", "AWSPENDING").versionStages())
                .containsExactly("AWSCURRENT", "AWSPENDING");
    }

    @Test
    void theSameRequestAgainChangesNothingAndAnotherValueIsRefused() {
        aws.create("s", "one");
        aws.put("s", token(2), "two");
        aws.put("s", token(3), "three");

        assertThat(aws.put("s", token(2), "two").versionStages()).containsExactly("AWSPREVIOUS");
        assertThat(aws.value("s", null)).isEqualTo("three");
        assertRefused(
                () -> aws.put("s", token(2), "other"),
                "ResourceExistsException",
                "A resource with the ID you requested already exists.");
    }

    @Test
    void aLabelIsMovedOnlyFromWhereItIs() {
        String first = aws.create("s", "one").versionId();
        aws.put("s", token(2), "two", "x");

        assertRefused(
                () -> move("AWSCURRENT", null, token(2)),
                "InvalidParameterException",
                "The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is"
                        + " currently attached to version "
                        + first
                        + ", so you must explicitly reference that version in"
                        + " RemoveFromVersionId.");
        assertRefused(
                () -> move("AWSCURRENT", first, null),
                "InvalidParameterException",
                "You can only move staging label AWSCURRENT to a different secret version. It"
                        + " can’t be completely removed.");
        move("x", token(2), null);
        assertThat(versions(false)).containsExactly("one AWSCURRENT");
    }

    @Test
    void tellsWhichVersionIsMissing() {
        aws.create("s", "one");
        aws.put("s", token(2), "two");

        assertRefused(
                () -> aws.get("s", token(9), null),
                "ResourceNotFoundException",
                "Secrets Manager can't find the specified secret value for VersionId: " + token(9));
        assertRefused(
                () -> aws.get("s", null, "AWSPENDING"),
                "ResourceNotFoundException",
                "Secrets Manager can't find the specified secret value for staging label:"
                        + " AWSPENDING");
        assertRefused(
                () -> aws.get("s", token(2), "AWSPREVIOUS"),
                "InvalidRequestException",
                "You provided a VersionStage that is not associated to the provided VersionId.");
    }

    @Test
    void removesVersionsWithoutLabelsWhenThereAreManyAndTheyAreOld() {
        aws.create("s", "one");
        aws.put("s", token(1), "kept", "mine");
        for (int i = 2; i < 120; i++) {
            aws.put("s", token(i), "v" + i);
        }
        assertThat(versions(true)).hasSize(120); // the young ones stay

        aws.after("PT24H");
        aws.put("s", token(120), "last");

        assertThat(versions(true))
                .hasSize(SecretsManagerLimits.VERSIONS_KEPT)
                .contains("kept mine", "v119 AWSPREVIOUS", "last AWSCURRENT");
    }

    @Test
    void versionsComeInPages() {
        aws.create("s", "one");
        for (int i = 2; i < 8; i++) {
            aws.put("s", token(i), "v" + i);
        }
        List<String> seen = new ArrayList<>();
        String next = null;
        do {
            ListSecretVersionIdsResponse page =
                    aws.call(
                            SecretsmanagerApi.LIST_SECRET_VERSION_IDS,
                            new ListSecretVersionIdsRequest("s", 2, next, true));
            Objects.requireNonNull(page.versions())
                    .forEach(version -> seen.add(version.versionId()));
            next = page.nextToken();
        } while (next != null);

        assertThat(seen).hasSize(7).doesNotHaveDuplicates();
    }

    @Test
    void aDescriptionAloneMakesNoVersion() {
        aws.create("s", "one");

        String version =
                aws.call(
                                SecretsmanagerApi.UPDATE_SECRET,
                                UpdateSecretRequest.builder()
                                        .secretId("s")
                                        .clientRequestToken(token(2))
                                        .description("new")
                                        .build())
                        .versionId();

        assertThat(version).isNull();
        assertThat(aws.describe("s").description()).isEqualTo("new");
        assertThat(versions(true)).hasSize(1);
    }

    private void move(String label, @Nullable String from, @Nullable String to) {
        aws.call(
                SecretsmanagerApi.UPDATE_SECRET_VERSION_STAGE,
                UpdateSecretVersionStageRequest.builder()
                        .secretId("s")
                        .versionStage(label)
                        .removeFromVersionId(from)
                        .moveToVersionId(to)
                        .build());
        aws.now = aws.now.plusMillis(1);
    }

    /// Each as its value and its labels.
    private List<String> versions(boolean deprecated) {
        List<SecretVersionsListEntry> versions =
                aws.call(
                                SecretsmanagerApi.LIST_SECRET_VERSION_IDS,
                                new ListSecretVersionIdsRequest("s", 1000, null, deprecated))
                        .versions();
        return Objects.requireNonNull(versions).stream()
                .map(version -> {
                    String value = aws.get("s", version.versionId(), null).secretString();
                    List<String> labels = version.versionStages();
                    return labels == null ? value : value + " " + String.join(" ", labels);
                })
                .toList();
    }

    private String token(int number) {
        aws.now = aws.now.plusMillis(1); // versions are in order
        return "00000000-0000-4000-8000-%012d".formatted(number);
    }
}
