package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.ListImportsInput;
import io.millrace.api.dynamodb.ListImportsOutput;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.util.List;

/// `ListImports`: the caller's imports by table and time, in pages of at most 25.
///
/// Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListImports.html).
final class ListImports implements Operation<ListImportsInput, ListImportsOutput> {
    private final Store store;

    ListImports(Store store) {
        this.store = store;
    }

    @Override
    public ListImportsOutput handle(Caller caller, ListImportsInput request) {
        TransferPages.Asked asked =
                TransferPages.asked(
                        TransferName.Kind.IMPORT,
                        caller,
                        request.tableArn(),
                        request.pageSize(),
                        request.nextToken());
        List<Import> imports = store.read(tx -> Imports.list(tx, asked));
        List<Import> page = imports.subList(0, Math.min(asked.count(), imports.size()));
        return new ListImportsOutput(
                page.stream().map(Imports::summary).toList(),
                imports.size() > page.size() ? TransferPages.token(page.getLast().name()) : null);
    }
}
