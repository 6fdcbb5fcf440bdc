package io.millrace.service.kms;

import static io.millrace.service.kms.KmsFixture.assertRefused;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.millrace.api.OperationModel;
import io.millrace.api.Shape;
import io.millrace.api.kms.CreateGrantRequest;
import io.millrace.api.kms.DecryptRequest;
import io.millrace.api.kms.DescribeKeyRequest;
import io.millrace.api.kms.EncryptRequest;
import io.millrace.api.kms.GrantConstraints;
import io.millrace.api.kms.KmsApi;
import io.millrace.authorization.Gatekeeper;
import io.millrace.http.Client;
import io.millrace.http.Headers;
import io.millrace.http.Request;
import io.millrace.wire.Authorizer;
import io.millrace.wire.Caller;
import io.millrace.wire.Credential;
import io.millrace.wire.Identity;
import io.millrace.wire.Permissions;
import io.millrace.wire.PrincipalType;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// What a grant opens where requests must be allowed: its grantee has no policy of its own, and the
/// key's policy is the default one, which trusts the account.
final class GrantPolicyTest {
    private static final String ALICE = "arn:aws:iam::111122223333:user/alice";

    private final KmsFixture kms = new KmsFixture();
    private final Gatekeeper gatekeeper =
            new Gatekeeper(
                    InstantSource.fixed(Instant.parse("2026-11-26T12:00:00Z")), List.of("kms"));
    private final String keyId = kms.createKey();
    private final Caller alice =
            new Caller(
                    KmsFixture.ACCOUNT,
                    KmsFixture.REGION,
                    ALICE,
                    "AIDAALICE",
                    "r",
                    "http://x",
                    "",
                    "203.0.113.5",
                    Client.UNSEEN,
                    null,
                    new Identity(
                            new Credential("AKIDALICE", "secret", null),
                            KmsFixture.ACCOUNT,
                            ALICE,
                            "AIDAALICE",
                            PrincipalType.USER,
                            new Permissions(false, List.of(), null, null),
                            Map.of()));

    @Test
    void whoHasAGrantGivesOnNoMoreThanThat() {
        grant(null, "Encrypt", "CreateGrant");

        allowed(KmsApi.CREATE_GRANT, request(null, "Encrypt"));
        denied(KmsApi.CREATE_GRANT, request(null, "Decrypt"));
        denied(KmsApi.CREATE_GRANT, request(null, "Encrypt", "Decrypt"));
        denied(KmsApi.DECRYPT, DecryptRequest.builder().keyId(keyId).build());
    }

    @Test
    void whatIsGivenOnIsBoundAsItsGiverIs() {
        grant(Map.of("team", "blue"), "Encrypt", "CreateGrant");

        allowed(KmsApi.CREATE_GRANT, request(Map.of("team", "blue", "order", "1"), "Encrypt"));
        denied(KmsApi.CREATE_GRANT, request(null, "Encrypt"));
        denied(KmsApi.CREATE_GRANT, request(Map.of("team", "red"), "Encrypt"));
    }

    @Test
    void constraintsAreAboutCallsWithAnEncryptionContext() {
        grant(Map.of("team", "blue"), "Encrypt", "DescribeKey");

        allowed(KmsApi.DESCRIBE_KEY, DescribeKeyRequest.builder().keyId(keyId).build());
        allowed(KmsApi.ENCRYPT, encryption(Map.of("team", "blue")));
        denied(KmsApi.ENCRYPT, encryption(null));
    }

    /// Condition keys know no case, the keys of an encryption context do.
    @Test
    void constraintsAreAboutKeysAsTheyAreWritten() {
        grant(Map.of("Team", "blue"), "Encrypt");

        allowed(KmsApi.ENCRYPT, encryption(Map.of("Team", "blue", "team", "red")));
        denied(KmsApi.ENCRYPT, encryption(Map.of("team", "blue")));
        denied(KmsApi.ENCRYPT, encryption(Map.of("Team", "red", "team", "blue")));
    }

    @Test
    void constraintsHaveNoVariables() {
        grant(Map.of("owner", "${kms:CallerAccount}"), "Encrypt");

        allowed(KmsApi.ENCRYPT, encryption(Map.of("owner", "${kms:CallerAccount}")));
        denied(KmsApi.ENCRYPT, encryption(Map.of("owner", KmsFixture.ACCOUNT)));
    }

    private EncryptRequest encryption(@Nullable Map<String, String> context) {
        return EncryptRequest.builder()
                .keyId(keyId)
                .plaintext(new byte[] {1})
                .encryptionContext(context)
                .build();
    }

    private void grant(@Nullable Map<String, String> context, String... operations) {
        kms.call(KmsApi.CREATE_GRANT, request(context, operations));
    }

    private CreateGrantRequest request(
            @Nullable Map<String, String> context, String... operations) {
        return CreateGrantRequest.builder()
                .keyId(keyId)
                .granteePrincipal(ALICE)
                .operations(List.of(operations))
                .constraints(
                        context == null
                                ? null
                                : GrantConstraints.builder()
                                        .encryptionContextSubset(context)
                                        .build())
                .build();
    }

    private void allowed(OperationModel<?, ?> operation, Shape input) {
        assertThatCode(() -> check(operation, input)).doesNotThrowAnyException();
    }

    private void denied(OperationModel<?, ?> operation, Shape input) {
        assertRefused(() -> check(operation, input), "AccessDeniedException");
    }

    private void check(OperationModel<?, ?> operation, Shape input) {
        Request request =
                new Request(
                        "POST",
                        "/",
                        "",
                        Headers.of(Map.of()),
                        "203.0.113.5",
                        () -> new ByteArrayInputStream(new byte[0]));
        gatekeeper.check(new Authorizer.Call(kms.service(), operation, alice, input, request));
    }
}
