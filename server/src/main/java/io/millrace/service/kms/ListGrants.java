package io.millrace.service.kms;

import io.millrace.api.kms.GrantConstraints;
import io.millrace.api.kms.GrantListEntry;
import io.millrace.api.kms.ListGrantsRequest;
import io.millrace.api.kms.ListGrantsResponse;
import io.millrace.api.kms.ListRetirableGrantsRequest;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Optional;

/// `ListGrants`, of a key, and `ListRetirableGrants`, of a principal. Errors: `NotFoundException`,
/// `InvalidMarkerException`. Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_ListGrants.html).
final class ListGrants {
    private final Store store;
    private final Keys keys;
    private final Grants grants;

    ListGrants(Store store, Keys keys, Grants grants) {
        this.store = store;
        this.keys = keys;
        this.grants = grants;
    }

    ListGrantsResponse ofKey(Caller caller, ListGrantsRequest request) {
        MarkerPage<GrantListEntry> page =
                new MarkerPage<>(request.limit(), KmsLimits.SMALL_PAGE_SIZE, request.marker());
        return store.read(snapshot -> {
            KeyName key =
                    keys.requireAny(snapshot, caller, request.keyId(), KeyAction.of("ListGrants"))
                            .name();
            String grantId = request.grantId();
            if (grantId != null) {
                StoredGrant only =
                        grants.find(snapshot, key, grantId)
                                .orElseThrow(() -> KmsErrors.grantNotFound(grantId));
                page.offer(only.grantId(), () -> shape(only));
                return response(page);
            }
            return response(
                    page.read(
                            snapshot,
                            KmsKeys.grants(key),
                            cursor ->
                                    Optional.of(grants.decode(cursor.value()))
                                            .filter(grant -> isWanted(grant, request))
                                            .map(ListGrants::shape)));
        });
    }

    private static boolean isWanted(StoredGrant grant, ListGrantsRequest request) {
        return isOrAny(request.granteePrincipal(), grant.grantee())
                && isOrAny(request.granteeServicePrincipal(), grant.grantee());
    }

    private static boolean isOrAny(@Nullable String wanted, String grantee) {
        return wanted == null || wanted.equals(grantee);
    }

    ListGrantsResponse retirable(Caller caller, ListRetirableGrantsRequest request) {
        String principal = request.retiringPrincipal();
        String service = request.retiringServicePrincipal();
        if ((principal == null) == (service == null)) {
            throw KmsErrors.validation("A retiring principal must be specified.");
        }
        String retiring = principal == null ? String.valueOf(service) : principal;
        boolean own =
                Arn.parse(retiring)
                        .map(arn -> arn.accountId().equals(caller.accountId()))
                        .orElse(true);
        if (!own) {
            throw KmsErrors.deniedAcrossAccounts(caller, "kms:ListRetirableGrants", "*");
        }
        MarkerPage<GrantListEntry> page =
                new MarkerPage<>(request.limit(), KmsLimits.SMALL_PAGE_SIZE, request.marker());
        return store.read(snapshot ->
                response(
                        page.read(
                                snapshot,
                                KmsKeys.retirables(caller.region(), retiring),
                                cursor -> read(snapshot, cursor.key()))));
    }

    private Optional<GrantListEntry> read(Snapshot snapshot, byte[] retirable) {
        return Optional.ofNullable(snapshot.get(KmsKeys.readRetirable(retirable)))
                .map(grants::decode)
                .map(ListGrants::shape);
    }

    private static ListGrantsResponse response(MarkerPage<GrantListEntry> page) {
        return ListGrantsResponse.builder()
                .grants(page.items())
                .nextMarker(page.nextMarker())
                .truncated(page.truncated())
                .build();
    }

    private static GrantListEntry shape(StoredGrant grant) {
        StoredGrant.Limits limits = grant.limits();
        return GrantListEntry.builder()
                .keyId(grant.key().arn())
                .grantId(grant.grantId())
                .name(grant.name())
                .creationDate(Instant.ofEpochMilli(grant.createdMillis()))
                .granteePrincipal(grant.granteeIsService() ? null : grant.grantee())
                .granteeServicePrincipal(grant.granteeIsService() ? grant.grantee() : null)
                .retiringPrincipal(grant.retiringIsService() ? null : grant.retiring())
                .retiringServicePrincipal(grant.retiringIsService() ? grant.retiring() : null)
                .issuingAccount(grant.issuer())
                .operations(grant.operations())
                .constraints(
                        limits == null
                                ? null
                                : GrantConstraints.builder()
                                        .encryptionContextEquals(limits.exact())
                                        .encryptionContextSubset(limits.subset())
                                        .sourceArn(limits.sourceArn())
                                        .build())
                .build();
    }
}
