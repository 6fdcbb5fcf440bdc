package io.millrace.wire;

import io.millrace.api.Constraints;
import io.millrace.api.OperationModel;
import io.millrace.api.Shape;
import io.millrace.http.Request;
import io.millrace.log.Log;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Supplier;

/// Carries out operations, whoever calls: reads the input, checks it, asks whether the caller may,
/// runs the operation, and tells the observer. Thread-safe.
///
/// @param authorizer decides
/// @param observer is told before an answer leaves
record Calls(Authorizer authorizer, CallObserver observer) {
    private static final Log LOG = Log.of(Calls.class);

    /// What is known of a call when it ends.
    private static final class Seen {
        private @Nullable Shape input;
        private @Nullable Shape output;
    }

    /// Carries out an operation.
    ///
    /// @param input reads it
    /// @throws ServiceException when it is refused
    <I extends Shape, O extends Shape> O carryOut(
            Service service,
            OperationModel<I, O> model,
            Caller caller,
            Request request,
            Supplier<I> input) {
        boolean told =
                observer.observes(service.model().id(), model.name()) || observer.observesDenials();
        Seen seen = new Seen();
        if (!told) {
            return answer(service, model, caller, request, input, seen);
        }
        ServiceException refusal = null;
        try {
            return answer(service, model, caller, request, input, seen);
        } catch (ServiceException e) {
            refusal = e;
            throw e;
        } finally {
            if (refusal != null || seen.output != null) {
                tell(service, model, caller, request, seen, refusal);
            }
        }
    }

    /// Tells of a request that was refused before anybody knew who signed it.
    void refused(
            Service service,
            OperationModel<?, ?> operation,
            Caller nobody,
            Request request,
            ServiceException refusal) {
        if (observer.observesDenials()) {
            tell(service, operation, nobody, request, new Seen(), refusal);
        }
    }

    private <I extends Shape, O extends Shape> O answer(
            Service service,
            OperationModel<I, O> model,
            Caller caller,
            Request request,
            Supplier<I> reader,
            Seen seen) {
        Operation<I, O> operation = service.operation(model);
        if (operation == null) {
            throw CommonErrors.notImplemented("the operation " + model + " yet");
        }
        I input = reader.get();
        seen.input = input;
        check(service, input);
        Caller allowed =
                authorizer.check(new Authorizer.Call(service, model, caller, input, request));
        O output = operation.handle(allowed, input);
        seen.output = output;
        return output;
    }

    /// @throws ServiceException when the input violates its model's constraints
    static void check(Service service, Shape input) {
        List<String> violations = Constraints.check(input);
        if (!violations.isEmpty()) {
            throw service.constraintError(input, violations);
        }
    }

    private void tell(
            Service service,
            OperationModel<?, ?> operation,
            Caller caller,
            Request request,
            Seen seen,
            @Nullable ServiceException refusal) {
        boolean observed = observer.observes(service.model().id(), operation.name());
        try {
            CallObserver.Call call =
                    new CallObserver.Call(
                            service.model(),
                            operation.name(),
                            caller,
                            Authorization.claimedKey(request),
                            request.header("user-agent"),
                            seen.input,
                            seen.output,
                            refusal == null ? null : refusal.error(),
                            refusal == null ? null : refusal.message());
            if (caller.identity() == null && !service.allowsAnonymous(operation)) {
                observer.denied(call);
            } else if (observed) {
                observer.answered(call);
            } else if (call.isDenied()) {
                observer.denied(call);
            }
        } catch (RuntimeException e) { // what was done is done
            LOG.error("A call could not be observed", e, "requestId", caller.requestId());
        }
    }
}
