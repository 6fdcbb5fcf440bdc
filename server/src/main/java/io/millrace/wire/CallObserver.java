package io.millrace.wire;

import io.millrace.api.ErrorModel;
import io.millrace.api.ServiceModel;
import io.millrace.api.Shape;

import org.jspecify.annotations.Nullable;

/// Is told of calls of operations, each before its answer leaves. Thread-safe.
public interface CallObserver {

    /// Sees nothing.
    CallObserver NONE =
            new CallObserver() {
                @Override
                public boolean observes(String service, String operation) {
                    return false;
                }

                @Override
                public void answered(Call call) {
                    throw new IllegalStateException("nothing is observed");
                }
            };

    /// A call that is about to be answered.
    ///
    /// @param accessKeyId who signed it; null when nobody did
    /// @param userAgent as the client calls itself
    /// @param input null when the request could not be read
    /// @param output null when the call was refused
    /// @param error null when it was not
    record Call(
            ServiceModel service,
            String operation,
            Caller caller,
            @Nullable String accessKeyId,
            @Nullable String userAgent,
            @Nullable Shape input,
            @Nullable Shape output,
            @Nullable ErrorModel error,
            @Nullable String errorMessage) {}

    /// Whether calls of an operation are to be told.
    ///
    /// @param service its id, as `sqs`
    boolean observes(String service, String operation);

    /// Is told of one. A failure is logged, and changes nothing for the caller.
    void answered(Call call);
}
