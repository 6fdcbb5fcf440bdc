package io.millrace.api;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.IntFunction;

/// One operation of a service, typed by what goes in and what comes out. Immutable. The shapes'
/// classes are loaded at first use, so that a server starts without those that nobody calls.
public final class OperationModel<I extends Shape, O extends Shape> {
    private final String service;
    private final String name;
    private final @Nullable String resultWrapper;
    private final @Nullable HttpBinding http;
    private final List<ErrorModel> errors;
    private final IntFunction<Schema<?>> schemas;
    private final int index;

    /// Describes an operation.
    ///
    /// @param http in REST protocols
    /// @param schemas the input's schema at `index`, the output's at `index + 1`
    public OperationModel(
            String service,
            String name,
            @Nullable String resultWrapper,
            @Nullable HttpBinding http,
            IntFunction<Schema<?>> schemas,
            int index,
            ErrorModel... errors) {
        this.service = service;
        this.name = name;
        this.resultWrapper = resultWrapper;
        this.http = http;
        this.schemas = schemas;
        this.index = index;
        this.errors = List.of(errors);
    }

    /// The service's id, as in [ServiceModel#id].
    public String service() {
        return service;
    }

    public String name() {
        return name;
    }

    /// The XML element around the result, or null when the answer has none.
    public @Nullable String resultWrapper() {
        return resultWrapper;
    }

    /// The request line in a REST protocol, or null.
    public @Nullable HttpBinding http() {
        return http;
    }

    /// The errors that the model lists; a service can answer others.
    public List<ErrorModel> errors() {
        return errors;
    }

    @SuppressWarnings("unchecked") // generated together with the type arguments
    public Schema<I> input() {
        return (Schema<I>) schemas.apply(index);
    }

    @SuppressWarnings("unchecked") // generated together with the type arguments
    public Schema<O> output() {
        return (Schema<O>) schemas.apply(index + 1);
    }

    @Override
    public String toString() {
        return service + ":" + name;
    }
}
