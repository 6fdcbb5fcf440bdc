package io.millrace.wire;

import java.util.List;
import java.util.Map;

/// Who holds an access key, and what that may do.
///
/// @param credential what requests are signed with
/// @param accountId 12 digits
/// @param arn as `arn:aws:iam::000000000000:user/alice`, or of an assumed role's session
///   `arn:aws:sts::000000000000:assumed-role/worker/session`
/// @param userId the unique id, as `AIDA…`, or `AROA…:session`
/// @param context condition keys that are known of the identity, by their names in lower case, such
///   as `aws:username` and `aws:principaltag/team`
public record Identity(
        Credential credential,
        String accountId,
        String arn,
        String userId,
        PrincipalType type,
        Permissions permissions,
        Map<String, List<String>> context) {

    /// In the context: when a code of an MFA device was given for a session (ms), which gives the
    /// age that conditions know.
    public static final String MFA_TIME = "millrace:mfatime";

    public Identity {
        context = Map.copyOf(context);
    }

    /// The account itself, which may do everything in it.
    public static Identity root(Credential credential) {
        String account = Credential.accountId(credential.accessKeyId());
        return new Identity(
                credential,
                account,
                "arn:aws:iam::" + account + ":root",
                account,
                PrincipalType.ACCOUNT,
                Permissions.ROOT,
                Map.of());
    }
}
