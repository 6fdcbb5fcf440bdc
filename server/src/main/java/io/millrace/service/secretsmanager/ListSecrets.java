package io.millrace.service.secretsmanager;

import io.millrace.api.secretsmanager.ListSecretsRequest;
import io.millrace.api.secretsmanager.ListSecretsResponse;
import io.millrace.api.secretsmanager.SecretListEntry;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.util.function.Predicate;

/// `ListSecrets`: filtered and sorted, by creation when nothing else is asked for. Errors:
/// `InvalidNextTokenException`, `InvalidParameterException`. Source: [API
/// reference](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html).
final class ListSecrets implements Operation<ListSecretsRequest, ListSecretsResponse> {
    private static final String DESCENDING = "desc";

    private final Store store;
    private final SecretPages pages;

    ListSecrets(Store store, SecretPages pages) {
        this.store = store;
        this.pages = pages;
    }

    @Override
    public ListSecretsResponse handle(Caller caller, ListSecretsRequest request) {
        boolean deletedToo = Boolean.TRUE.equals(request.includePlannedDeletion());
        Predicate<Secret> filter = new SecretFilters(request.filters());
        Integer limit = request.maxResults();
        SecretPages.Query query =
                new SecretPages.Query(
                        caller.accountId(),
                        caller.region(),
                        SecretOrder.of(request.sortBy()),
                        DESCENDING.equals(request.sortOrder()),
                        limit == null ? SecretsManagerLimits.PAGE_SIZE : limit,
                        request.nextToken(),
                        filter.and(secret -> deletedToo || !secret.isDeleted()));
        SecretPages.Listed listed = store.read(snapshot -> pages.page(snapshot, query));
        return ListSecretsResponse.builder()
                .secretList(listed.secrets().stream().map(ListSecrets::entry).toList())
                .nextToken(listed.nextToken())
                .build();
    }

    private static SecretListEntry entry(Secret secret) {
        StoredSecret shared = secret.shared();
        StoredRotation rotation = shared.rotation();
        return SecretListEntry.builder()
                .arn(secret.arn().toString())
                .name(secret.own().name())
                .type(shared.type())
                .description(shared.description())
                .kmsKeyId(secret.own().kmsKeyId())
                .rotationEnabled(rotation == null ? null : rotation.enabled())
                .rotationLambdaARN(rotation == null ? null : rotation.target())
                .rotationRules(rotation == null ? null : RotationRules.shape(rotation))
                .lastRotatedDate(rotation == null ? null : Secret.instant(rotation.rotatedMillis()))
                .nextRotationDate(rotation == null ? null : RotationRules.nextDate(rotation))
                .lastChangedDate(Secret.instant(shared.changedMillis()))
                .lastAccessedDate(Secret.day(secret.own().accessedDay()))
                .deletedDate(Secret.instant(shared.deletionMillis()))
                .tags(SecretTags.shapes(shared.tags()))
                .secretVersionsToStages(
                        secret.versions().isEmpty() ? null : Labels.byVersion(secret.versions()))
                .createdDate(Secret.instant(secret.own().createdMillis()))
                .primaryRegion(shared.primaryRegion())
                .build();
    }
}
