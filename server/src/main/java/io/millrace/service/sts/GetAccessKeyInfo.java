package io.millrace.service.sts;

import io.millrace.api.sts.GetAccessKeyInfoRequest;
import io.millrace.api.sts.GetAccessKeyInfoResponse;
import io.millrace.wire.Caller;
import io.millrace.wire.Identities;
import io.millrace.wire.Identity;
import io.millrace.wire.Operation;

/// `GetAccessKeyInfo`: whose account an access key is of. Errors: `ValidationError`. Source: [API
/// reference](https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html).
final class GetAccessKeyInfo
        implements Operation<GetAccessKeyInfoRequest, GetAccessKeyInfoResponse> {
    private final Identities holders;

    GetAccessKeyInfo(Identities holders) {
        this.holders = holders;
    }

    @Override
    public GetAccessKeyInfoResponse handle(Caller caller, GetAccessKeyInfoRequest request) {
        Identity holder = holders.holder(request.accessKeyId());
        if (holder == null) {
            throw StsErrors.validation(
                    "The access key " + request.accessKeyId() + " is not of an account here.");
        }
        return new GetAccessKeyInfoResponse(holder.accountId());
    }
}
