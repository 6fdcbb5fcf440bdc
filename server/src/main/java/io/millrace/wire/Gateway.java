package io.millrace.wire;

import io.millrace.api.ErrorModel;
import io.millrace.api.InvalidMember;
import io.millrace.api.OperationModel;
import io.millrace.api.SerializationFailure;
import io.millrace.api.Shape;
import io.millrace.api.codec.JsonShapeWriter;
import io.millrace.engine.StoreException;
import io.millrace.http.Body;
import io.millrace.http.BodyException;
import io.millrace.http.Client;
import io.millrace.http.Handler;
import io.millrace.http.Request;
import io.millrace.http.Response;
import io.millrace.log.Log;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// The straight line from a request to its answer: route, authenticate, decode, check, handle,
/// encode; and the only place where exceptions become answers. Thread-safe.
public final class Gateway implements Handler {
    private static final Log LOG = Log.of(Gateway.class);
    private static final int UNAVAILABLE = 503;

    /// What a gateway is made for.
    ///
    /// @param version of this server, as status pages tell it
    /// @param region of requests that name none
    /// @param identities who may ask
    /// @param ready whether the server can serve
    /// @param admitted how many requests are in work at a time
    public record Settings(
            String version,
            String region,
            Identities identities,
            BooleanSupplier ready,
            Admission.Limits admitted) {

        /// With the usual limits.
        public Settings(
                String version, String region, Identities identities, BooleanSupplier ready) {
            this(version, region, identities, ready, Admission.Limits.DEFAULT);
        }
    }

    private record ServedPage(Service service, ServicePage page) {}

    /// @param endpoint the base URL that the client used
    /// @param client who waits for the answer
    private record Call(String requestId, String endpoint, Client client) {}

    private final Router router;
    private final Authenticator authenticator;
    private final List<Page> pages;
    private final List<ServedPage> servicePages = new ArrayList<>();
    private final Ids ids;
    private final String region;
    private final CrossOrigin crossOrigin;
    private final Authorizer authorizer;
    private final Calls calls;
    private final Admission admission;

    /// @param ids of requests
    /// @param pages what is served beside the services
    public Gateway(
            Settings settings,
            InstantSource clock,
            Ids ids,
            List<Service> services,
            List<Page> pages) {
        this(settings, clock, ids, services, pages, CallObserver.NONE, Authorizer.NONE);
    }

    /// Makes a gateway whose calls are observed, and must be allowed.
    ///
    /// @param ids of requests
    /// @param pages what is served beside the services
    public Gateway(
            Settings settings,
            InstantSource clock,
            Ids ids,
            List<Service> services,
            List<Page> pages,
            CallObserver observer,
            Authorizer authorizer) {
        this.router = new Router(services);
        this.authenticator = new Authenticator(settings.identities(), clock);
        this.pages = new ArrayList<>(pages);
        this.pages.addAll(new StatusPages(settings, services).pages());
        for (Service service : services) {
            service.pages().forEach(page -> servicePages.add(new ServedPage(service, page)));
        }
        this.ids = ids;
        this.region = settings.region();
        this.authorizer = authorizer;
        this.calls = new Calls(authorizer, observer);
        this.admission = new Admission(settings.admitted());
        this.crossOrigin = new CrossOrigin(!settings.identities().believesEveryone());
    }

    @Override
    public Response handle(Request request) {
        String origin = crossOrigin.allowed(request);
        if (origin == null) {
            return answer(request);
        }
        Response response =
                request.method().equals("OPTIONS")
                        ? identified(CrossOrigin.preflight(request), ids.requestId())
                        : answer(request);
        return CrossOrigin.readable(response, origin);
    }

