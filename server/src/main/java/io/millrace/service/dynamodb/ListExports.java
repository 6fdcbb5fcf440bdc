package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.ListExportsInput;
import io.millrace.api.dynamodb.ListExportsOutput;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.util.List;

/// `ListExports`: the caller's exports by table and time, in pages of at most 25.
///
/// Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListExports.html).
final class ListExports implements Operation<ListExportsInput, ListExportsOutput> {
    private final Store store;

    ListExports(Store store) {
        this.store = store;
    }

    @Override
    public ListExportsOutput handle(Caller caller, ListExportsInput request) {
        TransferPages.Asked asked =
                TransferPages.asked(
                        TransferName.Kind.EXPORT,
                        caller,
                        request.tableArn(),
                        request.maxResults(),
                        request.nextToken());
        List<Export> exports = store.read(tx -> Exports.list(tx, asked));
        List<Export> page = exports.subList(0, Math.min(asked.count(), exports.size()));
        return new ListExportsOutput(
                page.stream().map(Exports::summary).toList(),
                exports.size() > page.size() ? TransferPages.token(page.getLast().name()) : null);
    }
}
