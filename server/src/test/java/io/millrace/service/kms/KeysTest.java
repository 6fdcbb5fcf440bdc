package io.millrace.service.kms;

import static io.millrace.service.kms.KmsFixture.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.api.kms.CancelKeyDeletionRequest;
import io.millrace.api.kms.CreateAliasRequest;
import io.millrace.api.kms.CreateKeyRequest;
import io.millrace.api.kms.DisableKeyRequest;
import io.millrace.api.kms.EnableKeyRequest;
import io.millrace.api.kms.EnableKeyRotationRequest;
import io.millrace.api.kms.KmsApi;
import io.millrace.api.kms.ListAliasesRequest;
import io.millrace.api.kms.ListKeyRotationsRequest;
import io.millrace.api.kms.ListKeysRequest;
import io.millrace.api.kms.PutKeyPolicyRequest;
import io.millrace.api.kms.RotationsListEntry;
import io.millrace.api.kms.ScheduleKeyDeletionRequest;
import io.millrace.api.kms.Tag;
import io.millrace.engine.Cursor;
import io.millrace.wire.Caller;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

final class KeysTest {
    private static final String OTHER = "arn:aws:iam::444455556666:root";

    private final KmsFixture kms = new KmsFixture();

    @Test
    void whatWasEncryptedIsReadWithTheSameContextOnly() {
        String key = kms.createKey();
        byte[] ciphertext =
                kms.encrypt(KmsFixture.caller(), key, "text", Map.of("a", "1", "b", "2"));

        Caller caller = KmsFixture.caller();
        assertThat(kms.decrypt(caller, ciphertext, Map.of("b", "2", "a", "1"))).isEqualTo("text");
        assertRefused(
                () -> kms.decrypt(caller, ciphertext, Map.of("a", "1")),
                "InvalidCiphertextException",
                "");
        ciphertext[ciphertext.length - 1] ^= 1;
        assertRefused(
                () -> kms.decrypt(caller, ciphertext, Map.of("b", "2", "a", "1")),
                "InvalidCiphertextException",
                "");
    }

    @Test
    void aDisabledKeyIsNotUsedAndAnEnabledOneIs() {
        String key = kms.createKey();
        byte[] ciphertext = kms.encrypt(key, "text");

        kms.call(KmsApi.DISABLE_KEY, DisableKeyRequest.builder().keyId(key).build());

        String arn = "arn:aws:kms:us-east-1:111122223333:key/" + key;
        assertRefused(() -> kms.decrypt(ciphertext), "DisabledException", arn + " is disabled.");
        kms.call(KmsApi.ENABLE_KEY, EnableKeyRequest.builder().keyId(key).build());
        assertThat(kms.decrypt(ciphertext)).isEqualTo("text");
    }

    @Test
    void aDeletedKeyGoesWithAllThatIsItsWhenItIsDue() {
        String key = kms.createKey();
        byte[] ciphertext = kms.encrypt(key, "text");
        kms.call(
                KmsApi.CREATE_ALIAS,
                CreateAliasRequest.builder().aliasName("alias/a").targetKeyId(key).build());
        schedule(key);
        String arn = "arn:aws:kms:us-east-1:111122223333:key/" + key;
        assertRefused(
                () -> kms.decrypt(ciphertext),
                "KMSInvalidStateException",
                arn + " is pending deletion.");

        kms.restart();
        assertThat(kms.after(Duration.ofDays(6))).isZero();
        assertThat(kms.describe(key).keyState()).isEqualTo("PendingDeletion");
        assertThat(kms.after(Duration.ofDays(1))).isOne();

        assertThat(kms.entries()).isZero();
        assertRefused(
                () -> kms.describe(key), "NotFoundException", "Key '" + arn + "' does not exist");
        assertRefused(() -> kms.decrypt(ciphertext), "AccessDeniedException");
        assertRefused(
                () -> kms.describe("alias/a"),
                "NotFoundException",
                "Alias arn:aws:kms:us-east-1:111122223333:alias/a is not found.");
    }

