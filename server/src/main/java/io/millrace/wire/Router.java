package io.millrace.wire;

import io.millrace.api.OperationModel;
import io.millrace.api.Protocol;
import io.millrace.http.Body;
import io.millrace.http.Request;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Finds out which service and operation a request is for, and how it speaks. The head of a request
/// gives a first [Dialect], in which errors can be told; its body settles it. Immutable.
///
/// What decides, in this order: `X-Amz-Target`; of services that are REST, the one in the
/// credential scope, or without one the path; `Action`, and where several services know it, its
/// `Version`, the path, and the service in the credential scope.
final class Router {
    private static final String FORM = "application/x-www-form-urlencoded";

    /// The path of a resource's URL: account and name come last.
    private static final Pattern RESOURCE = Pattern.compile(".*/[0-9]{12}/[^/]+/?");

    private final Map<String, Service> byTargetPrefix = new HashMap<>();
    private final Map<String, Service> bySigningName = new HashMap<>();
    private final List<Service> query = new ArrayList<>();
    private final List<Service> rest = new ArrayList<>();
    private final int bytesMax;
    private final int queryBytesMax;

    Router(List<Service> services) {
        int largest = 0;
        int largestQuery = 0;
        for (Service service : services) {
            largest = Math.max(largest, service.bodyBytesMax());
            String prefix = service.model().targetPrefix();
            if (prefix != null && service.model().protocols().contains(Protocol.JSON)) {
                byTargetPrefix.put(prefix, service);
            }
            if (service.model().protocols().contains(Protocol.REST_JSON)) {
                rest.add(service);
            }
            bySigningName.putIfAbsent(service.model().signingName(), service);
            if (service.model().protocols().contains(Protocol.QUERY)) {
                query.add(service);
                largestQuery = Math.max(largestQuery, service.bodyBytesMax());
            }
        }
        this.bytesMax = largest;
        this.queryBytesMax = largestQuery;
    }

    /// How the request speaks, as far as its head tells.
    Dialect guess(Request request) {
        String target = request.header("x-amz-target");
        String scoped = Authorization.service(request);
        Service service = scoped == null ? null : bySigningName.get(scoped);
        if (target == null) {
            RestDialect called = rest(service, request);
            if (called != null) {
                return called;
            }
        }
        if (target != null || JsonDialect.speaks(request)) {
            Service targeted = target == null ? null : byTargetPrefix.get(prefix(target));
            return new JsonDialect(
                    targeted == null ? service : targeted, request, Body.EMPTY.raw());
        }
        if (service != null && query.contains(service)) {
            return QueryDialect.of(service, request);
        }
        boolean xml = scoped == null ? isForm(request) || hasAction(request) : service == null;
        if (xml && !query.isEmpty()) {
            return QueryDialect.of(query.getFirst(), request);
        }
        return new JsonDialect(service, request, Body.EMPTY.raw());
    }

    /// The service that is signed for decides; without one, the path does.
    private @Nullable RestDialect rest(@Nullable Service scoped, Request request) {
        for (Service service : scoped == null ? rest : List.of(scoped)) {
            if (rest.contains(service)) {
                RestDialect.Route route = RestDialect.route(service, request);
                if (route != null || scoped != null) {
                    return new RestDialect(service, route, request, Body.EMPTY.raw());
                }
            }
        }
        return null;
    }

    /// How much of a body to read.
    int bodyBytesMax(Dialect guess) {
        return switch (guess) {
            case JsonDialect(Service service, _, _) when service != null -> service.bodyBytesMax();
            case JsonDialect _ -> bytesMax;
            case QueryDialect _ -> queryBytesMax;
            case RestDialect(Service service, _, _, _) -> service.bodyBytesMax();
        };
    }

