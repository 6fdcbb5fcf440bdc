package io.millrace.service.iam;

import io.millrace.api.iam.SimulateCustomPolicyRequest;
import io.millrace.api.iam.SimulatePolicyResponse;
import io.millrace.policy.Layer;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.util.ArrayList;
import java.util.List;

/// `SimulateCustomPolicy`: what policies would say that need not hang on anything. Policies of
/// organizations are not simulated. Errors: `InvalidInput`. Source: [API
/// reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html).
final class SimulateCustomPolicy
        implements Operation<SimulateCustomPolicyRequest, SimulatePolicyResponse> {

    @Override
    public SimulatePolicyResponse handle(Caller caller, SimulateCustomPolicyRequest request) {
        if (request.orderedOrganizationPolicyInputList() != null) {
            throw IamErrors.notImplemented("policies of organizations");
        }
        if (request.resourcePolicy() != null && request.callerArn() == null) {
            throw IamErrors.invalidInput(
                    "CallerArn must be specified when a resource policy is specified.");
        }
        List<Simulation.Source> sources = new ArrayList<>();
        Simulation.add(sources, Layer.IDENTITY, "PolicyInputList", request.policyInputList());
        Simulation.add(
                sources,
                Layer.BOUNDARY,
                "PermissionsBoundaryPolicyInputList",
                request.permissionsBoundaryPolicyInputList());
        if (request.resourcePolicy() != null) {
            sources.add(
                    new Simulation.Source(
                            Layer.RESOURCE,
                            "ResourcePolicy",
                            "resource",
                            request.resourcePolicy()));
        }
        return new Simulation(sources)
                .answer(
                        new Simulation.Question(
                                request.actionNames(),
                                request.resourceArns(),
                                request.resourceOwner(),
                                request.callerArn(),
                                Simulation.context(request.contextEntries()),
                                request.maxItems(),
                                request.marker()));
    }
}
