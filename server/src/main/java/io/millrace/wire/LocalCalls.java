package io.millrace.wire;

import io.millrace.api.InvalidMember;
import io.millrace.api.Member;
import io.millrace.api.OperationModel;
import io.millrace.api.SerializationFailure;
import io.millrace.api.Shape;
import io.millrace.api.codec.JsonShapeReader;
import io.millrace.api.codec.RestShapeReader;
import io.millrace.http.Headers;
import io.millrace.http.Request;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Calls operations of this server's services from within, by the names that SDKs have for them, as
/// universal targets do: `sqs`, `sendMessage`. Whatever a service speaks, its input is JSON here,
/// with the names of its API; the first letter may be of either case. Thread-safe.
///
/// A call is checked, allowed and recorded like one that comes from outside; its caller says as
/// whom it is made. The services are told once, by [#bind], since some of them call others. Until
/// then there are none.
public final class LocalCalls {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private volatile Map<String, Service> services = Map.of();
    private volatile Calls calls = new Calls(Authorizer.NONE, CallObserver.NONE);

    /// Tells the services, who decides on calls, and who is told of them.
    public void bind(List<Service> all, Authorizer authorizer, CallObserver observer) {
        calls = new Calls(authorizer, observer);
        Map<String, Service> byName = new HashMap<>();
        for (Service service : all) {
            byName.put(name(service.model().serviceId()), service);
        }
        services = Map.copyOf(byName);
    }

    /// Whether there is the service, as `cloudwatchlogs`.
    public boolean hasService(String service) {
        return services.containsKey(name(service));
    }

    /// Whether the service's model has the operation, as `putEvents`.
    public boolean has(String service, String action) {
        Service found = services.get(name(service));
        return found != null && model(found, action) != null;
    }

    /// Carries out an operation.
    ///
    /// @param agent the service that calls, as `scheduler.amazonaws.com`
    /// @param input a JSON object
    /// @throws ServiceException when the caller may not, or the service refuses
    public Shape call(Caller caller, String agent, String service, String action, String input) {
        Service found = services.get(name(service));
        OperationModel<?, ?> model = found == null ? null : model(found, action);
        if (found == null || model == null) {
            throw CommonErrors.notImplemented("the operation " + service + ":" + action);
        }
        return call(found, model, caller.calling(model.name()), agent, input);
    }

    /// Asks whether the caller may carry out an operation, which is not done.
    ///
    /// @param agent the service that asks
    /// @param input a JSON object
    /// @throws ServiceException when it may not
    public void ask(Caller caller, String agent, String service, String action, String input) {
        Service found = services.get(name(service));
        OperationModel<?, ?> model = found == null ? null : model(found, action);
        if (found == null || model == null) {
            throw CommonErrors.notImplemented("the operation " + service + ":" + action);
        }
        calls.authorizer()
                .check(
                        new Authorizer.Call(
                                found,
                                model,
                                caller.calling(model.name()),
                                read(found, model, input),
                                request(agent)));
    }

    private static String name(String serviceId) {
        return serviceId.replace(" ", "").toLowerCase(Locale.ROOT);
    }

    private static @Nullable OperationModel<?, ?> model(Service service, String action) {
        String name =
                action.isEmpty()
                        ? action
                        : action.substring(0, 1).toUpperCase(Locale.ROOT) + action.substring(1);
        return service.model().operation(name);
    }

    private <I extends Shape, O extends Shape> O call(
            Service service,
            OperationModel<I, O> model,
            Caller caller,
            String agent,
            String input) {
        return calls.carryOut(
                service, model, caller, request(agent), () -> read(service, model, input));
    }

    private static Request request(String agent) {
        return new Request(
                "POST",
                "/",
                "",
                Headers.of(Map.of("user-agent", List.of(agent))),
                "",
                InputStream::nullInputStream);
    }

    private static <I extends Shape> I read(
            Service service, OperationModel<I, ?> model, String input) {
        try {
            return read(model, input);
        } catch (InvalidMember e) {
            Calls.check(service, e.shape());
            throw service.invalidMember(e);
        } catch (SerializationFailure | JacksonException e) {
            throw CommonErrors.serialization(String.valueOf(e.getMessage()));
        }
    }

    private static <I extends Shape> I read(OperationModel<I, ?> model, String input) {
        JsonNode json = JSON.readTree(input);
        ObjectNode named = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> property : json.properties()) {
            named.set(memberName(model, property.getKey()), property.getValue());
        }
        byte[] body = JSON.writeValueAsBytes(named);
        return model.http() == null
                ? JsonShapeReader.read(body, model.input())
                : RestShapeReader.read(body, new Properties(named), model.input());
    }

    private static String memberName(OperationModel<?, ?> model, String property) {
        String found = property;
        for (Member member : model.input().members()) {
            if (member.name().equals(property)) {
                return property;
            }
            if (member.name().equalsIgnoreCase(property)) {
                found = member.name();
            }
        }
        return found;
    }

    /// What a REST request has in its path and query string, from properties of the same names.
    private record Properties(ObjectNode json) implements RestShapeReader.Head {

        @Override
        public @Nullable String label(String name) {
            return text(name);
        }

        @Override
        public List<String> query(String name) {
            JsonNode value = json.get(name);
            if (value != null && value.isArray()) {
                return value.valueStream().map(JsonNode::asString).toList();
            }
            String text = text(name);
            return text == null ? List.of() : List.of(text);
        }

        @Override
        public @Nullable String header(String name) {
            return text(name);
        }

        private @Nullable String text(String name) {
            JsonNode value = json.get(name);
            return value == null || value.isNull() ? null : value.asString();
        }
    }
}
