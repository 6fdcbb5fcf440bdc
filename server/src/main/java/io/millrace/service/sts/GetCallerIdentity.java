package io.millrace.service.sts;

import io.millrace.api.sts.GetCallerIdentityRequest;
import io.millrace.api.sts.GetCallerIdentityResponse;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `GetCallerIdentity`: account, id and ARN of whoever signed. Source: [API
/// reference](https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html).
final class GetCallerIdentity
        implements Operation<GetCallerIdentityRequest, GetCallerIdentityResponse> {

    @Override
    public GetCallerIdentityResponse handle(Caller caller, GetCallerIdentityRequest request) {
        return GetCallerIdentityResponse.builder()
                .account(caller.accountId())
                .userId(caller.userId())
                .arn(caller.principalArn())
                .build();
    }
}
