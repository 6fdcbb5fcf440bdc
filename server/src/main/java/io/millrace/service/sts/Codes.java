package io.millrace.service.sts;

import io.millrace.identity.MfaDevices;
import io.millrace.wire.Caller;
import io.millrace.wire.Identity;
import io.millrace.wire.PrincipalType;

import org.jspecify.annotations.Nullable;

/// One-time codes that come with a request for a session: of a device that the user who asks has
/// enabled, and each good once. Source: [MFA-protected API
/// access](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html).
record Codes(MfaDevices devices) {
    private static final String FAILED = "MultiFactorAuthentication failed";

    /// Whether a code came with the request.
    ///
    /// @throws io.millrace.wire.ServiceException `AccessDenied` when one came and is not good
    boolean check(Caller caller, @Nullable String serialNumber, @Nullable String code) {
        if (serialNumber == null && code == null) {
            return false;
        }
        if (serialNumber == null || code == null) {
            throw StsErrors.accessDenied(
                    FAILED + ", must provide both MFA serial number and one time pass code.");
        }
        Identity identity = caller.identity();
        boolean user =
                identity != null
                        && identity.type() == PrincipalType.USER
                        && identity.credential().sessionToken() == null;
        if (!user || !devices.take(caller.accountId(), serialNumber, caller.userId(), code)) {
            throw StsErrors.accessDenied(FAILED + " with invalid MFA one time pass code.");
        }
        return true;
    }
}
