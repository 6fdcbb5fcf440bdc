package io.millrace.service.events;

import io.millrace.api.events.DeleteArchiveRequest;
import io.millrace.api.events.DeleteArchiveResponse;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `DeleteArchive`: with all that is in it; a replay that is under way fails. Error:
/// `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteArchive.html).
final class DeleteArchive implements Operation<DeleteArchiveRequest, DeleteArchiveResponse> {
    private final Store store;
    private final Archives archives;

    DeleteArchive(Store store, Archives archives) {
        this.store = store;
        this.archives = archives;
    }

    @Override
    public DeleteArchiveResponse handle(Caller caller, DeleteArchiveRequest request) {
        ArchiveName name = ArchiveName.of(caller, request.archiveName());
        return store.write(tx -> delete(tx, name));
    }

    private DeleteArchiveResponse delete(Transaction tx, ArchiveName name) {
        archives.delete(tx, name, archives.require(tx, name));
        return DeleteArchiveResponse.builder().build();
    }
}
