package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.DescribeExportInput;
import io.millrace.api.dynamodb.DescribeExportOutput;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `DescribeExport`: how far an export is.
///
/// Errors: `ExportNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeExport.html).
final class DescribeExport implements Operation<DescribeExportInput, DescribeExportOutput> {
    private final Store store;

    DescribeExport(Store store) {
        this.store = store;
    }

    @Override
    public DescribeExportOutput handle(Caller caller, DescribeExportInput request) {
        TransferName name = TransferName.of(TransferName.Kind.EXPORT, caller, request.exportArn());
        return store.read(tx -> {
            Export export = Exports.find(tx, name);
            if (export == null) {
                throw DynamoDbErrors.exportNotFound(name.arn());
            }
            return new DescribeExportOutput(Exports.description(export));
        });
    }
}
