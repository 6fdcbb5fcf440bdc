package io.millrace.service.sns;

import io.millrace.api.Unit;
import io.millrace.api.sns.CreateEndpointResponse;
import io.millrace.api.sns.CreatePlatformEndpointInput;
import io.millrace.api.sns.DeleteEndpointInput;
import io.millrace.api.sns.GetEndpointAttributesInput;
import io.millrace.api.sns.GetEndpointAttributesResponse;
import io.millrace.api.sns.ListEndpointsByPlatformApplicationInput;
import io.millrace.api.sns.ListEndpointsByPlatformApplicationResponse;
import io.millrace.api.sns.SetEndpointAttributesInput;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.service.sns.Platforms.Application;
import io.millrace.service.sns.Platforms.Endpoint;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Devices of a platform application: create, set, get, list, delete. Source: [API
/// reference](https://docs.aws.amazon.com/sns/latest/api/API_CreatePlatformEndpoint.html).
final class PlatformEndpoints {
    private static final int USER_DATA_BYTES = 2048;
    private static final Set<String> NAMES =
            Set.of(Platforms.ENABLED, Platforms.TOKEN, Platforms.CUSTOM_USER_DATA);

    private final Store store;
    private final Ids ids;

    PlatformEndpoints(Store store, Ids ids) {
        this.store = store;
        this.ids = ids;
    }

    /// Creates one, or finds the one that has the token, whose user data must then be the same.
    CreateEndpointResponse create(Caller caller, CreatePlatformEndpointInput request) {
        PlatformArn arn =
                PlatformArn.application(
                        caller, "CreatePlatformEndpoint", request.platformApplicationArn());
        Map<String, String> wanted = new LinkedHashMap<>();
        if (request.customUserData() != null) {
            wanted.put(Platforms.CUSTOM_USER_DATA, request.customUserData());
        }
        if (request.attributes() != null) {
            wanted.putAll(request.attributes());
        }
        wanted.put(Platforms.TOKEN, request.token());
        check(wanted);
        PlatformArn fresh = arn.withId(ids.uuid());
        String endpointArn = store.write(tx -> create(tx, fresh, wanted));
        return CreateEndpointResponse.builder().endpointArn(endpointArn).build();
    }

    Unit set(Caller caller, SetEndpointAttributesInput request) {
        PlatformArn arn =
                PlatformArn.endpoint(caller, "SetEndpointAttributes", request.endpointArn());
        Map<String, String> changes = request.attributes();
        check(changes);
        store.<@Nullable Void>write(tx -> {
            Endpoint had = Platforms.requireEndpoint(tx, arn);
            Endpoint changed = had.with(changes);
            if (!changed.token().equals(had.token())) {
                byte[] key = SnsKeys.endpointToken(arn, changed.token());
                if (tx.get(key) != null) {
                    throw SnsErrors.invalidParameter(
                            "This endpoint is already registered with a different token.");
                }
                tx.delete(SnsKeys.endpointToken(arn, had.token()));
                tx.put(key, arn.id().getBytes(StandardCharsets.UTF_8));
            }
            Platforms.put(tx, arn, changed);
            if (!changed.equals(had)) {
                EndpointEvents.add(
                        tx, Platforms.require(tx, arn.application()), updated(), arn.toString());
            }
            return null;
        });
        return Unit.UNIT;
    }

    GetEndpointAttributesResponse get(Caller caller, GetEndpointAttributesInput request) {
        PlatformArn arn =
                PlatformArn.endpoint(caller, "GetEndpointAttributes", request.endpointArn());
        Endpoint endpoint = store.read(snapshot -> Platforms.requireEndpoint(snapshot, arn));
        return GetEndpointAttributesResponse.builder().attributes(endpoint.attributes()).build();
    }

    ListEndpointsByPlatformApplicationResponse list(
            Caller caller, ListEndpointsByPlatformApplicationInput request) {
        PlatformArn arn =
                PlatformArn.application(
                        caller,
                        "ListEndpointsByPlatformApplication",
                        request.platformApplicationArn());
        byte[] prefix = SnsKeys.endpoints(arn).toBytes();
        Page<io.millrace.api.sns.Endpoint> page =
                store.read(snapshot -> {
                    Platforms.require(snapshot, arn);
                    return Page.read(
                            snapshot,
                            prefix,
                            request.nextToken(),
                            (_, value) -> shown(Platforms.ENDPOINTS.decode(value)));
                });
        return ListEndpointsByPlatformApplicationResponse.builder()
                .endpoints(page.items())
                .nextToken(page.nextToken())
                .build();
    }

    /// Succeeds when there is none; subscriptions stay, and their deliveries fail.
    Unit delete(Caller caller, DeleteEndpointInput request) {
        PlatformArn arn = PlatformArn.endpoint(caller, "DeleteEndpoint", request.endpointArn());
        store.<@Nullable Void>write(tx -> {
            Endpoint endpoint = Platforms.findEndpoint(tx, arn);
            if (endpoint != null) {
                tx.delete(SnsKeys.endpoint(arn));
                tx.delete(SnsKeys.endpointToken(arn, endpoint.token()));
                EndpointEvents.add(
                        tx,
                        Platforms.require(tx, arn.application()),
                        EndpointEvents.Event.of(EndpointEvents.Kind.DELETED),
                        arn.toString());
            }
            return null;
        });
        return Unit.UNIT;
    }

    static EndpointEvents.Event updated() {
        return EndpointEvents.Event.of(EndpointEvents.Kind.UPDATED);
    }

    private String create(Transaction tx, PlatformArn fresh, Map<String, String> wanted) {
        Application application = Platforms.require(tx, fresh.application());
        byte[] key = SnsKeys.endpointToken(fresh, wanted.getOrDefault(Platforms.TOKEN, ""));
        byte[] id = tx.get(key);
        if (id != null) {
            PlatformArn arn = fresh.withId(new String(id, StandardCharsets.UTF_8));
            checkSame(Platforms.requireEndpoint(tx, arn), wanted);
            return arn.toString();
        }
        Endpoint endpoint =
                new Endpoint(fresh.toString(), Map.of(Platforms.ENABLED, "true")).with(wanted);
        Platforms.put(tx, fresh, endpoint);
        tx.put(key, fresh.id().getBytes(StandardCharsets.UTF_8));
        EndpointEvents.add(
                tx,
                application,
                EndpointEvents.Event.of(EndpointEvents.Kind.CREATED),
                fresh.toString());
        return fresh.toString();
    }

    private static void checkSame(Endpoint had, Map<String, String> wanted) {
        String enabled = wanted.getOrDefault(Platforms.ENABLED, Boolean.toString(had.enabled()));
        boolean isSame =
                enabled.equalsIgnoreCase(Boolean.toString(had.enabled()))
                        && wanted.getOrDefault(Platforms.CUSTOM_USER_DATA, "")
                                .equals(
                                        had.attributes()
                                                .getOrDefault(Platforms.CUSTOM_USER_DATA, ""));
        if (!isSame) {
            throw SnsErrors.invalidParameter(
                    "Token",
                    "Endpoint "
                            + had.arn()
                            + " already exists with the same Token, but different attributes.");
        }
    }

    private static io.millrace.api.sns.Endpoint shown(Endpoint endpoint) {
        return io.millrace.api.sns.Endpoint.builder()
                .endpointArn(endpoint.arn())
                .attributes(endpoint.attributes())
                .build();
    }

    private static void check(Map<String, String> attributes) {
        attributes.forEach((name, value) -> {
            if (!NAMES.contains(name)) {
                throw SnsErrors.invalidParameter("Attributes", "Invalid attribute name: " + name);
            }
            boolean isLong =
                    name.equals(Platforms.CUSTOM_USER_DATA)
                            && value.getBytes(StandardCharsets.UTF_8).length > USER_DATA_BYTES;
            boolean isWrong =
                    switch (name) {
                        case Platforms.ENABLED -> !value.matches("(?i)true|false");
                        case Platforms.TOKEN -> value.isEmpty();
                        default -> false;
                    };
            if (isLong || isWrong) {
                throw SnsErrors.invalidParameter(
                        "Attributes",
                        "Invalid value for attribute: "
                                + name
                                + (isLong
                                        ? ": must be at most 2048 bytes long in UTF-8 encoding"
                                        : ""));
            }
        });
    }
}
