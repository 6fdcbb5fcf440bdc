package io.millrace.authorization;

import io.millrace.api.ErrorModel;
import io.millrace.http.Body;
import io.millrace.http.Response;
import io.millrace.pattern.Arn;
import io.millrace.policy.Access;
import io.millrace.policy.Decision;
import io.millrace.policy.Evaluator;
import io.millrace.policy.Explanation;
import io.millrace.policy.Layer;
import io.millrace.policy.Match;
import io.millrace.policy.Ownership;
import io.millrace.policy.Policy;
import io.millrace.policy.PolicyException;
import io.millrace.policy.PolicyKind;
import io.millrace.policy.PolicySet;
import io.millrace.policy.Principals;
import io.millrace.policy.SourcedPolicy;
import io.millrace.policy.Statement;
import io.millrace.policy.Verdict;
import io.millrace.wire.Caller;
import io.millrace.wire.Identities;
import io.millrace.wire.Identity;
import io.millrace.wire.Permissions;
import io.millrace.wire.Resources;
import io.millrace.wire.Service;
import io.millrace.wire.ServiceException;
import io.millrace.wire.ServicePage;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// `POST /_millrace/iam/explain`: why a request would be allowed or denied, statement by statement.
/// Nothing is done.
///
/// The body is JSON: `Action`, `Resource`, and perhaps `Context` (condition keys and their values).
/// Who would ask is the holder of `AccessKeyId`, of the caller's account; or `Principal` with
/// `Policies`, `PermissionsBoundary` and `SessionPolicies`, which need not hang on anything; or the
/// caller. The resource's policies are those that it has, if it is of the caller's account, or
/// `ResourcePolicies`.
public final class ExplainPage {
    static final String PATH = "/_millrace/iam/explain";

    private static final JsonMapper JSON = new JsonMapper();
    private static final ErrorModel VALIDATION = ErrorModel.of("ValidationException", 400);

    private record Asking(String arn, String accountId, Permissions permissions) {}

    private final Identities identities;
    private volatile List<Service> services = List.of();

    public ExplainPage(Identities identities) {
        this.identities = identities;
    }

    /// Tells the services, whose resources have policies.
    public void bind(List<Service> all) {
        services = List.copyOf(all);
    }

    public ServicePage page() {
        return new ServicePage(PATH, Set.of("POST"), (caller, _, body) -> answer(caller, body));
    }

    private Response answer(Caller caller, Body body) {
        JsonNode question = question(body);
        String action = text(question, "Action");
        String resource = text(question, "Resource");
        Asking asking = asking(caller, question);
        Caller who =
                new Caller(
                        asking.accountId,
                        caller.region(),
                        asking.arn,
                        caller.userId(),
                        caller.requestId(),
                        caller.endpoint());
        Optional<Arn> parsed = Arn.parse(resource);
        Arn arn = parsed.orElseGet(() -> Arn.of("", who.region(), who.accountId(), "*"));
        Access access = Access.of(who, action, resource, arn);
        Identity holder = holder(question);
        if (holder != null) {
            access = access.with(holder.context());
        }
        access = access.with(context(question));
        boolean seen = arn.accountId().equals(caller.accountId());
        Resources resources = seen ? resources(arn) : Resources.NONE;
        PolicySet policies =
                PolicySet.of(asking.permissions)
                        .withResource(
                                question.has("ResourcePolicies")
                                        ? policies(
                                                question, "ResourcePolicies", PolicyKind.RESOURCE)
                                        : resources.policies(who, resource));
        Ownership ownership = Ownership.OWN;
        if (!arn.accountId().isEmpty() && !arn.accountId().equals(who.accountId())) {
            ownership = Ownership.OTHER;
        } else if (resources.needsItsPolicy(resource)) {
            ownership = Ownership.OWN_BY_RESOURCE_POLICY;
        }
        Verdict verdict = Evaluator.decide(policies, access, ownership);
        ObjectNode told = told(verdict, policies, access);
        return Response.of(
                200,
                "application/json",
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(told) + "\n");
    }

    private static ObjectNode told(Verdict verdict, PolicySet policies, Access access) {
        ObjectNode told = JSON.createObjectNode();
        told.put("Decision", verdict.allows() ? "allowed" : "denied");
        told.put("Because", because(verdict, policies, access));
        told.put("Principal", access.principalArn());
        told.put("Action", access.action());
        told.put("Resource", access.resource());
        ArrayNode all = told.putArray("Policies");
        for (SourcedPolicy policy : policies.all()) {
            ObjectNode one = all.addObject().put("Policy", policy.name());
            ArrayNode statements = one.putArray("Statements");
            int number = 0;
            for (Statement statement : policy.policy().statements()) {
                number++;
                put(statements.addObject().put("Statement", number), statement, access);
            }
        }
        return told;
    }

