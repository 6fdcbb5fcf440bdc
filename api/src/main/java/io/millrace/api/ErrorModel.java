package io.millrace.api;

import org.jspecify.annotations.Nullable;

/// An error that an API can answer. Of errors that the model lacks (`ValidationException`) make one
/// by hand.
///
/// @param shape the exception's shape in the model
/// @param code the code on the wire: in JSON the name in `__type`, in XML `<Code>`
/// @param httpStatus the status of the answer
/// @param senderFault whether the caller is to blame, rather than the service
/// @param queryCode the older code of a service that moved from query to JSON
///   (`AWS.SimpleQueueService.NonExistentQueue`), which still stands in its XML and in the header
///   `x-amzn-query-error`
/// @param queryHttpStatus the status of the answer in the query protocol
public record ErrorModel(
        String shape,
        String code,
        int httpStatus,
        boolean senderFault,
        @Nullable String queryCode,
        int queryHttpStatus) {

    /// An error whose code is its shape's name, the same in all protocols.
    public static ErrorModel of(String shape, int httpStatus) {
        return new ErrorModel(shape, shape, httpStatus, httpStatus < 500, null, httpStatus);
    }

    /// The code in the query protocol.
    public String queryCodeOrCode() {
        return queryCode == null ? code : queryCode;
    }
}
