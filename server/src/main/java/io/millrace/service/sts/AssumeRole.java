package io.millrace.service.sts;

import io.millrace.api.sts.AssumeRoleRequest;
import io.millrace.api.sts.AssumeRoleResponse;
import io.millrace.engine.Snapshot;
import io.millrace.identity.Grants;
import io.millrace.identity.IdentityStore;
import io.millrace.identity.Sessions;
import io.millrace.identity.StoredPrincipal;
import io.millrace.identity.StoredSession;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Identity;
import io.millrace.wire.Operation;
import io.millrace.wire.PrincipalType;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// `AssumeRole`: a session of a role, for whoever its trust policy lets in. Errors: `AccessDenied`,
/// `MalformedPolicyDocument`, `PackedPolicyTooLarge`, `ValidationError`. Source: [API
/// reference](https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
final class AssumeRole implements Operation<AssumeRoleRequest, AssumeRoleResponse> {
    private static final String ASSUME = "sts:AssumeRole";

    /// What a session hands on to the next in a chain.
    private record Inherited(Map<String, String> tags, @Nullable String sourceIdentity) {}

    private final IdentityStore identities;
    private final Sessions sessions;
    private final Grants grants;
    private final NewSessions newSessions;
    private final Trust trust;
    private final Codes codes;

    AssumeRole(
            IdentityStore identities,
            Sessions sessions,
            NewSessions newSessions,
            Trust trust,
            Codes codes) {
        this.identities = identities;
        this.sessions = sessions;
        this.grants = new Grants(identities);
        this.newSessions = newSessions;
        this.trust = trust;
        this.codes = codes;
    }

    @Override
    public AssumeRoleResponse handle(Caller caller, AssumeRoleRequest request) {
        boolean mfa = codes.check(caller, request.serialNumber(), request.tokenCode());
        Arn arn = AssumedRole.arn(request.roleArn());
        Restriction restriction = Restriction.of(request.policy(), request.policyArns());
        Map<String, String> passed = SessionTags.of(request.tags());
        Integer packed = restriction.packedPercent(passed);
        StoredSession session =
                identities.read(snapshot ->
                        begin(snapshot, caller, request, arn, restriction, passed, mfa));
        NewSessions.Made made = newSessions.make(session, seconds(request));
        return AssumeRoleResponse.builder()
                .credentials(made.credentials())
                .assumedRoleUser(AssumedRole.user(session))
                .packedPolicySize(packed)
                .sourceIdentity(session.sourceIdentity())
                .build();
    }

    private static int seconds(AssumeRoleRequest request) {
        Integer seconds = request.durationSeconds();
        return seconds == null ? StsLimits.ROLE_SECONDS : seconds;
    }

    private StoredSession begin(
            Snapshot snapshot,
            Caller caller,
            AssumeRoleRequest request,
            Arn arn,
            Restriction restriction,
            Map<String, String> passed,
            boolean mfa) {
        Inherited inherited = inherited(snapshot, caller);
        checkPassed(request, passed, inherited);
        StoredPrincipal role = role(snapshot, caller, arn);
        Trust.Wish wish =
                new Trust.Wish(
                        request.roleSessionName(),
                        request.externalId(),
                        passed,
                        !inherited.tags().isEmpty(),
                        transitive(request),
                        request.sourceIdentity() == null
                                ? inherited.sourceIdentity()
                                : request.sourceIdentity(),
                        mfa);
        trust.check(caller, arn, role, wish);
        checkDuration(caller, request, role);
        Map<String, String> tags = new TreeMap<>(passed);
        tags.putAll(inherited.tags());
        List<String> transitiveKeys = new ArrayList<>(transitive(request));
        transitiveKeys.addAll(inherited.tags().keySet());
        return AssumedRole.session(
                        arn,
                        role,
                        request.roleSessionName(),
                        restriction.documentsOrNull(snapshot, arn.accountId(), grants))
                .carrying(
                        new TreeMap<>(tags),
                        transitiveKeys,
                        wish.sourceIdentity(),
                        isChained(caller),
                        null);
    }

    /// That a role is not there looks as if it did not trust the caller.
    private StoredPrincipal role(Snapshot snapshot, Caller caller, Arn arn) {
        return identities
                .role(snapshot, arn)
                .orElseThrow(() -> StsErrors.notAuthorized(caller, ASSUME, arn.toString()));
    }

    private static List<String> transitive(AssumeRoleRequest request) {
        List<String> keys = request.transitiveTagKeys();
        return keys == null ? List.of() : keys;
    }

    private static void checkPassed(
            AssumeRoleRequest request, Map<String, String> passed, Inherited inherited) {
        for (String key : transitive(request)) {
            if (!passed.containsKey(key)) {
                throw StsErrors.validation(
                        "The specified transitive tag key must be included in the requested"
                                + " tags.");
            }
        }
        for (String key : inherited.tags().keySet()) {
            if (passed.keySet().stream().anyMatch(key::equalsIgnoreCase)) {
                throw StsErrors.validation(
                        "One of the specified transitive tag keys can't be set because it"
                                + " conflicts with a transitive tag key from the calling"
                                + " session.");
            }
        }
        String source = inherited.sourceIdentity();
        if (source != null
                && request.sourceIdentity() != null
                && !source.equals(request.sourceIdentity())) {
            throw StsErrors.accessDenied(
                    "The source identity of the calling session cannot be changed.");
        }
    }

    private static void checkDuration(
            Caller caller, AssumeRoleRequest request, StoredPrincipal role) {
        int seconds = seconds(request);
        if (isChained(caller) && seconds > StsLimits.CHAINED_SECONDS_MAX) {
            throw StsErrors.validation(
                    "The requested DurationSeconds exceeds the 1 hour session limit for roles"
                            + " assumed by role chaining.");
        }
        AssumedRole.checkDuration(role, seconds);
    }

    private static boolean isChained(Caller caller) {
        Identity identity = caller.identity();
        return identity != null && identity.type() == PrincipalType.ASSUMED_ROLE;
    }

    private Inherited inherited(Snapshot snapshot, Caller caller) {
        Identity identity = caller.identity();
        Optional<StoredSession> session =
                identity == null || identity.credential().sessionToken() == null
                        ? Optional.empty()
                        : sessions.find(snapshot, identity.credential().accessKeyId());
        Map<String, String> tags = new TreeMap<>();
        session.ifPresent(each ->
                each.tags()
                        .forEach((key, value) -> {
                            if (each.transitiveTags().contains(key)) {
                                tags.put(key, value);
                            }
                        }));
        return new Inherited(tags, session.map(StoredSession::sourceIdentity).orElse(null));
    }
}
