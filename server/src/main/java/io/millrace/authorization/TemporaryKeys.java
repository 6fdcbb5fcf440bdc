package io.millrace.authorization;

import io.millrace.api.ErrorModel;
import io.millrace.wire.Authorizer;
import io.millrace.wire.Identity;
import io.millrace.wire.PrincipalType;
import io.millrace.wire.ServiceException;

import java.util.Set;

/// What no policy opens to temporary keys of users and roots. Those of `GetFederationToken` call
/// nothing of IAM; those of `GetSessionToken` do when a code of an MFA device was given for them.
/// Of STS both call little. Source: the permissions in the API reference of
/// [GetFederationToken](https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html)
/// and
/// [GetSessionToken](https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html);
/// IAM's words as seen.
final class TemporaryKeys {
    private static final ErrorModel NO_KEY = ErrorModel.of("InvalidClientTokenId", 403);
    private static final ErrorModel DENIED = ErrorModel.of("AccessDenied", 403);
    private static final Set<String> FEDERATED = Set.of("GetCallerIdentity");
    private static final Set<String> PLAIN = Set.of("AssumeRole", "GetCallerIdentity");

    private TemporaryKeys() {}

    /// @throws ServiceException when who signed with such keys may not call that
    static void check(Authorizer.Call call, Identity identity) {
        if (identity.credential().sessionToken() == null
                || identity.type() == PrincipalType.ASSUMED_ROLE) {
            return;
        }
        boolean federated = identity.type() == PrincipalType.FEDERATED_USER;
        String service = call.service().model().id();
        String operation = call.operation().name();
        boolean withCode = identity.context().containsKey(Identity.MFA_TIME);
        if (service.equals("iam") && (federated || !withCode)) {
            throw new ServiceException(
                    NO_KEY, "The security token included in the request is invalid");
        }
        if (service.equals("sts") && !(federated ? FEDERATED : PLAIN).contains(operation)) {
            throw new ServiceException(
                    DENIED, "Cannot call " + operation + " with session credentials");
        }
    }
}
