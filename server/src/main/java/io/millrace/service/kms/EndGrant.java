package io.millrace.service.kms;

import io.millrace.api.Unit;
import io.millrace.api.kms.RetireGrantRequest;
import io.millrace.api.kms.RevokeGrantRequest;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.policy.Decision;
import io.millrace.wire.Caller;

import java.util.Optional;

/// `RevokeGrant`, by whom the key's policy lets, and `RetireGrant`, by its retiring principal, by
/// its grantee if the grant says so, or by the account that made it. Durable when they return.
/// Errors: `NotFoundException`, `InvalidGrantTokenException`, `AccessDeniedException`. Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_RetireGrant.html).
final class EndGrant {
    private final Store store;
    private final Keys keys;
    private final Grants grants;

    EndGrant(Store store, Keys keys, Grants grants) {
        this.store = store;
        this.keys = keys;
        this.grants = grants;
    }

    Unit revoke(Caller caller, RevokeGrantRequest request) {
        KeyAction action = KeyAction.of("RevokeGrant");
        return store.write(tx -> {
            StoredKey key = keys.requireAny(tx, caller, request.keyId(), action).requireAlive();
            StoredGrant grant = require(tx, key.name(), request.grantId());
            DryRun.end(request.dryRun());
            grants.delete(tx, grant);
            return Unit.UNIT;
        });
    }

    Unit retire(Caller caller, RetireGrantRequest request) {
        return store.write(tx -> {
            StoredGrant grant = find(tx, caller, request);
            keys.require(tx, grant.key()).requireAlive();
            if (!mayRetire(caller, grant)) {
                throw KmsErrors.denied(
                        caller, "kms:RetireGrant", grant.key().arn(), Decision.IMPLICIT_DENY);
            }
            DryRun.end(request.dryRun());
            grants.delete(tx, grant);
            return Unit.UNIT;
        });
    }

    private StoredGrant find(Snapshot snapshot, Caller caller, RetireGrantRequest request) {
        String token = request.grantToken();
        if (token != null) {
            if (request.keyId() != null || request.grantId() != null) {
                throw KmsErrors.validation(
                        "You must specify either a grant token, or a key ID and a grant ID.");
            }
            Grants.Token told = Grants.parse(token);
            return Optional.of(told.key())
                    .filter(key -> key.region().equals(caller.region()))
                    .flatMap(key -> grants.find(snapshot, key, told.grantId()))
                    .filter(grant -> grant.secret().equals(told.secret()))
                    .orElseThrow(KmsErrors::invalidGrantToken);
        }
        if (request.keyId() == null || request.grantId() == null) {
            throw KmsErrors.validation(
                    "You must specify either a grant token, or a key ID and a grant ID.");
        }
        Arn arn =
                Arn.parse(request.keyId())
                        .filter(each -> each.resource().startsWith(KeyName.PREFIX))
                        .orElseThrow(() -> KmsErrors.invalidArn("Invalid arn " + request.keyId()));
        String id = arn.resource().substring(KeyName.PREFIX.length());
        KeyName key = new KeyName(arn.accountId(), arn.region(), id);
        keys.require(snapshot, key);
        return require(snapshot, key, request.grantId());
    }

    private static boolean mayRetire(Caller caller, StoredGrant grant) {
        return caller.principalArn().equals(grant.issuer())
                || Grants.principals(caller).stream()
                        .anyMatch(principal ->
                                principal.equals(grant.retiring())
                                        || (principal.equals(grant.grantee())
                                                && grant.operations().contains("RetireGrant")));
    }

    private StoredGrant require(Snapshot snapshot, KeyName key, String grantId) {
        return grants.find(snapshot, key, grantId)
                .orElseThrow(() -> KmsErrors.grantNotFound(grantId));
    }
}