    /// How the request speaks, and for which service.
    ///
    /// @param endpoint the base URL of this server, for resources that are named by their URL
    Dialect settle(Dialect guess, Request request, Body body, String endpoint) {
        return switch (guess) {
            case JsonDialect(Service service, _, _) ->
                    new JsonDialect(service, request, body.content());
            case RestDialect(Service service, RestDialect.Route route, _, _) ->
                    new RestDialect(service, route, request, body.content());
            case QueryDialect(Service guessed, _, boolean json) -> {
                Map<String, String> parameters = QueryString.parameters(request.query());
                parameters.putAll(
                        QueryString.parameters(new String(body.content(), StandardCharsets.UTF_8)));
                Service service = service(guessed, request, parameters);
                String name = service.pathParameter();
                if (name != null) {
                    parameters.putIfAbsent(name, endpoint + request.path());
                }
                yield new QueryDialect(service, parameters, json);
            }
        };
    }

    /// The operation that a settled dialect asks for.
    ///
    /// @throws ServiceException when there is none
    OperationModel<?, ?> operation(Dialect dialect, Request request) {
        OperationModel<?, ?> operation =
                switch (dialect) {
                    case JsonDialect(Service service, _, _) -> jsonOperation(service, request);
                    case RestDialect(_, RestDialect.Route route, _, _) ->
                            route == null ? null : route.operation();
                    case QueryDialect(Service service, Map<String, String> parameters, _) -> {
                        String action = parameters.getOrDefault("Action", "");
                        boolean elsewhere =
                                service.isNotForResources(action)
                                        && RESOURCE.matcher(request.path()).matches();
                        yield elsewhere ? null : service.model().operation(action);
                    }
                };
        if (operation == null) {
            throw unknown(dialect, request);
        }
        return operation;
    }

    private @Nullable OperationModel<?, ?> jsonOperation(
            @Nullable Service service, Request request) {
        String target = request.header("x-amz-target");
        if (service == null
                || target == null
                || !prefix(target).equals(service.model().targetPrefix())) {
            return null;
        }
        return service.model().operation(target.substring(target.lastIndexOf('.') + 1));
    }

    private ServiceException unknown(Dialect dialect, Request request) {
        String scoped = Authorization.service(request);
        if (scoped != null && !bySigningName.containsKey(scoped)) {
            return CommonErrors.notImplemented("the service " + scoped);
        }
        return switch (dialect) {
            case JsonDialect(Service service, _, _) ->
                    service != null
                                    || JsonDialect.speaks(request)
                                    || request.header("x-amz-target") != null
                            ? CommonErrors.unknownOperation()
                            : CommonErrors.notFound(request.path());
            case RestDialect _ -> CommonErrors.unknownPath();
            case QueryDialect(Service service, Map<String, String> parameters, _) -> {
                String action = parameters.get("Action");
                boolean resources = service.pathParameter() != null;
                if (action == null) {
                    yield resources ? CommonErrors.unknownPath() : CommonErrors.missingAction();
                }
                yield !resources
                        ? CommonErrors.unknownAction(
                                action,
                                parameters.getOrDefault("Version", service.model().apiVersion()))
                        : CommonErrors.unknownActionHere(action);
            }
        };
    }

    private Service service(Service guessed, Request request, Map<String, String> parameters) {
        String action = parameters.getOrDefault("Action", "");
        List<Service> known =
                query.stream().filter(s -> s.model().operation(action) != null).toList();
        if (known.size() <= 1) {
            return known.isEmpty() ? guessed : known.getFirst();
        }
        String version = parameters.get("Version");
        for (Service service : known) {
            if (service.model().apiVersion().equals(version)) {
                return service;
            }
        }
        for (Service service : known) {
            if (service.pathParameter() != null && !request.path().equals("/")) {
                return service;
            }
        }
        return known.contains(guessed) ? guessed : known.getFirst();
    }

    /// What stands before the last dot; all of it when there is none.
    private static String prefix(String target) {
        int dot = target.lastIndexOf('.');
        return dot < 0 ? target : target.substring(0, dot);
    }

    private static boolean isForm(Request request) {
        String type = request.header("content-type");
        return type != null && type.startsWith(FORM);
    }

    private static boolean hasAction(Request request) {
        return request.query().startsWith("Action=") || request.query().contains("&Action=");
    }
}
