package io.millrace.service.dynamodb;

import io.millrace.pattern.Arn;
import io.millrace.policy.Access;
import io.millrace.policy.Policy;
import io.millrace.policy.PolicyException;
import io.millrace.wire.ServiceException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What DynamoDB asks of a resource policy, beyond its being one.
final class PolicyRules {
    private static final Set<String> STREAM_ACTIONS =
            Set.of(
                    "dynamodb:describestream",
                    "dynamodb:getrecords",
                    "dynamodb:getsharditerator",
                    "dynamodb:liststreams");
    private static final String STREAM = "/stream/";

    private PolicyRules() {}

    /// @throws ServiceException `ValidationException`
    static Policy check(String text, PolicyTarget target) {
        if (text.getBytes(StandardCharsets.UTF_8).length > DynamoDbLimits.POLICY_BYTES_MAX) {
            throw DynamoDbErrors.invalid(
                    "Maximum policy size of "
                            + DynamoDbLimits.POLICY_BYTES_MAX
                            + " bytes exceeded");
        }
        Policy policy;
        try {
            policy = Policy.parse(text);
        } catch (PolicyException e) {
            throw e.message().startsWith("Invalid principal")
                    ? DynamoDbErrors.invalid(e.message())
                    : invalid(e.message());
        }
        checkActions(policy, target);
        checkResources(policy, target);
        if (policy.grantsUnbounded()) {
            throw DynamoDbErrors.validation(
                    "Resource-based policy grants unbounded access in one or more elements. Please"
                            + " revise the policy to ensure least-privilege form of access");
        }
        for (String key : policy.conditionKeys()) {
            if (!Access.knows(key)) {
                throw DynamoDbErrors.notImplemented("the condition key " + key);
            }
        }
        return policy;
    }

    private static void checkActions(Policy policy, PolicyTarget target) {
        List<String> wrong = new ArrayList<>();
        for (String action : policy.actions()) {
            boolean ofStreams = STREAM_ACTIONS.contains(action.toLowerCase(Locale.ROOT));
            boolean pattern = action.contains("*");
            boolean known = ofStreams || Permission.isAction(action);
            if (!known || (!pattern && ofStreams != (target.streamLabel() != null))) {
                wrong.add("\"" + action + "\"");
            }
        }
        if (!wrong.isEmpty()) {
            throw invalid("The following action names are invalid: " + String.join(", ", wrong));
        }
    }

    private static void checkResources(Policy policy, PolicyTarget target) {
        boolean streams = target.streamLabel() != null;
        for (String resource : policy.resources()) {
            if (resource.equals("*")) {
                continue;
            }
            Optional<Arn> arn = Arn.parse(resource);
            if (arn.isEmpty()) {
                throw invalid("Resource " + resource + " must be in ARN format or \"*\".");
            }
            String relative = arn.get().resource();
            if (!relative.contains("*") && relative.contains(STREAM) != streams) {
                throw invalid(
                        "The relative-id \""
                                + relative
                                + "\" is invalid for ARN \""
                                + resource
                                + "\"");
            }
        }
    }

    private static ServiceException invalid(String reason) {
        return DynamoDbErrors.invalid("Invalid policy document: " + reason);
    }
}
