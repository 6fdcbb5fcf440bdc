package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.DescribeImportInput;
import io.millrace.api.dynamodb.DescribeImportOutput;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `DescribeImport`: how far an import is.
///
/// Errors: `ImportNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeImport.html).
final class DescribeImport implements Operation<DescribeImportInput, DescribeImportOutput> {
    private final Store store;

    DescribeImport(Store store) {
        this.store = store;
    }

    @Override
    public DescribeImportOutput handle(Caller caller, DescribeImportInput request) {
        TransferName name = TransferName.of(TransferName.Kind.IMPORT, caller, request.importArn());
        return store.read(tx -> {
            Import imported = Imports.find(tx, name);
            if (imported == null) {
                throw DynamoDbErrors.importNotFound(name.arn());
            }
            return new DescribeImportOutput(Imports.description(imported));
        });
    }
}
