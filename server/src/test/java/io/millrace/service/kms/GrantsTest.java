package io.millrace.service.kms;

import static io.millrace.service.kms.KmsFixture.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.kms.CreateGrantRequest;
import io.millrace.api.kms.CreateGrantResponse;
import io.millrace.api.kms.EncryptRequest;
import io.millrace.api.kms.GrantConstraints;
import io.millrace.api.kms.GrantListEntry;
import io.millrace.api.kms.KmsApi;
import io.millrace.api.kms.ListGrantsRequest;
import io.millrace.api.kms.ListRetirableGrantsRequest;
import io.millrace.api.kms.RetireGrantRequest;
import io.millrace.api.kms.RevokeGrantRequest;
import io.millrace.api.kms.ScheduleKeyDeletionRequest;
import io.millrace.wire.Caller;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

final class GrantsTest {
    private static final String WORKER = "arn:aws:iam::444455556666:role/worker";
    private static final String RETIRER = "arn:aws:iam::444455556666:user/retirer";

    private final KmsFixture kms = new KmsFixture();
    private final String keyId = kms.createKey();
    private final String key = "arn:aws:kms:us-east-1:111122223333:key/" + keyId;
    private final Caller worker = KmsFixture.caller(KmsFixture.REGION, WORKER);
    private final Caller retirer = KmsFixture.caller(KmsFixture.REGION, RETIRER);

    @Test
    void aGrantLetsItsGranteeDoWhatItSays() {
        assertRefused(() -> kms.encrypt(worker, key, "x", null), "AccessDeniedException");

        grant("Encrypt");

        byte[] ciphertext = kms.encrypt(worker, key, "x", null);
        assertRefused(() -> kms.decrypt(worker, ciphertext, null), "AccessDeniedException");
        Caller session =
                KmsFixture.caller(
                        KmsFixture.REGION, "arn:aws:sts::444455556666:assumed-role/worker/session");
        assertThat(kms.encrypt(session, key, "x", null)).isNotEmpty();
        assertRefused(() -> kms.encrypt(retirer, key, "x", null), "AccessDeniedException");
    }

    @Test
    void constraintsBindTheEncryptionContext() {
        kms.call(
                KmsApi.CREATE_GRANT,
                request("Encrypt")
                        .constraints(
                                GrantConstraints.builder()
                                        .encryptionContextSubset(Map.of("team", "blue"))
                                        .build())
                        .build());
        kms.call(
                KmsApi.CREATE_GRANT,
                request("Decrypt", "DescribeKey")
                        .constraints(
                                GrantConstraints.builder()
                                        .encryptionContextEquals(Map.of("team", "blue"))
                                        .build())
                        .build());
        Map<String, String> more = Map.of("team", "blue", "order", "1");

        byte[] wide = kms.encrypt(worker, key, "x", more);
        byte[] exact = kms.encrypt(worker, key, "x", Map.of("team", "blue"));

        assertThat(kms.decrypt(worker, exact, Map.of("team", "blue"))).isEqualTo("x");
        assertRefused(() -> kms.decrypt(worker, wide, more), "AccessDeniedException");
        assertRefused(() -> kms.encrypt(worker, key, "x", null), "AccessDeniedException");
    }

    @Test
    void whoHasAGrantGivesNoMoreThanThat() {
        grant("Encrypt", "CreateGrant");

        CreateGrantRequest.Builder given =
                CreateGrantRequest.builder().keyId(key).granteePrincipal(RETIRER);
        kms.call(worker, KmsApi.CREATE_GRANT, given.operations(List.of("Encrypt")).build());

        assertThat(kms.encrypt(retirer, key, "x", null)).isNotEmpty();
        CreateGrantRequest more = given.operations(List.of("Decrypt")).build();
        assertRefused(() -> kms.call(worker, KmsApi.CREATE_GRANT, more), "AccessDeniedException");
    }

    @Test
    void refusesATokenThatIsNoneOfWhomThePolicyLetsInToo() {
        EncryptRequest request =
                EncryptRequest.builder()
                        .keyId(keyId)
                        .plaintext(new byte[] {1})
                        .grantTokens(List.of("none"))
                        .build();

        assertRefused(
                () -> kms.call(KmsApi.ENCRYPT, request),
                "InvalidGrantTokenException",
                "The grant token is not valid.");
    }

