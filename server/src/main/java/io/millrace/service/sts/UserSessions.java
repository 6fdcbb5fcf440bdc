package io.millrace.service.sts;

import io.millrace.api.sts.FederatedUser;
import io.millrace.api.sts.GetFederationTokenRequest;
import io.millrace.api.sts.GetFederationTokenResponse;
import io.millrace.api.sts.GetSessionTokenRequest;
import io.millrace.api.sts.GetSessionTokenResponse;
import io.millrace.identity.Grants;
import io.millrace.identity.IdentityStore;
import io.millrace.identity.StoredSession;
import io.millrace.wire.Caller;
import io.millrace.wire.Identity;
import io.millrace.wire.PrincipalType;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Temporary keys of whoever asks: `GetSessionToken`, which acts as the caller, and
/// `GetFederationToken`, which acts under another name within what the request grants. Errors:
/// `AccessDenied`, `MalformedPolicyDocument`, `PackedPolicyTooLarge`, `ValidationError`. Source:
/// [API reference](https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html).
final class UserSessions {
    private final IdentityStore identities;
    private final Grants grants;
    private final NewSessions newSessions;
    private final Codes codes;
    private final InstantSource clock;

    UserSessions(
            IdentityStore identities, NewSessions newSessions, Codes codes, InstantSource clock) {
        this.identities = identities;
        this.grants = new Grants(identities);
        this.newSessions = newSessions;
        this.codes = codes;
        this.clock = clock;
    }

    GetSessionTokenResponse session(Caller caller, GetSessionTokenRequest request) {
        checkLasting(caller, "GetSessionToken");
        boolean mfa = codes.check(caller, request.serialNumber(), request.tokenCode());
        StoredSession plain =
                of(caller, isRoot(caller) ? PrincipalType.ACCOUNT : PrincipalType.USER, "");
        StoredSession session = mfa ? plain.withMfa(clock.millis()) : plain;
        return GetSessionTokenResponse.builder()
                .credentials(
                        newSessions
                                .make(session, seconds(caller, request.durationSeconds()))
                                .credentials())
                .build();
    }

    GetFederationTokenResponse federation(Caller caller, GetFederationTokenRequest request) {
        checkLasting(caller, "GetFederationToken");
        Restriction restriction = Restriction.of(request.policy(), request.policyArns());
        Map<String, String> tags = SessionTags.of(request.tags());
        Integer packed = restriction.packedPercent(tags);
        String account = caller.accountId();
        List<String> documents =
                identities.read(snapshot -> restriction.documents(snapshot, account, grants));
        StoredSession session =
                of(caller, PrincipalType.FEDERATED_USER, request.name())
                        .restricted(documents, new TreeMap<>(tags));
        return GetFederationTokenResponse.builder()
                .credentials(
                        newSessions
                                .make(session, seconds(caller, request.durationSeconds()))
                                .credentials())
                .federatedUser(
                        new FederatedUser(
                                account + ":" + request.name(),
                                "arn:aws:sts::" + account + ":federated-user/" + request.name()))
                .packedPolicySize(packed)
                .build();
    }

    private static void checkLasting(Caller caller, String operation) {
        Identity identity = caller.identity();
        if (identity == null || identity.credential().sessionToken() != null) {
            throw StsErrors.accessDenied("Cannot call " + operation + " with session credentials");
        }
    }

    private static boolean isRoot(Caller caller) {
        Identity identity = caller.identity();
        return identity == null || identity.type() == PrincipalType.ACCOUNT;
    }

    /// A root's credentials are good for an hour at most, whatever is asked for.
    private static int seconds(Caller caller, @Nullable Integer requested) {
        int seconds = requested == null ? StsLimits.USER_SECONDS : requested;
        return isRoot(caller) ? Math.min(seconds, StsLimits.ROOT_SECONDS_MAX) : seconds;
    }

    private static StoredSession of(Caller caller, PrincipalType type, String name) {
        Identity identity = caller.identity();
        boolean root = isRoot(caller);
        return StoredSession.wanted(
                caller.accountId(),
                type,
                root ? "" : caller.userId(),
                root || identity == null
                        ? ""
                        : identity.context().getOrDefault("aws:username", List.of("")).getFirst(),
                name);
    }
}
