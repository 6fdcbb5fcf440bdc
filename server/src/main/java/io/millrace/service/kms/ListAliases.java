package io.millrace.service.kms;

import io.millrace.api.kms.AliasListEntry;
import io.millrace.api.kms.ListAliasesRequest;
import io.millrace.api.kms.ListAliasesResponse;
import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

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
            return fill(snapshot, page, caller.accountId(), caller.region());
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

    /// Those of services are listed before their keys are there, and then have no target.
    private MarkerPage<AliasListEntry> fill(
            Snapshot snapshot, MarkerPage<AliasListEntry> page, String accountId, String region) {
        Deque<String> managed = new ArrayDeque<>(ManagedKeys.aliases());
        byte[] all = KmsKeys.aliases(accountId, region);
        String after = page.afterName();
        byte[] from = after == null ? all : Bytes.after(KmsKeys.alias(accountId, region, after));
        try (Cursor cursor =
                snapshot.range(from, Bytes.prefixEnd(all), Snapshot.Direction.FORWARD)) {
            while (!page.truncated() && cursor.next()) {
                StoredAlias alias = keys.decodeAlias(cursor.value());
                while (!managed.isEmpty() && managed.getFirst().compareTo(alias.name()) < 0) {
                    offer(page, accountId, region, managed.removeFirst());
                }
                managed.remove(alias.name());
                page.offer(alias.name(), () -> shape(alias));
            }
        }
        managed.forEach(name -> offer(page, accountId, region, name));
        return page;
    }

    private static void offer(
            MarkerPage<AliasListEntry> page, String accountId, String region, String name) {
        page.offer(
                name,
                () ->
                        AliasListEntry.builder()
                                .aliasName(name)
                                .aliasArn(StoredAlias.arn(accountId, region, name))
                                .build());
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
