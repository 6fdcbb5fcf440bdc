package io.millrace.service.secretsmanager;

import static io.millrace.service.secretsmanager.SecretsManagerFixture.assertRefused;
import static io.millrace.service.secretsmanager.SecretsManagerFixture.caller;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.secretsmanager.CreateSecretRequest;
import io.millrace.api.secretsmanager.DeleteSecretRequest;
import io.millrace.api.secretsmanager.GetSecretValueRequest;
import io.millrace.api.secretsmanager.RemoveRegionsFromReplicationRequest;
import io.millrace.api.secretsmanager.ReplicaRegionType;
import io.millrace.api.secretsmanager.ReplicateSecretToRegionsRequest;
import io.millrace.api.secretsmanager.RestoreSecretRequest;
import io.millrace.api.secretsmanager.SecretsmanagerApi;
import io.millrace.api.secretsmanager.StopReplicationToReplicaRequest;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Deletion, restoration and replicas: what is there when, and nothing of it afterwards.
final class DeletionTest {
    private final SecretsManagerFixture aws = new SecretsManagerFixture();
    private final Caller abroad = caller("000000000000", "eu-west-1");

    @Test
    void aSecretIsGoneAtTheEndOfItsWindowAndNotBefore() {
        String arn = String.valueOf(aws.create("s", "one").arn());
        assertThat(delete("s", 7L, null)).isEqualTo(aws.now.plus(Duration.ofDays(7)));
        assertRefused(
                () -> aws.value("s", null),
                "InvalidRequestException",
                "You can't perform this operation on the secret because it was marked for"
                        + " deletion.");
        assertRefused(
                () -> aws.create("s", "two"),
                "InvalidRequestException",
                "You can't create this secret because a secret with this name is already scheduled"
                        + " for deletion.");

        aws.restart();
        assertThat(aws.after("P6DT23H")).isZero();
        assertThat(aws.describe(arn).deletedDate()).isNotNull();
        assertThat(aws.after("PT1H")).isOne();

        assertThat(entries()).isZero();
        assertThat(aws.create("s", "two").arn()).isNotEqualTo(arn);
    }

    @Test
    void aRestoredSecretStays() {
        aws.create("s", "one");
        delete("s", null, null);
        aws.call(SecretsmanagerApi.RESTORE_SECRET, new RestoreSecretRequest("s"));

        aws.after("P31D");

        assertThat(aws.value("s", null)).isEqualTo("one");
    }

    @Test
    void aForcedDeletionIsAtOnceAndMayComeAgain() {
        aws.create("s", "one");
        delete("s", null, true);
        delete("s", null, true);

        assertThat(entries()).isZero();
        assertRefused(
                () -> delete("s", 7L, true),
                "InvalidParameterException",
                "You can't use ForceDeleteWithoutRecovery in conjunction with"
                        + " RecoveryWindowInDays.");
    }

    @Test
    void aReplicaIsItsPrimaryInAnotherRegion() {
        String arn = String.valueOf(aws.create("s", "one").arn());
        replicate();
        aws.put("s", aws.ids.uuid(), "two");

        String there = arn.replace("us-east-1", "eu-west-1");
        assertThat(valueAbroad(there)).isEqualTo("two");
        assertRefused(
                () -> delete("s", null, null),
                "InvalidParameterException",
                "You can't delete secret s that still has replica regions [eu-west-1]");

        aws.call(
                SecretsmanagerApi.REMOVE_REGIONS_FROM_REPLICATION,
                new RemoveRegionsFromReplicationRequest("s", List.of("eu-west-1")));
        assertRefused(
                () -> valueAbroad("s"),
                "ResourceNotFoundException",
                "Secrets Manager can't find the specified secret.");
        delete("s", null, true);
        assertThat(entries()).isZero();
    }

    @Test
    void aReplicaThatIsPromotedGoesItsOwnWay() {
        aws.create("s", "one");
        aws.put("s", aws.ids.uuid(), "two");
        replicate();

        aws.call(
                abroad,
                SecretsmanagerApi.STOP_REPLICATION_TO_REPLICA,
                new StopReplicationToReplicaRequest("s"));
        aws.put("s", aws.ids.uuid(), "here");

        assertThat(valueAbroad("s")).isEqualTo("two");
        delete("s", null, true);
        assertThat(valueAbroad("s")).isEqualTo("two");
    }

    @Test
    void aNameThatIsTakenAbroadFailsAndIsOverwrittenWhenForced() {
        aws.create("s", "one");
        aws.call(
                abroad,
                SecretsmanagerApi.CREATE_SECRET,
                CreateSecretRequest.builder()
                        .name("s")
                        .clientRequestToken(aws.ids.uuid())
                        .secretString("other")
                        .build());

        replicate();
        assertThat(valueAbroad("s")).isEqualTo("other");
        assertThat(aws.describe("s").replicationStatus())
                .singleElement()
                .satisfies(status -> {
                    assertThat(status.status()).isEqualTo("Failed");
                    assertThat(status.statusMessage())
                            .isEqualTo(
                                    "Replication failed: Secret name s already exists in region"
                                            + " eu-west-1.");
                });

        replicate(true);
        assertThat(valueAbroad("s")).isEqualTo("one");
    }

    private void replicate() {
        replicate(false);
    }

    private void replicate(boolean force) {
        aws.call(
                SecretsmanagerApi.REPLICATE_SECRET_TO_REGIONS,
                new ReplicateSecretToRegionsRequest(
                        "s", List.of(new ReplicaRegionType("eu-west-1", null)), force));
    }

    private @Nullable String valueAbroad(String id) {
        return aws.call(
                        abroad,
                        SecretsmanagerApi.GET_SECRET_VALUE,
                        new GetSecretValueRequest(id, null, null))
                .secretString();
    }

    private @Nullable Instant delete(String id, @Nullable Long days, @Nullable Boolean force) {
        return aws.call(SecretsmanagerApi.DELETE_SECRET, new DeleteSecretRequest(id, days, force))
                .deletionDate();
    }

    /// How many entries of secrets, and timers, are in the store.
    private int entries() {
        return aws.store.read(snapshot -> {
            int count = 0;
            try (Cursor cursor =
                    snapshot.range(new byte[] {0}, new byte[] {-1}, Snapshot.Direction.FORWARD)) {
                while (cursor.next()) {
                    count += cursor.key()[0] == 0x5d ? 0 : 1; // but the data key
                }
            }
            return count;
        });
    }
}
