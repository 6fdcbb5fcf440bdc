package io.millrace.service.sts;

import io.millrace.api.sts.AssumedRoleUser;
import io.millrace.identity.StoredPrincipal;
import io.millrace.identity.StoredSession;
import io.millrace.pattern.Arn;
import io.millrace.wire.PrincipalType;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.TreeMap;

/// What every way to assume a role has in common.
final class AssumedRole {

    private AssumedRole() {}

    /// The ARN of a role.
    ///
    /// @throws io.millrace.wire.ServiceException `ValidationError` for one that is none
    static Arn arn(String text) {
        return Arn.parse(text)
                .filter(each -> each.service().equals("iam"))
                .filter(each -> each.resource().startsWith("role/"))
                .orElseThrow(() -> StsErrors.validation(text + " is invalid"));
    }

    static void checkDuration(StoredPrincipal role, int seconds) {
        if (seconds > role.traits().maxSessionSeconds()) {
            throw StsErrors.validation(
                    "The requested DurationSeconds exceeds the MaxSessionDuration set for this"
                            + " role.");
        }
    }

    /// A session that has not begun.
    ///
    /// @param policies what it is restricted to; null for no restriction
    static StoredSession session(
            Arn arn, StoredPrincipal role, String name, @Nullable List<String> policies) {
        return StoredSession.wanted(
                        arn.accountId(), PrincipalType.ASSUMED_ROLE, role.id(), role.name(), name)
                .restricted(policies, new TreeMap<>());
    }

    static AssumedRoleUser user(StoredSession session) {
        return new AssumedRoleUser(
                session.principalId() + ":" + session.name(),
                "arn:aws:sts::"
                        + session.accountId()
                        + ":assumed-role/"
                        + session.principalName()
                        + "/"
                        + session.name());
    }
}