    private static void put(ObjectNode told, Statement statement, Access access) {
        if (statement.sid() != null) {
            told.put("Sid", statement.sid());
        }
        told.put("Effect", statement.allows() ? "Allow" : "Deny");
        Explanation explanation = Explanation.of(statement, access);
        told.put("Matches", explanation.matches());
        if (!explanation.matches()) {
            ArrayNode reasons = told.putArray("Because");
            explanation.reasons().forEach(reasons::add);
        }
    }

    private static String because(Verdict verdict, PolicySet policies, Access access) {
        if (!verdict.allows()) {
            String decided = verdict.decidingWords();
            return verdict.denial(access.action()).strip()
                    + (decided.isEmpty() ? "" : ": " + decided)
                    + (isDelegated(verdict)
                            ? "; the resource's policy lets the account in, whose own policies"
                                    + " must allow too"
                            : "");
        }
        return policies.everything() && policies.session() == null
                ? "the account's root needs no policy, and none denies"
                : "allowed by " + verdict.decidingWords() + ", and nothing denies";
    }

    private static boolean isDelegated(Verdict verdict) {
        return verdict.decision() == Decision.IMPLICIT_DENY
                && verdict.matched().stream()
                        .filter(match -> match.layer() == Layer.RESOURCE)
                        .map(Match::grant)
                        .anyMatch(grant -> grant == Principals.Nearness.ACCOUNT);
    }

    private Resources resources(Arn arn) {
        for (Service service : services) {
            boolean stream = arn.resource().contains("/stream/");
            if (service.model().signingName().equals(arn.service())
                    && service.model().id().contains("streams") == stream) {
                return service.resources();
            }
        }
        return Resources.NONE;
    }

    private @Nullable Identity holder(JsonNode question) {
        return question.has("AccessKeyId")
                ? identities.holder(text(question, "AccessKeyId"))
                : null;
    }

    private Asking asking(Caller caller, JsonNode question) {
        if (question.has("AccessKeyId")) {
            Identity holder = holder(question);
            if (holder == null || !holder.accountId().equals(caller.accountId())) {
                throw invalid("Nobody in this account holds the access key.");
            }
            return new Asking(holder.arn(), holder.accountId(), holder.permissions());
        }
        Identity identity = caller.identity();
        if (!question.has("Policies")) {
            return new Asking(
                    caller.principalArn(),
                    caller.accountId(),
                    identity == null ? Permissions.ROOT : identity.permissions());
        }
        String principal =
                question.has("Principal")
                        ? text(question, "Principal")
                        : "arn:aws:iam::" + caller.accountId() + ":user/somebody";
        List<String> boundary = policies(question, "PermissionsBoundary", PolicyKind.IDENTITY);
        return new Asking(
                principal,
                Arn.parse(principal)
                        .map(Arn::accountId)
                        .orElseThrow(() -> invalid("Principal must be an ARN.")),
                new Permissions(
                        false,
                        policies(question, "Policies", PolicyKind.IDENTITY),
                        boundary.isEmpty() ? null : boundary.getFirst(),
                        question.has("SessionPolicies")
                                ? policies(question, "SessionPolicies", PolicyKind.IDENTITY)
                                : null));
    }

    /// Policies in a question, each as JSON or as its text; one may stand without a list.
    private static List<String> policies(JsonNode question, String member, PolicyKind kind) {
        List<String> texts = new ArrayList<>();
        JsonNode given = question.get(member);
        if (given == null) {
            return texts;
        }
        for (JsonNode each : given.isArray() ? given.values() : List.of(given)) {
            String text = each.isString() ? each.stringValue() : each.toString();
            try {
                Policy.parse(text, kind);
            } catch (PolicyException e) {
                throw invalid(member + ": " + e.message());
            }
            texts.add(text);
        }
        return texts;
    }

    private static Map<String, List<String>> context(JsonNode question) {
        Map<String, List<String>> context = new HashMap<>();
        question.path("Context")
                .properties()
                .forEach(entry -> {
                    JsonNode value = entry.getValue();
                    context.put(
                            entry.getKey().toLowerCase(Locale.ROOT),
                            value.isArray()
                                    ? value.valueStream().map(each -> each.asString("")).toList()
                                    : List.of(value.asString("")));
                });
        return context;
    }

    private static JsonNode question(Body body) {
        try {
            JsonNode question = JSON.readTree(new String(body.content(), StandardCharsets.UTF_8));
            if (question != null && question.isObject()) {
                return question;
            }
        } catch (JacksonException _) { // refused below
        }
        throw invalid("The body must be a JSON object with Action and Resource.");
    }

    private static String text(JsonNode question, String name) {
        JsonNode value = question.get(name);
        if (value == null || !value.isString() || value.stringValue().isEmpty()) {
            throw invalid(name + " must be a text.");
        }
        return value.stringValue();
    }

    private static ServiceException invalid(String message) {
        return new ServiceException(VALIDATION, message);
    }
}
