package io.millrace.wire;

import io.millrace.api.OperationModel;
import io.millrace.api.Shape;
import io.millrace.http.Request;

/// Decides whether who signed a request may have what it asks for, after the request was read and
/// before anything is done. Thread-safe.
public interface Authorizer {

    /// Lets everyone do everything, as in development mode.
    Authorizer NONE =
            new Authorizer() {
                @Override
                public Caller check(Call call) {
                    return call.caller();
                }

                @Override
                public Caller check(PageCall call) {
                    return call.caller();
                }
            };

    /// A call that is about to be carried out.
    record Call(
            Service service,
            OperationModel<?, ?> operation,
            Caller caller,
            Shape input,
            Request request) {}

    /// A request to a page beside the operations.
    record PageCall(Service service, Caller caller, Request request) {}

    /// Checks a call. Of one that nobody signed, where an operation allows that, it only tells what
    /// is known: the operation decides.
    ///
    /// @return the caller, of whose request more is known now
    /// @throws ServiceException when it is denied
    Caller check(Call call);

    /// Checks a request to a page.
    ///
    /// @return the caller, of whose request more is known now
    /// @throws ServiceException when it is denied
    Caller check(PageCall call);
}
