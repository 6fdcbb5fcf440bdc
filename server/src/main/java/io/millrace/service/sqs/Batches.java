package io.millrace.service.sqs;

import io.millrace.api.sqs.BatchResultErrorEntry;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What all batch requests have in common.
final class Batches {

    private Batches() {}

    /// Checks the entries' ids; `shape` is the name of an entry in the model.
    static void check(String shape, List<String> ids) {
        if (ids.isEmpty()) {
            throw SqsErrors.emptyBatch(shape);
        }
        if (ids.size() > SqsLimits.BATCH_ENTRIES_MAX) {
            throw SqsErrors.tooManyEntries(ids.size());
        }
        Set<String> seen = new HashSet<>();
        for (String id : ids) {
            if (!isLegal(id)) {
                throw SqsErrors.invalidEntryId();
            }
            if (!seen.add(id)) {
                throw SqsErrors.repeatedEntryId(id);
            }
        }
    }

    /// What an answer tells of entries: nothing when there are none, so that SDKs that ask whether
    /// a batch has failed entries hear that it has not.
    static <T> @Nullable List<T> told(List<T> entries) {
        return entries.isEmpty() ? null : entries;
    }

    static BatchResultErrorEntry failed(String id, ServiceException e) {
        return BatchResultErrorEntry.builder()
                .id(id)
                .senderFault(e.error().senderFault())
                .code(e.error().queryCodeOrCode())
                .message(e.message())
                .build();
    }

    private static boolean isLegal(String id) {
        return !id.isEmpty()
                && id.length() <= SqsLimits.BATCH_ENTRY_ID_LENGTH_MAX
                && Alphanumeric.matches(id, "-_");
    }
}
