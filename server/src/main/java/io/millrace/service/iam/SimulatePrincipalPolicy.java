package io.millrace.service.iam;

import io.millrace.api.iam.SimulatePolicyResponse;
import io.millrace.api.iam.SimulatePrincipalPolicyRequest;
import io.millrace.identity.Kind;
import io.millrace.policy.Layer;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// `SimulatePrincipalPolicy`: what the policies of a user, a group or a role would say, and others
/// beside them. What is known of the principal need not be told as context. Errors: `InvalidInput`,
/// `NoSuchEntity`. Source: [API
/// reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html).
final class SimulatePrincipalPolicy
        implements Operation<SimulatePrincipalPolicyRequest, SimulatePolicyResponse> {
    private final PrincipalSources principals;

    SimulatePrincipalPolicy(PrincipalSources principals) {
        this.principals = principals;
    }

    @Override
    public SimulatePolicyResponse handle(Caller caller, SimulatePrincipalPolicyRequest request) {
        if (request.policyExclusionList() != null) {
            throw IamErrors.notImplemented("the exclusion of policies");
        }
        PrincipalSources.Found found = principals.of(caller, request.policySourceArn());
        List<Simulation.Source> sources = new ArrayList<>(found.sources());
        Simulation.add(sources, Layer.IDENTITY, "PolicyInputList", request.policyInputList());
        if (request.permissionsBoundaryPolicyInputList() != null) {
            sources.removeIf(source -> source.layer() == Layer.BOUNDARY);
            Simulation.add(
                    sources,
                    Layer.BOUNDARY,
                    "PermissionsBoundaryPolicyInputList",
                    request.permissionsBoundaryPolicyInputList());
        }
        if (request.resourcePolicy() != null) {
            if (request.callerArn() == null && found.kind() != Kind.USER) {
                throw IamErrors.invalidInput(
                        "CallerArn must be specified when a resource policy is specified and"
                                + " PolicySourceArn is not a user.");
            }
            sources.add(
                    new Simulation.Source(
                            Layer.RESOURCE,
                            "ResourcePolicy",
                            "resource",
                            request.resourcePolicy()));
        }
        Map<String, List<String>> context = new HashMap<>(found.context());
        context.putAll(Simulation.context(request.contextEntries()));
        return new Simulation(sources)
                .answer(
                        new Simulation.Question(
                                request.actionNames(),
                                request.resourceArns(),
                                request.resourceOwner(),
                                request.callerArn() == null
                                        ? request.policySourceArn()
                                        : request.callerArn(),
                                context,
                                request.maxItems(),
                                request.marker()));
    }
}