    @Test
    void theSameNamedGrantIsMadeOnce() {
        var first = kms.call(KmsApi.CREATE_GRANT, request("Encrypt").name("n").build());
        var again = kms.call(KmsApi.CREATE_GRANT, request("Encrypt").name("n").build());
        var other = kms.call(KmsApi.CREATE_GRANT, request("Decrypt").name("n").build());

        assertThat(again.grantId()).isEqualTo(first.grantId());
        assertThat(other.grantId()).isNotEqualTo(first.grantId());
        assertThat(grants()).hasSize(2);
    }

    @Test
    void aRevokedGrantIsGone() {
        String id = Objects.requireNonNull(grant("Encrypt").grantId());
        RevokeGrantRequest revocation =
                RevokeGrantRequest.builder().keyId(keyId).grantId(id).build();

        kms.call(KmsApi.REVOKE_GRANT, revocation);

        assertThat(grants()).isEmpty();
        assertRefused(() -> kms.encrypt(worker, key, "x", null), "AccessDeniedException");
        assertRefused(() -> kms.call(KmsApi.REVOKE_GRANT, revocation), "NotFoundException");
    }

    @Test
    void aGrantIsRetiredByWhomItNames() {
        CreateGrantResponse made =
                kms.call(
                        KmsApi.CREATE_GRANT, request("Encrypt").retiringPrincipal(RETIRER).build());
        RetireGrantRequest retirement =
                RetireGrantRequest.builder().grantToken(made.grantToken()).build();
        var listing = ListRetirableGrantsRequest.builder().retiringPrincipal(RETIRER).build();
        assertThat(kms.call(retirer, KmsApi.LIST_RETIRABLE_GRANTS, listing).grants())
                .extracting(GrantListEntry::grantId)
                .containsExactly(made.grantId());
        assertRefused(
                () -> kms.call(worker, KmsApi.RETIRE_GRANT, retirement), "AccessDeniedException");

        kms.call(retirer, KmsApi.RETIRE_GRANT, retirement);

        assertThat(grants()).isEmpty();
        assertThat(kms.call(retirer, KmsApi.LIST_RETIRABLE_GRANTS, listing).grants()).isEmpty();
        assertRefused(
                () -> kms.call(retirer, KmsApi.RETIRE_GRANT, retirement),
                "InvalidGrantTokenException");
    }

    @Test
    void dryRunChangesNothing() {
        CreateGrantRequest dry = request("Encrypt").dryRun(true).build();

        assertRefused(
                () -> kms.call(KmsApi.CREATE_GRANT, dry),
                "DryRunOperationException",
                "The request would have succeeded, but the DryRun option is set.");

        assertThat(grants()).isEmpty();
    }

    @Test
    void aGrantSuitsItsKey() {
        CreateGrantRequest signing = request("Sign").build();
        assertRefused(() -> kms.call(KmsApi.CREATE_GRANT, signing), "ValidationException");
        CreateGrantRequest nobody = request("Encrypt").granteePrincipal("nobody").build();
        assertRefused(
                () -> kms.call(KmsApi.CREATE_GRANT, nobody),
                "InvalidArnException",
                "ARN does not refer to a valid principal: nobody");
    }

    @Test
    void grantsGoWithTheirKey() {
        kms.call(KmsApi.CREATE_GRANT, request("Encrypt").retiringPrincipal(RETIRER).build());
        grant("Decrypt");
        kms.call(
                KmsApi.SCHEDULE_KEY_DELETION,
                ScheduleKeyDeletionRequest.builder().keyId(keyId).pendingWindowInDays(7).build());

        kms.after(Duration.ofDays(7));

        assertThat(kms.entries()).isZero();
    }

    private CreateGrantRequest.Builder request(String... operations) {
        return CreateGrantRequest.builder()
                .keyId(keyId)
                .granteePrincipal(WORKER)
                .operations(List.of(operations));
    }

    private CreateGrantResponse grant(String... operations) {
        return kms.call(KmsApi.CREATE_GRANT, request(operations).build());
    }

    private List<GrantListEntry> grants() {
        return Objects.requireNonNull(
                kms.call(KmsApi.LIST_GRANTS, ListGrantsRequest.builder().keyId(keyId).build())
                        .grants());
    }
}
