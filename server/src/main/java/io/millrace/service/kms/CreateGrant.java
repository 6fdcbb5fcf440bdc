package io.millrace.service.kms;

import io.millrace.api.kms.CreateGrantRequest;
import io.millrace.api.kms.CreateGrantResponse;
import io.millrace.api.kms.GrantConstraints;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// `CreateGrant`: lets a principal do some things with a key. The same grant with the same name
/// again is the first one. Whoever has it by a grant gives no more than that. Durable when it
/// returns. Errors: see [KeyUses], and `InvalidArnException`, `LimitExceededException`,
/// `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html).
final class CreateGrant implements Operation<CreateGrantRequest, CreateGrantResponse> {
    private static final int ID_DIGITS = 64;
    private static final int SECRET_DIGITS = 64;
    private static final Set<String> FOR_ALL = Set.of("CreateGrant", "DescribeKey", "RetireGrant");
    private static final String SERVICE_DOMAIN = ".amazonaws.com";

    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final Keys keys;
    private final Grants grants;

    CreateGrant(Store store, InstantSource clock, Ids ids, Keys keys, Grants grants) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.keys = keys;
        this.grants = grants;
    }

    @Override
    public CreateGrantResponse handle(Caller caller, CreateGrantRequest request) {
        String grantee =
                principal(
                        "GranteePrincipal",
                        request.granteePrincipal(),
                        request.granteeServicePrincipal());
        if (grantee == null) {
            throw KmsErrors.validation("A grantee principal must be specified.");
        }
        String retiring =
                principal(
                        "RetiringPrincipal",
                        request.retiringPrincipal(),
                        request.retiringServicePrincipal());
        if (request.operations().isEmpty()) {
            throw KmsErrors.validation("A grant must allow at least one operation.");
        }
        StoredGrant grant = store.write(tx -> create(tx, caller, request, grantee, retiring));
        return CreateGrantResponse.builder()
                .grantId(grant.grantId())
                .grantToken(Grants.token(grant))
                .build();
    }

    private StoredGrant create(
            Transaction tx,
            Caller caller,
            CreateGrantRequest request,
            String grantee,
            @Nullable String retiring) {
        StoredGrant.Limits limits = StoredGrant.Limits.of(request.constraints());
        StoredKey key =
                keys.requireAny(
                        tx,
                        caller,
                        request.keyId(),
                        action(request, grantee, retiring),
                        own -> own.covers(request));
        key.requireEnabled();
        check(key, request.operations(), limits);
        StoredGrant grant =
                new StoredGrant(
                        key.accountId(),
                        key.region(),
                        key.keyId(),
                        ids.hex(ID_DIGITS),
                        ids.hex(SECRET_DIGITS),
                        clock.millis(),
                        request.name(),
                        "arn:aws:iam::" + caller.accountId() + ":root",
                        grantee,
                        request.granteeServicePrincipal() != null,
                        retiring,
                        request.retiringServicePrincipal() != null,
                        List.copyOf(request.operations()),
                        limits);
        DryRun.end(request.dryRun());
        if (grant.name() != null) {
            for (StoredGrant other : grants.to(tx, key.name(), grantee)) {
                if (grant.sameAs(other)) {
                    return other;
                }
            }
        }
        grants.put(tx, grant);
        return grant;
    }

    private static KeyAction action(
            CreateGrantRequest request, String grantee, @Nullable String retiring) {
        GrantConstraints constraints = request.constraints();
        List<String> kinds = new ArrayList<>();
        if (constraints != null && constraints.encryptionContextEquals() != null) {
            kinds.add("EncryptionContextEquals");
        }
        if (constraints != null && constraints.encryptionContextSubset() != null) {
            kinds.add("EncryptionContextSubset");
        }
        KeyAction action =
                KeyAction.of("CreateGrant", request.grantTokens())
                        .with("kms:grantoperations", request.operations())
                        .with("kms:granteeprincipal", grantee)
                        .with("kms:retiringprincipal", retiring)
                        .with("kms:grantisforawsresource", false);
        return kinds.isEmpty() ? action : action.with("kms:grantconstrainttype", kinds);
    }

    private static void check(
            StoredKey key, List<String> operations, StoredGrant.@Nullable Limits limits) {
        Set<String> allowed =
                switch (key.usage()) {
                    case ENCRYPT_DECRYPT ->
                            key.spec() == KeySpec.SYMMETRIC_DEFAULT
                                    ? Set.of(
                                            "Decrypt",
                                            "Encrypt",
                                            "GenerateDataKey",
                                            "GenerateDataKeyPair",
                                            "GenerateDataKeyPairWithoutPlaintext",
                                            "GenerateDataKeyWithoutPlaintext",
                                            "ReEncryptFrom",
                                            "ReEncryptTo")
                                    : Set.of(
                                            "Decrypt",
                                            "Encrypt",
                                            "GetPublicKey",
                                            "ReEncryptFrom",
                                            "ReEncryptTo");
                    case SIGN_VERIFY -> Set.of("GetPublicKey", "Sign", "Verify");
                    case GENERATE_VERIFY_MAC -> Set.of("GenerateMac", "VerifyMac");
                    case KEY_AGREEMENT -> Set.of("DeriveSharedSecret", "GetPublicKey");
                };
        for (String operation : operations) {
            if (!allowed.contains(operation) && !FOR_ALL.contains(operation)) {
                throw KmsErrors.validation(
                        "Grant operation "
                                + operation
                                + " is not valid for a key with key usage "
                                + key.usage()
                                + " and key spec "
                                + key.spec()
                                + ".");
            }
        }
        boolean contextual = limits != null && (limits.exact() != null || limits.subset() != null);
        if (contextual && key.spec() != KeySpec.SYMMETRIC_DEFAULT) {
            throw KmsErrors.validation(
                    "Encryption context constraints are not valid for the key spec "
                            + key.spec()
                            + ".");
        }
    }

    /// A principal that is given in one of two ways.
    private static @Nullable String principal(
            String name, @Nullable String principal, @Nullable String service) {
        if (principal != null && service != null) {
            throw KmsErrors.validation(name + " must be specified in one way only.");
        }
        if (principal == null) {
            return service;
        }
        boolean valid =
                Arn.parse(principal)
                        .map(arn ->
                                (arn.service().equals("iam") || arn.service().equals("sts"))
                                        && arn.accountId().length() == 12)
                        .orElse(principal.endsWith(SERVICE_DOMAIN));
        if (!valid) {
            throw KmsErrors.invalidPrincipal(principal);
        }
        return principal;
    }
}