    private Response answer(Request request) {
        String requestId = ids.uuid();
        Dialect dialect = new JsonDialect(null, request, Body.EMPTY.content());
        try {
            Page page = page(request);
            if (page != null) {
                return identified(page.handler().handle(request), requestId);
            }
            ServedPage served = served(request);
            if (served != null) {
                return identified(page(served, request, requestId), requestId);
            }
            dialect = router.guess(request);
            boolean checksummed = checksummed(dialect);
            if (checksummed) {
                requestId = ids.requestId();
            }
            if (admission.isFull()) {
                throw throttled(dialect, request);
            }
            Body body = request.body(router.bodyBytesMax(dialect));
            Response atTheDoor = checksummed ? FrontDoor.answer(request, body, region) : null;
            if (atTheDoor != null) {
                return identified(atTheDoor, requestId);
            }
            try (Admission.Place place = admission.enter(request.client())) {
                if (place == null) {
                    throw throttled(dialect, request);
                }
                String endpoint = request.scheme() + "://" + request.header("host");
                dialect = router.settle(dialect, request, body, endpoint);
                return call(request, body, dialect, new Call(requestId, endpoint, place));
            }
        } catch (ServiceException e) {
            return dialect.refuse(e.error(), e.message(), e.details(), requestId);
        } catch (SerializationFailure e) {
            return dialect.refuse(CommonErrors.SERIALIZATION, e.message(), null, requestId);
        } catch (BodyException e) {
            return dialect.refuse(
                    error(e, dialect, request), String.valueOf(e.getMessage()), null, requestId);
        } catch (StoreException e) {
            LOG.error("The store failed", e, "requestId", requestId);
            return failure(dialect, requestId);
        } catch (RuntimeException | Error e) { // such as too deep a recursion
            LOG.error("A request failed by our fault", e, "requestId", requestId);
            return failure(dialect, requestId);
        }
    }

    @Override
    public boolean isFull() {
        return admission.isFull();
    }

    @Override
    public @Nullable Response refuse(Request request) {
        if (crossOrigin.allowed(request) != null
                || page(request) != null
                || served(request) != null) {
            return null;
        }
        Dialect dialect;
        try {
            dialect = router.guess(request);
        } catch (ServiceException _) { // broken escapes: handle() words it
            return null;
        }
        ServiceException e = throttled(dialect, request);
        String requestId = checksummed(dialect) ? ids.requestId() : ids.uuid();
        return dialect.refuse(e.error(), e.message(), e.details(), requestId);
    }

