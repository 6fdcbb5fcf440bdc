package io.millrace.wire;

import io.millrace.api.ErrorModel;
import io.millrace.api.InvalidMember;
import io.millrace.api.OperationModel;
import io.millrace.api.Protocol;
import io.millrace.api.ServiceModel;
import io.millrace.api.Shape;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// A service as the gateway sees it: its model, the table of the operations that it handles, and
/// where its answers differ from other services'. What the model knows and the table lacks is
/// answered with `NotImplemented`. Immutable.
public final class Service {
    private static final String CORAL = "com.amazon.coral.";

    private final ServiceModel model;
    private final int bodyBytesMax;
    private final BiFunction<Shape, List<String>, ServiceException> constraintErrors;
    private final Map<String, Operation<?, ?>> operations;
    private final Set<String> anonymous;
    private final List<ServicePage> pages;
    private final Set<String> modelledErrors;
    private final @Nullable String errorNamespace;
    private final String messageName;
    private final ErrorModel internalError;
    private final ErrorModel throttlingError;
    private final @Nullable String pathParameter;
    private final Set<String> notForResources;
    private final UnaryOperator<String> queryMessages;
    private final boolean checksummed;
    private final Function<InvalidMember, ServiceException> invalidMembers;
    private final Resources resources;

    private Service(Builder builder) {
        this.model = builder.model;
        this.bodyBytesMax = builder.bodyBytesMax;
        this.constraintErrors = builder.constraintErrors;
        this.operations = Map.copyOf(builder.operations);
        this.anonymous = Set.copyOf(builder.anonymous);
        this.pages = List.copyOf(builder.pages);
        this.modelledErrors = modelledErrors(model);
        this.errorNamespace = builder.errorNamespace;
        this.messageName = builder.messageName;
        this.internalError = builder.internalError;
        this.throttlingError = builder.throttlingError;
        this.pathParameter = builder.pathParameter;
        this.notForResources = Set.copyOf(builder.notForResources);
        this.queryMessages = builder.queryMessages;
        this.checksummed = builder.checksummed;
        this.invalidMembers = builder.invalidMembers;
        this.resources = builder.resources;
    }

    private static Set<String> modelledErrors(ServiceModel model) {
        Set<String> shapes = new HashSet<>();
        for (OperationModel<?, ?> operation : model.operations()) {
            for (ErrorModel error : operation.errors()) {
                shapes.add(error.shape());
            }
        }
        return Set.copyOf(shapes);
    }

    /// Begins a service.
    ///
    /// @param bodyBytesMax the limit of a request's body, after decompression
    /// @param constraintErrors how the service words violated constraints of its model, each given
    ///   as `Value … at … failed to satisfy constraint: …`
    public static Builder of(
            ServiceModel model,
            int bodyBytesMax,
            Function<List<String>, ServiceException> constraintErrors) {
        return of(model, bodyBytesMax, (_, violations) -> constraintErrors.apply(violations));
    }

    /// Begins a service whose words for violated constraints depend on the request.
    public static Builder of(
            ServiceModel model,
            int bodyBytesMax,
            BiFunction<Shape, List<String>, ServiceException> constraintErrors) {
        return new Builder(model, bodyBytesMax, constraintErrors);
    }

    public ServiceModel model() {
        return model;
    }

    public int bodyBytesMax() {
        return bodyBytesMax;
    }

    /// The answer to a request that violates constraints of the model.
    public ServiceException constraintError(Shape input, List<String> violations) {
        return constraintErrors.apply(input, violations);
    }

    @SuppressWarnings("unchecked") // the builder's signature pairs a model with its operation
    public <I extends Shape, O extends Shape> @Nullable Operation<I, O> operation(
            OperationModel<I, O> operation) {
        return (Operation<I, O>) operations.get(operation.name());
    }

    /// What it answers beside its operations.
    public List<ServicePage> pages() {
        return pages;
    }

    /// Whether the operation may come without a signature.
    boolean allowsAnonymous(OperationModel<?, ?> operation) {
        return anonymous.contains(operation.name());
    }

    /// What stands in `__type`.
    String errorType(ErrorModel error) {
        if (errorNamespace == null) {
            return error.code();
        }
        if (error.code().equals("ThrottlingException")) { // modelled, but the framework's own
            return CORAL + "availability#" + error.code();
        }
        if (modelledErrors.contains(error.shape())) {
            return errorNamespace + "#" + error.code();
        }
        String from = error.code().equals("ValidationException") ? "validate#" : "service#";
        return CORAL + from + error.code();
    }

    String messageName() {
        return messageName;
    }

    ErrorModel internalError() {
        return internalError;
    }

    ErrorModel throttlingError() {
        return throttlingError;
    }

    /// The query parameter that a request's path stands for, or null.
    @Nullable String pathParameter() {
        return pathParameter;
    }

    /// Whether an action is unknown at the URL of a resource: see [Builder#pathParameter].
    boolean isNotForResources(String action) {
        return notForResources.contains(action);
    }

