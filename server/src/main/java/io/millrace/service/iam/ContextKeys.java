package io.millrace.service.iam;

import io.millrace.api.iam.GetContextKeysForCustomPolicyRequest;
import io.millrace.api.iam.GetContextKeysForPolicyResponse;
import io.millrace.api.iam.GetContextKeysForPrincipalPolicyRequest;
import io.millrace.policy.Layer;
import io.millrace.wire.Caller;

import java.util.ArrayList;
import java.util.List;

/// `GetContextKeysForCustomPolicy` and `GetContextKeysForPrincipalPolicy`: which condition keys
/// policies have, in conditions and in variables. Errors: `InvalidInput`, `NoSuchEntity`. Source:
/// [API
/// reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetContextKeysForCustomPolicy.html).
record ContextKeys(PrincipalSources principals) {

    GetContextKeysForPolicyResponse custom(
            Caller caller, GetContextKeysForCustomPolicyRequest request) {
        return answer(List.of(), request.policyInputList());
    }

    GetContextKeysForPolicyResponse ofPrincipal(
            Caller caller, GetContextKeysForPrincipalPolicyRequest request) {
        PrincipalSources.Found found = principals.of(caller, request.policySourceArn());
        List<String> more = request.policyInputList();
        return answer(found.sources(), more == null ? List.of() : more);
    }

    private static GetContextKeysForPolicyResponse answer(
            List<Simulation.Source> ofPrincipal, List<String> more) {
        List<Simulation.Source> sources = new ArrayList<>(ofPrincipal);
        Simulation.add(sources, Layer.IDENTITY, "PolicyInputList", more);
        return new GetContextKeysForPolicyResponse(new Simulation(sources).keys());
    }
}
