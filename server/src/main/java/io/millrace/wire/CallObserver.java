package io.millrace.wire;

import io.millrace.api.ErrorModel;
import io.millrace.api.ServiceModel;
import io.millrace.api.Shape;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;

/// Is told of calls of operations, each before its answer leaves. Thread-safe.
public interface CallObserver {

    /// What services call it when somebody may not do something.
    Set<String> DENIALS =
            Set.of(
                    "AccessDenied",
                    "AccessDeniedException",
                    "AuthorizationError",
                    "AuthorizationErrorException",
                    "KMS.AccessDeniedException");

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
            @Nullable String errorMessage) {

        /// Whether it was refused for want of a permission.
        public boolean isDenied() {
            return error != null && DENIALS.contains(error.code());
        }
    }

    /// Whether calls of an operation are to be told.
    ///
    /// @param service its id, as `sqs`
    boolean observes(String service, String operation);

    /// Is told of one. A failure is logged, and changes nothing for the caller.
    void answered(Call call);

    /// Whether requests that were refused for want of a signature or a permission are to be told,
    /// also of operations that are not.
    default boolean observesDenials() {
        return false;
    }

    /// Is told of such a request. Its caller is anonymous when the signature was refused; the
    /// access key is then only what it claims.
    default void denied(Call call) {}

    /// All of them, one after the other.
    static CallObserver all(List<CallObserver> observers) {
        return new CallObserver() {
            @Override
            public boolean observes(String service, String operation) {
                for (CallObserver each : observers) {
                    if (each.observes(service, operation)) {
                        return true;
                    }
                }
                return false;
            }

            @Override
            public void answered(Call call) {
                for (CallObserver each : observers) {
                    if (each.observes(call.service().id(), call.operation())) {
                        each.answered(call);
                    } else if (each.observesDenials() && call.isDenied()) {
                        each.denied(call);
                    }
                }
            }

            @Override
            public boolean observesDenials() {
                for (CallObserver each : observers) {
                    if (each.observesDenials()) {
                        return true;
                    }
                }
                return false;
            }

            @Override
            public void denied(Call call) {
                observers.stream()
                        .filter(CallObserver::observesDenials)
                        .forEach(each -> each.denied(call));
            }
        };
    }
}
