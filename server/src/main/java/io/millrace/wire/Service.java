package io.millrace.wire;

import io.millrace.api.OperationModel;
import io.millrace.api.ServiceModel;
import io.millrace.api.Shape;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// A service as the gateway sees it: its model, and the table of the operations that it handles.
/// What the model knows and the table lacks is answered with `NotImplemented`. Immutable.
public final class Service {

    private final ServiceModel model;
    private final int bodyBytesMax;
    private final Function<List<String>, ServiceException> constraintErrors;
    private final Map<String, Operation<?, ?>> operations;

    private Service(Builder builder) {
        this.model = builder.model;
        this.bodyBytesMax = builder.bodyBytesMax;
        this.constraintErrors = builder.constraintErrors;
        this.operations = Map.copyOf(builder.operations);
    }

    /// @param bodyBytesMax the limit of a request's body, after decompression
    /// @param constraintErrors how the service words violated constraints of its model, each given
    ///   as `Value … at … failed to satisfy constraint: …`
    public static Builder of(
            ServiceModel model,
            int bodyBytesMax,
            Function<List<String>, ServiceException> constraintErrors) {
        return new Builder(model, bodyBytesMax, constraintErrors);
    }

    public ServiceModel model() {
        return model;
    }

    public int bodyBytesMax() {
        return bodyBytesMax;
    }

    public ServiceException constraintError(List<String> violations) {
        return constraintErrors.apply(violations);
    }

    @SuppressWarnings("unchecked") // the builder's signature pairs a model with its operation
    public <I extends Shape, O extends Shape> @Nullable Operation<I, O> operation(
            OperationModel<I, O> operation) {
        return (Operation<I, O>) operations.get(operation.name());
    }

    /// Collects the operation table.
    public static final class Builder {
        private final ServiceModel model;
        private final int bodyBytesMax;
        private final Function<List<String>, ServiceException> constraintErrors;
        private final Map<String, Operation<?, ?>> operations = new HashMap<>();

        private Builder(
                ServiceModel model,
                int bodyBytesMax,
                Function<List<String>, ServiceException> constraintErrors) {
            this.model = model;
            this.bodyBytesMax = bodyBytesMax;
            this.constraintErrors = constraintErrors;
        }

        public <I extends Shape, O extends Shape> Builder handle(
                OperationModel<I, O> operation, Operation<I, O> handler) {
            if (operations.put(operation.name(), handler) != null) {
                throw new IllegalStateException("two handlers for " + operation.name());
            }
            return this;
        }

        public Service build() {
            return new Service(this);
        }
    }
}
