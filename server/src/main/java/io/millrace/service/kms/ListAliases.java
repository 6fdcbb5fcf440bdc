package io.millrace.service.kms;

import io.millrace.api.kms.AliasListEntry;
import io.millrace.api.kms.ListAliasesRequest;
import io.millrace.api.kms.ListAliasesResponse;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.Instant;
import java.util.Optional;

/// `ListAliases`: those of the account in the region, or of one key, in the order of their names.
/// Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_ListAliases.html).
final class ListAliases implements Operation<ListAliasesRequest, ListAliasesResponse> {
    private final Store store;
    private final Keys keys;

    ListAliases(Store store, Keys keys) {
        this.store = store;
        this.keys = keys;
    }

    @Override
    public ListAliasesResponse handle(Caller caller, ListAliasesRequest request) {
        MarkerPage<AliasListEntry> page =
                new MarkerPage<>(request.limit(), KmsLimits.SMALL_PAGE_SIZE, request.marker());
        store.read(snapshot -> fill(snapshot, page, caller, request));
        return ListAliasesResponse.builder()
                .aliases(page.items())
                .nextMarker(page.nextMarker())
                .truncated(page.truncated())
                .build();
    }

    private MarkerPage<AliasListEntry> fill(
            Snapshot snapshot,
            MarkerPage<AliasListEntry> page,
            Caller caller,
            ListAliasesRequest request) {
        if (request.keyId() == null) {
            return page.read(
                    snapshot,
                    KmsKeys.aliases(caller.accountId(), caller.region()),
                    cursor -> Optional.of(shape(keys.decodeAlias(cursor.value()))));
        }
        KeyName key =
                keys.requireOwn(snapshot, caller, request.keyId(), KeyAction.of("ListAliases"))
                        .name();
        return page.read(
                snapshot,
                KmsKeys.aliasesOf(key),
                cursor ->
                        keys.findAlias(
                                        snapshot,
                                        key.accountId(),
                                        key.region(),
                                        KmsKeys.readAliasOf(cursor.key()))
                                .map(ListAliases::shape));
    }

    private static AliasListEntry shape(StoredAlias alias) {
        return AliasListEntry.builder()
                .aliasName(alias.name())
                .aliasArn(alias.arn())
                .targetKeyId(alias.keyId())
                .creationDate(Instant.ofEpochMilli(alias.createdMillis()))
                .lastUpdatedDate(Instant.ofEpochMilli(alias.updatedMillis()))
                .build();
    }
}