    @Test
    void aDeletionThatIsCancelledLeavesADisabledKey() {
        String key = kms.createKey();
        schedule(key);

        kms.call(KmsApi.CANCEL_KEY_DELETION, CancelKeyDeletionRequest.builder().keyId(key).build());

        assertThat(kms.after(Duration.ofDays(31))).isZero();
        assertThat(kms.describe(key).keyState()).isEqualTo("Disabled");
    }

    @Test
    void aKeyRotatesByTheClockAndStillReadsWhatItSealed() {
        String key = kms.createKey();
        byte[] before = kms.encrypt(key, "before");
        kms.call(
                KmsApi.ENABLE_KEY_ROTATION,
                EnableKeyRotationRequest.builder().keyId(key).rotationPeriodInDays(90).build());

        assertThat(kms.after(Duration.ofDays(90))).isOne();
        byte[] after = kms.encrypt(key, "after");
        assertThat(kms.after(Duration.ofDays(90))).isOne();

        kms.restart();
        assertThat(kms.decrypt(before)).isEqualTo("before");
        assertThat(kms.decrypt(after)).isEqualTo("after");
        assertThat(rotations(key))
                .extracting(RotationsListEntry::rotationType, RotationsListEntry::keyMaterialState)
                .containsExactly(tuple("AUTOMATIC", "NON_CURRENT"), tuple("AUTOMATIC", "CURRENT"));
    }

    @Test
    void aDisabledKeyRotatesWhenItIsEnabled() {
        String key = kms.createKey();
        kms.call(KmsApi.ENABLE_KEY_ROTATION, EnableKeyRotationRequest.builder().keyId(key).build());
        kms.call(KmsApi.DISABLE_KEY, DisableKeyRequest.builder().keyId(key).build());
        assertThat(kms.after(Duration.ofDays(400))).isZero();

        kms.call(KmsApi.ENABLE_KEY, EnableKeyRequest.builder().keyId(key).build());

        assertThat(kms.after(Duration.ZERO)).isOne();
        assertThat(rotations(key)).hasSize(1);
    }

    @Test
    void onlyWhomThePolicyNamesMayUseTheKey() {
        String key = kms.createKey();
        String arn = "arn:aws:kms:us-east-1:111122223333:key/" + key;
        Caller other = KmsFixture.caller(KmsFixture.REGION, OTHER);
        assertRefused(
                () -> kms.encrypt(other, arn, "text", null),
                "AccessDeniedException",
                "User: "
                        + OTHER
                        + " is not authorized to perform: kms:Encrypt on resource: "
                        + arn
                        + " because no resource-based policy allows the kms:Encrypt action");

        putPolicy(
                key,
                """
                {"Version": "2012-10-17", "Statement": [
                  {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*",
                   "Resource": "*"},
                  {"Effect": "Allow", "Principal": {"AWS": "444455556666"},
                   "Action": "kms:Encrypt", "Resource": "*",
                   "Condition": {"StringEquals": {"kms:EncryptionContext:team": "blue"}}}]}\
                """);

        assertThat(kms.encrypt(other, arn, "text", Map.of("team", "blue"))).isNotEmpty();
        assertRefused(
                () -> kms.encrypt(other, arn, "text", Map.of("team", "red")),
                "AccessDeniedException");
    }

    @Test
    void aPolicyThatLocksItsAuthorOutIsRefused() {
        String key = kms.createKey();

        assertRefused(
                () ->
                        putPolicy(
                                key,
                                """
                                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
                                  "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}]}\
                                """),
                "MalformedPolicyDocumentException",
                "The new key policy will not allow you to update the key policy in the future.");
    }

    @Test
    void theKeyOfAServiceIsMadeOnceAndOnlyItsServiceMayUseIt() {
        String key = kms.describe("alias/aws/sqs").keyId();

        assertThat(kms.describe("alias/aws/sqs").keyId()).isEqualTo(key);
        assertThat(kms.describe(key).keyManager()).isEqualTo("AWS");
        assertRefused(() -> kms.encrypt("alias/aws/sqs", "text"), "AccessDeniedException");
        assertRefused(() -> schedule(key), "AccessDeniedException");
    }