    @Override
    public Response refuse(int status, String message) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("x-amzn-RequestId", ids.uuid());
        headers.put("Content-Type", JsonDialect.PLAIN_CONTENT_TYPE);
        String told = message.isBlank() ? "This is not an HTTP request." : message;
        String code = status == UNAVAILABLE ? "ServiceUnavailable" : "BadRequest";
        byte[] body = JsonShapeWriter.writeError(code, "message", told, null);
        return new Response(status, headers, body);
    }

    private static boolean checksummed(Dialect dialect) {
        return dialect instanceof JsonDialect(Service service, _, _)
                && service != null
                && service.checksummed();
    }

    private static Response identified(Response response, String requestId) {
        Map<String, String> headers = new LinkedHashMap<>(response.headers());
        headers.put("x-amzn-RequestId", requestId);
        return new Response(response.status(), headers, response.body());
    }

    private @Nullable Page page(Request request) {
        boolean called = !request.query().isEmpty() || request.header("authorization") != null;
        if (request.path().equals("/") && called) {
            return null;
        }
        for (Page page : pages) {
            if (page.serves(request.method(), request.path())) {
                return page;
            }
        }
        return null;
    }

    private @Nullable ServedPage served(Request request) {
        if (request.path().equals("/")) { // most requests, and no such page is there
            return null;
        }
        for (ServedPage served : servicePages) {
            if (served.page().serves(request)) {
                return served;
            }
        }
        return null;
    }

    private Response page(ServedPage served, Request request, String requestId) {
        try {
            return answer(served, request, requestId);
        } catch (ServiceException e) {
            throw ServicePage.refusal(e);
        }
    }

    private Response answer(ServedPage served, Request request, String requestId) {
        if (request.header("origin") != null && crossOrigin.allowed(request) == null) {
            throw CommonErrors.otherOrigin();
        }
        Call call =
                new Call(
                        requestId,
                        request.scheme() + "://" + request.header("host"),
                        request.client());
        Body body = request.body(ServicePage.BODY_BYTES_MAX);
        Authorization authorization = Authorization.of(request);
        if (authorization == null && !authenticator.believesEveryone()) {
            throw CommonErrors.missingAuthenticationToken();
        }
        Caller caller = nobody(request, call);
        if (authorization != null) {
            String service = served.service().model().signingName();
            Identity identity = authenticator.check(request, body, authorization, service);
            caller = signer(identity, authorization.region(), "", request, call);
        }
        if (!caller.isAnonymous()) {
            caller = authorizer.check(new Authorizer.PageCall(served.service(), caller, request));
        }
        return served.page().answer().to(caller, request, body);
    }

    private Response call(Request request, Body body, Dialect dialect, Call call) {
        OperationModel<?, ?> operation = null;
        Caller caller;
        try {
            operation = router.operation(dialect, request);
            caller = caller(request, body, dialect, operation, call);
        } catch (ServiceException e) {
            dialect.checkSyntax(); // AWS reads the body before it looks at anything else
            if (operation != null) {
                calls.refused(service(dialect), operation, nobody(request, call), request, e);
            }
            throw e;
        }
        return answer(service(dialect), operation, dialect, caller, request);
    }

    private Caller caller(
            Request request,
            Body body,
            Dialect dialect,
            OperationModel<?, ?> operation,
            Call call) {
        Service service = service(dialect);
        Authorization authorization = Authorization.of(request);
        if (authorization == null) {
            if (!service.allowsAnonymous(operation)) {
                throw CommonErrors.missingAuthenticationToken();
            }
            return nobody(request, call);
        }
        Identity identity =
                authenticator.check(request, body, authorization, service.model().signingName());
        return signer(identity, authorization.region(), operation.name(), request, call);
    }

    private Caller nobody(Request request, Call call) {
        String account = Credential.DEFAULT_ACCOUNT_ID;
        String nobody = Caller.ANONYMOUS;
        return new Caller(account, region, nobody, nobody, call.requestId(), call.endpoint())
                .from(request.remoteAddress())
                .with(call.client())
                .traced(TraceHeader.of(request));
    }

    private Caller signer(
            Identity identity, String scope, String operation, Request request, Call call) {
        return new Caller(
                identity.accountId(),
                scope.isEmpty() ? region : scope,
                identity.arn(),
                identity.userId(),
                call.requestId(),
                call.endpoint(),
                operation,
                request.remoteAddress(),
                call.client(),
                TraceHeader.of(request),
                identity,
                Map.of());
    }

    private <I extends Shape, O extends Shape> Response answer(
            Service service,
            OperationModel<I, O> model,
            Dialect dialect,
            Caller caller,
            Request request) {
        O output =
                calls.carryOut(
                        service, model, caller, request, () -> read(service, model, dialect));
        return dialect.answer(model, output, caller.requestId());
    }

    private static <I extends Shape> I read(
            Service service, OperationModel<I, ?> model, Dialect dialect) {
        try {
            return dialect.read(model);
        } catch (InvalidMember e) {
            Calls.check(service, e.shape());
            throw service.invalidMember(e);
        }
    }

    private static @Nullable Service knownService(Dialect dialect) {
        return switch (dialect) {
            case JsonDialect json -> json.service();
            case QueryDialect query -> query.service();
            case RestDialect rest -> rest.service();
        };
    }

    private static Service service(Dialect dialect) {
        Service service = knownService(dialect);
        if (service == null) {
            throw new IllegalStateException("an operation without a service");
        }
        return service;
    }

    private static ErrorModel error(BodyException e, Dialect dialect, Request request) {
        return switch (e.reason()) {
            case TOO_LARGE -> CommonErrors.TOO_LARGE;
            case MALFORMED -> CommonErrors.SERIALIZATION;
            case ABORTED -> CommonErrors.REQUEST_TIMEOUT;
            case OVERLOADED -> throttled(dialect, request).error();
        };
    }

    private static ServiceException throttled(Dialect dialect, Request request) {
        request.client().refused();
        Service service = knownService(dialect);
        return CommonErrors.throttled(
                service == null ? CommonErrors.THROTTLING : service.throttlingError());
    }

    private static Response failure(Dialect dialect, String requestId) {
        Service service = knownService(dialect);
        ErrorModel error =
                service == null ? ErrorModel.of("InternalFailure", 500) : service.internalError();
        return dialect.refuse(
                error,
                "The request processing has failed because of an unknown error. The server's log"
                        + " tells more about request "
                        + requestId
                        + ".",
                null,
                requestId);
    }
}
