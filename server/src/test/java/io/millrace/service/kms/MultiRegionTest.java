package io.millrace.service.kms;

import static io.millrace.service.kms.KmsFixture.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.kms.CreateKeyRequest;
import io.millrace.api.kms.DescribeKeyRequest;
import io.millrace.api.kms.EnableKeyRotationRequest;
import io.millrace.api.kms.GetKeyRotationStatusRequest;
import io.millrace.api.kms.KeyMetadata;
import io.millrace.api.kms.KmsApi;
import io.millrace.api.kms.MultiRegionKey;
import io.millrace.api.kms.ReplicateKeyRequest;
import io.millrace.api.kms.ScheduleKeyDeletionRequest;
import io.millrace.api.kms.UpdatePrimaryRegionRequest;
import io.millrace.wire.Caller;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Objects;

final class MultiRegionTest {
    private final KmsFixture kms = new KmsFixture();
    private final Caller here = KmsFixture.caller();
    private final Caller there = KmsFixture.caller("eu-west-1", KmsFixture.ROOT);
    private final String key = kms.create(CreateKeyRequest.builder().multiRegion(true)).keyId();

    @Test
    void whatOneRegionEncryptsAnotherReads() {
        byte[] before = kms.encrypt(here, key, "before", null);
        assertRefused(() -> kms.decrypt(there, before, null), "AccessDeniedException");

        replicate("eu-west-1");

        assertThat(kms.decrypt(there, before, null)).isEqualTo("before");
        byte[] after = kms.encrypt(there, key, "after", null);
        assertThat(kms.decrypt(here, after, null)).isEqualTo("after");
        assertThat(key).startsWith("mrk-");
        assertThat(Objects.requireNonNull(describe(here).multiRegionConfiguration()))
                .satisfies(regions -> {
                    assertThat(regions.multiRegionKeyType()).isEqualTo("PRIMARY");
                    assertThat(regions.replicaKeys())
                            .extracting(MultiRegionKey::region)
                            .containsExactly("eu-west-1");
                });
        assertRefused(() -> replicate("eu-west-1"), "AlreadyExistsException");
    }

    @Test
    void aRotationReachesAllRegions() {
        replicate("eu-west-1");
        EnableKeyRotationRequest request = EnableKeyRotationRequest.builder().keyId(key).build();
        assertRefused(
                () -> kms.call(there, KmsApi.ENABLE_KEY_ROTATION, request),
                "UnsupportedOperationException");
        kms.call(here, KmsApi.ENABLE_KEY_ROTATION, request);

        assertThat(kms.after(Duration.ofDays(365))).isOne();

        assertThat(describe(there).currentKeyMaterialId())
                .isEqualTo(describe(here).currentKeyMaterialId());
        byte[] rotated = kms.encrypt(there, key, "x", null);
        assertThat(kms.decrypt(here, rotated, null)).isEqualTo("x");
        assertThat(
                        kms.call(
                                        there,
                                        KmsApi.GET_KEY_ROTATION_STATUS,
                                        GetKeyRotationStatusRequest.builder().keyId(key).build())
                                .keyRotationEnabled())
                .isTrue();
    }

    @Test
    void aReplicaBecomesThePrimaryAndRotates() {
        replicate("eu-west-1");
        replicate("ap-south-1");
        kms.call(
                here,
                KmsApi.ENABLE_KEY_ROTATION,
                EnableKeyRotationRequest.builder().keyId(key).build());
        String first = describe(here).currentKeyMaterialId();

        kms.call(
                here,
                KmsApi.UPDATE_PRIMARY_REGION,
                UpdatePrimaryRegionRequest.builder().keyId(key).primaryRegion("eu-west-1").build());

        assertThat(Objects.requireNonNull(describe(here).multiRegionConfiguration()))
                .satisfies(regions -> {
                    assertThat(regions.multiRegionKeyType()).isEqualTo("REPLICA");
                    assertThat(Objects.requireNonNull(regions.primaryKey()).region())
                            .isEqualTo("eu-west-1");
                    assertThat(regions.replicaKeys())
                            .extracting(MultiRegionKey::region)
                            .containsExactly("ap-south-1", "us-east-1");
                });
        assertThat(kms.after(Duration.ofDays(365))).isOne();
        assertThat(describe(here).currentKeyMaterialId()).isNotEqualTo(first);
    }

    @Test
    void aPrimaryWaitsForItsReplicasToBeDeleted() {
        replicate("eu-west-1");
        ScheduleKeyDeletionRequest deletion =
                ScheduleKeyDeletionRequest.builder().keyId(key).pendingWindowInDays(7).build();

        kms.call(here, KmsApi.SCHEDULE_KEY_DELETION, deletion);
        assertThat(describe(here).keyState()).isEqualTo("PendingReplicaDeletion");
        kms.after(Duration.ofDays(30));
        kms.call(there, KmsApi.SCHEDULE_KEY_DELETION, deletion);
        kms.after(Duration.ofDays(7));

        assertThat(describe(here).keyState()).isEqualTo("PendingDeletion");
        kms.after(Duration.ofDays(7));
        assertThat(kms.entries()).isZero();
    }

    private void replicate(String region) {
        kms.call(
                here,
                KmsApi.REPLICATE_KEY,
                ReplicateKeyRequest.builder().keyId(key).replicaRegion(region).build());
    }

    private KeyMetadata describe(Caller caller) {
        return Objects.requireNonNull(
                kms.call(
                                caller,
                                KmsApi.DESCRIBE_KEY,
                                DescribeKeyRequest.builder().keyId(key).build())
                        .keyMetadata());
    }
}