    /// The message of an error as the query protocol words it.
    String queryMessage(String message) {
        return queryMessages.apply(message);
    }

    /// Whether the service is reached as DynamoDB is: see [Builder#checksummed].
    boolean checksummed() {
        return checksummed;
    }

    /// What is answered to a value that is none, when the rest of the request is as it should be.
    ServiceException invalidMember(InvalidMember refusal) {
        return invalidMembers.apply(refusal);
    }

    /// What it tells of its resources before an operation runs.
    public Resources resources() {
        return resources;
    }

    /// Collects the operation table.
    public static final class Builder {
        private final ServiceModel model;
        private final int bodyBytesMax;
        private final BiFunction<Shape, List<String>, ServiceException> constraintErrors;
        private final Map<String, Operation<?, ?>> operations = new HashMap<>();
        private final Set<String> anonymous = new HashSet<>();
        private final List<ServicePage> pages = new ArrayList<>();
        private @Nullable String errorNamespace;
        private String messageName = "message";
        private ErrorModel internalError = ErrorModel.of("InternalFailure", 500);
        private ErrorModel throttlingError;
        private @Nullable String pathParameter;
        private final Set<String> notForResources = new HashSet<>();
        private UnaryOperator<String> queryMessages = UnaryOperator.identity();
        private boolean checksummed;
        private Function<InvalidMember, ServiceException> invalidMembers =
                refusal -> new ServiceException(CommonErrors.VALIDATION, refusal.message());
        private Resources resources = Resources.NONE;

        private Builder(
                ServiceModel model,
                int bodyBytesMax,
                BiFunction<Shape, List<String>, ServiceException> constraintErrors) {
            this.model = model;
            this.bodyBytesMax = bodyBytesMax;
            this.constraintErrors = constraintErrors;
            this.throttlingError =
                    model.protocols().contains(Protocol.REST_JSON)
                            ? CommonErrors.REST_THROTTLING
                            : CommonErrors.THROTTLING;
        }

        public <I extends Shape, O extends Shape> Builder handle(
                OperationModel<I, O> operation, Operation<I, O> handler) {
            if (operations.put(operation.name(), handler) != null) {
                throw new IllegalStateException("two handlers for " + operation.name());
            }
            return this;
        }

        /// Lets operations come without a signature, as links in messages do; the caller is then
        /// [Caller#isAnonymous].
        public Builder allowAnonymous(OperationModel<?, ?>... models) {
            for (OperationModel<?, ?> operation : models) {
                anonymous.add(operation.name());
            }
            return this;
        }

        /// Adds something that is answered beside the operations.
        public Builder page(ServicePage page) {
            pages.add(page);
            return this;
        }

        /// What stands before `#` in `__type` of the errors that the model lists
        /// (`com.amazonaws.sqs`); those that it does not list then get `com.amazon.coral.service#`,
        /// and `ValidationException` `com.amazon.coral.validate#`. Without this call, `__type` is
        /// the bare code.
        public Builder errorNamespace(String namespace) {
            this.errorNamespace = namespace;
            return this;
        }

        /// The JSON name of an error's message: `message` unless this says otherwise.
        public Builder messageName(String name) {
            this.messageName = name;
            return this;
        }

        /// What our own failures are called: `InternalFailure` unless this says otherwise.
        public Builder internalError(ErrorModel error) {
            this.internalError = error;
            return this;
        }

        /// What is answered when there is more to do than can be done: `ThrottlingException`, and
        /// in the query protocol `Throttling`, unless this says otherwise. SDKs must take it for
        /// one to try again.
        public Builder throttlingError(ErrorModel error) {
            this.throttlingError = error;
            return this;
        }

        /// Lets a query request name its resource by the URL that it is sent to, as in `POST
        /// /000000000000/my-queue` for the parameter `QueueUrl`.
        ///
        /// @param notForResources operations that are unknown at such a URL
        public Builder pathParameter(String parameter, OperationModel<?, ?>... notForResources) {
            this.pathParameter = parameter;
            for (OperationModel<?, ?> operation : notForResources) {
                this.notForResources.add(operation.name());
            }
            return this;
        }

        /// How the query protocol words what JSON words otherwise.
        public Builder queryMessages(UnaryOperator<String> words) {
            this.queryMessages = words;
            return this;
        }

        /// Answers as DynamoDB's endpoints do: each answer has a checksum, `x-amz-crc32`, and is
        /// compressed for clients that ask for it; the content type is the request's; request ids
        /// have 52 characters; and see [FrontDoor].
        public Builder checksummed() {
            this.checksummed = true;
            return this;
        }

        /// Words the refusal of values that are none: the message alone unless this says otherwise.
        public Builder invalidMembers(Function<InvalidMember, ServiceException> wording) {
            this.invalidMembers = wording;
            return this;
        }

        /// Tells of resources and their policies: there are none unless this says otherwise.
        public Builder resources(Resources told) {
            this.resources = told;
            return this;
        }

        public Service build() {
            return new Service(this);
        }
    }
}