    @Test
    void materialIsNowhereInTheStoreUnsealed() {
        String key =
                kms.create(CreateKeyRequest.builder().tags(List.of(new Tag("a", "b")))).keyId();
        byte[] ciphertext = kms.encrypt(key, "the secret text");

        kms.restart();

        assertThat(kms.decrypt(ciphertext)).isEqualTo("the secret text");
        kms.store.<Boolean>read(snapshot -> {
            try (Cursor all = snapshot.prefix(new byte[] {(byte) 0xa9})) {
                while (all.next()) {
                    // 32 bytes of the key, and what sealing adds
                    assertThat(all.value()).hasSize(5 + 12 + 32 + 16);
                }
            }
            return true;
        });
    }

    @Test
    void aListGoesOnBehindItsMarker() {
        for (int i = 0; i < 5; i++) {
            kms.createKey();
        }

        var first = kms.call(KmsApi.LIST_KEYS, ListKeysRequest.builder().limit(3).build());
        var second =
                kms.call(
                        KmsApi.LIST_KEYS,
                        ListKeysRequest.builder().limit(3).marker(first.nextMarker()).build());

        assertThat(first.truncated()).isTrue();
        assertThat(first.keys()).hasSize(3);
        assertThat(second.keys()).hasSize(2).doesNotContainAnyElementsOf(first.keys());
        assertThat(second.truncated()).isFalse();
        assertThat(second.nextMarker()).isNull();
    }

    @Test
    void theAliasesOfServicesAreListedInOrderWithTheOthers() {
        String key = kms.createKey();
        kms.describe("alias/aws/sqs");
        for (String name : List.of("alias/a", "alias/z")) {
            kms.call(
                    KmsApi.CREATE_ALIAS,
                    CreateAliasRequest.builder().aliasName(name).targetKeyId(key).build());
        }

        List<String> names = new ArrayList<>();
        String marker = null;
        do { // ends with the last page
            var page =
                    kms.call(
                            KmsApi.LIST_ALIASES,
                            ListAliasesRequest.builder().limit(2).marker(marker).build());
            Objects.requireNonNull(page.aliases()).forEach(each -> names.add(each.aliasName()));
            marker = page.nextMarker();
        } while (marker != null);

        assertThat(names)
                .isSorted()
                .doesNotHaveDuplicates()
                .hasSize(2 + ManagedKeys.aliases().size())
                .contains("alias/a", "alias/aws/sqs", "alias/aws/sns", "alias/z");
    }

    @Test
    void aKeyIsNamedExactly() {
        assertRefused(
                () -> kms.describe("fake-key-id"),
                "NotFoundException",
                "Invalid keyId 'fake-key-id'");
        assertRefused(
                () -> kms.describe("arn:aws:kms:eu-west-1:111122223333:key/" + kms.createKey()),
                "NotFoundException",
                "Invalid arn eu-west-1");
        assertRefused(
                () -> kms.encrypt("arn:aws:sqs:us-east-1:111122223333:queue", "x"),
                "InvalidArnException");
    }

    private void putPolicy(String key, String policy) {
        kms.call(
                KmsApi.PUT_KEY_POLICY,
                PutKeyPolicyRequest.builder().keyId(key).policy(policy).build());
    }

    private void schedule(String key) {
        kms.call(
                KmsApi.SCHEDULE_KEY_DELETION,
                ScheduleKeyDeletionRequest.builder().keyId(key).pendingWindowInDays(7).build());
    }

    private List<RotationsListEntry> rotations(String key) {
        return Objects.requireNonNull(
                kms.call(
                                KmsApi.LIST_KEY_ROTATIONS,
                                ListKeyRotationsRequest.builder().keyId(key).build())
                        .rotations());
    }
}
