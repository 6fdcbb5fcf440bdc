package io.millrace.service.kms;

import io.millrace.api.kms.KeyListEntry;
import io.millrace.api.kms.ListKeysRequest;
import io.millrace.api.kms.ListKeysResponse;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.util.Optional;

/// `ListKeys`: those of the account in the region, in the order of their ids. Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeys.html).
final class ListKeys implements Operation<ListKeysRequest, ListKeysResponse> {
    private final Store store;
    private final Keys keys;

    ListKeys(Store store, Keys keys) {
        this.store = store;
        this.keys = keys;
    }

    @Override
    public ListKeysResponse handle(Caller caller, ListKeysRequest request) {
        byte[] all = KmsKeys.keys(caller.accountId(), caller.region());
        MarkerPage<KeyListEntry> page =
                new MarkerPage<>(request.limit(), KmsLimits.PAGE_SIZE, request.marker());
        store.read(snapshot ->
                page.read(
                        snapshot,
                        all,
                        cursor -> {
                            StoredKey key = keys.decode(cursor.value());
                            return Optional.of(new KeyListEntry(key.keyId(), key.arn()));
                        }));
        return ListKeysResponse.builder()
                .keys(page.items())
                .nextMarker(page.nextMarker())
                .truncated(page.truncated())
                .build();
    }
}
