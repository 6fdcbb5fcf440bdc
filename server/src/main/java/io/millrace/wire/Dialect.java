package io.millrace.wire;

import io.millrace.api.ErrorModel;
import io.millrace.api.OperationModel;
import io.millrace.api.Shape;
import io.millrace.http.Response;

import org.jspecify.annotations.Nullable;

/// How one request speaks, and so wants to be answered.
sealed interface Dialect permits JsonDialect, QueryDialect, RestDialect {

    /// The operation's input.
    ///
    /// @throws io.millrace.api.SerializationFailure when the request is not what the model says
    <I extends Shape> I read(OperationModel<I, ?> operation);

    /// Reads the body for its syntax only, when there is one.
    ///
    /// @throws io.millrace.api.SerializationFailure when it is not of the protocol's language
    default void checkSyntax() {}

    Response answer(OperationModel<?, ?> operation, Shape output, String requestId);

    /// An error.
    ///
    /// @param message empty for none
    Response refuse(ErrorModel error, String message, @Nullable Shape details, String requestId);
}
