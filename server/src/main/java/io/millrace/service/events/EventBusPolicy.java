package io.millrace.service.events;

import io.millrace.api.Unit;
import io.millrace.api.events.Condition;
import io.millrace.api.events.PutPermissionRequest;
import io.millrace.api.events.RemovePermissionRequest;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.policy.Access;
import io.millrace.policy.Policy;
import io.millrace.policy.PolicyException;
import io.millrace.wire.Caller;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Locale;
import java.util.regex.Pattern;

/// `PutPermission` and `RemovePermission`: a bus's policy, whole or by statement. [BusAccess]
/// evaluates it. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html).
final class EventBusPolicy {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern ORGANIZATION = Pattern.compile("o-[a-z0-9]{10,32}");

    private final Store store;
    private final InstantSource clock;
    private final Buses buses;

    EventBusPolicy(Store store, InstantSource clock, Buses buses) {
        this.store = store;
        this.clock = clock;
        this.buses = buses;
    }

    Unit put(Caller caller, PutPermissionRequest request) {
        BusName name = BusName.of(caller, request.eventBusName());
        @Nullable String whole = request.policy();
        if (whole != null) {
            if (request.action() != null
                    || request.principal() != null
                    || request.statementId() != null
                    || request.condition() != null) {
                throw EventsErrors.validation(
                        "Action, Principal, StatementId and Condition could not be combined with"
                                + " Policy parameter.");
            }
            BusPolicyCheck.check(whole, name);
            check(whole);
            return store.write(tx -> replace(tx, name, whole));
        }
        ObjectNode statement = statement(name, request);
        return store.write(tx -> replace(tx, name, add(buses.require(tx, name), statement)));
    }

    Unit remove(Caller caller, RemovePermissionRequest request) {
        BusName name = BusName.of(caller, request.eventBusName());
        @Nullable String sid = request.statementId();
        if (Boolean.TRUE.equals(request.removeAllPermissions())) {
            if (sid != null) {
                throw EventsErrors.validation(
                        "StatementId could not be combined with All parameter.");
            }
            return store.write(tx -> replace(tx, name, null));
        }
        if (sid == null) {
            throw missing("StatementId");
        }
        return store.write(tx -> replace(tx, name, without(buses.require(tx, name), sid)));
    }

    private Unit replace(Transaction tx, BusName name, @Nullable String policy) {
        if (policy != null
                && policy.getBytes(StandardCharsets.UTF_8).length > EventsLimits.POLICY_BYTES_MAX) {
            throw EventsErrors.policyTooLong();
        }
        buses.put(tx, name, buses.own(tx, name).withPolicy(policy, clock.millis()));
        return Unit.UNIT;
    }

    private static ObjectNode statement(BusName bus, PutPermissionRequest request) {
        String action = required(request.action(), "Action");
        String principal = required(request.principal(), "Principal");
        String sid = required(request.statementId(), "StatementId");
        if (!action.equals("events:PutEvents")) {
            throw unfit("action' is not supported.");
        }
        ObjectNode statement = JSON.createObjectNode();
        statement.put("Sid", sid);
        statement.put("Effect", "Allow");
        if (principal.equals("*")) {
            statement.put("Principal", "*");
        } else {
            statement.putObject("Principal").put("AWS", "arn:aws:iam::" + principal + ":root");
        }
        statement.put("Action", action);
        statement.put("Resource", bus.arn().toString());
        Condition condition = request.condition();
        if (condition != null) {
            check(condition);
            statement
                    .putObject("Condition")
                    .putObject(condition.type())
                    .put(condition.key(), condition.value());
        }
        return statement;
    }

    private static String required(@Nullable String value, String name) {
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    private static ServiceException missing(String name) {
        return EventsErrors.validation("Parameter(s) " + name + " must be specified.");
    }

    private static void check(Condition condition) {
        if (!condition.type().equals("StringEquals")) {
            throw unfit("condition.type' is not supported.");
        }
        if (!condition.key().equalsIgnoreCase("aws:PrincipalOrgID")) {
            throw unfit("condition.key' is not supported.");
        }
        if (!ORGANIZATION.matcher(condition.value()).matches()) {
            throw unfit("condition.value' is invalid.");
        }
    }

    private static ServiceException unfit(String what) {
        return EventsErrors.validation("Provided value in parameter '" + what);
    }

    private static String add(StoredBus bus, ObjectNode statement) {
        ObjectNode policy = policy(bus);
        ArrayNode statements = statements(policy);
        removeSid(statements, statement.get("Sid").asString());
        statements.add(statement);
        return policy.toString();
    }

    private static @Nullable String without(StoredBus bus, String sid) {
        ObjectNode policy = policy(bus);
        ArrayNode statements = statements(policy);
        if (!removeSid(statements, sid)) {
            throw EventsErrors.notFound("Statement with the provided id does not exist.");
        }
        return statements.isEmpty() ? null : policy.toString();
    }

    private static boolean removeSid(ArrayNode statements, String sid) {
        for (int i = 0; i < statements.size(); i++) {
            if (statements.get(i).path("Sid").asString("").equals(sid)) {
                statements.remove(i);
                return true;
            }
        }
        return false;
    }

    private static ObjectNode policy(StoredBus bus) {
        @Nullable String text = bus.policy();
        if (text != null) {
            return object(text);
        }
        ObjectNode policy = JSON.createObjectNode();
        policy.put("Version", "2012-10-17");
        return policy;
    }

    /// The list of statements; a policy may also have a single one.
    private static ArrayNode statements(ObjectNode policy) {
        JsonNode before = policy.get("Statement");
        if (before instanceof ArrayNode list) {
            return list;
        }
        ArrayNode list = policy.putArray("Statement");
        if (before != null) {
            list.add(before);
        }
        return list;
    }

    /// Refuses what is no policy, or has conditions that cannot be told.
    private static void check(String text) {
        try {
            for (String key : Policy.parse(text).conditionKeys()) {
                if (!Access.knows(key) && !BusAccess.KEYS.contains(key.toLowerCase(Locale.ROOT))) {
                    throw EventsErrors.notImplemented("The condition key " + key);
                }
            }
        } catch (PolicyException e) {
            throw EventsErrors.validation(e.message());
        }
    }

    private static ObjectNode object(String text) {
        try {
            if (JSON.readTree(text) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException _) {
            // refused below, as what is no object is
        }
        throw EventsErrors.validation("This policy contains invalid Json");
    }
}
