package io.millrace.identity;

import io.millrace.engine.Snapshot;
import io.millrace.secret.Secrets;
import io.millrace.wire.Credential;
import io.millrace.wire.Identities;
import io.millrace.wire.Identity;
import io.millrace.wire.Permissions;
import io.millrace.wire.PrincipalType;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Who holds which access key: first the keys that the server was started with, then users' keys,
/// then temporary ones.
///
/// Answers are kept in memory with the number of changes that had happened before they were read,
/// and count as long as that number stands. Thread-safe.
public final class StoredIdentities implements Identities {
    private static final int KEPT_MAX = 10_000;
    private static final Pattern LASTING = Pattern.compile("AKIA[A-Z2-7]{16}");
    private static final Pattern TEMPORARY = Pattern.compile("ASIA[A-Z2-7]{16}");

    /// @param identity null for a key that nobody holds
    private record Kept(long changes, @Nullable Identity identity) {}

    /// @param secret sealed
    private record Found(
            byte[] secret,
            byte @Nullable [] token,
            @Nullable Instant expiresAt,
            String accountId,
            String arn,
            String userId,
            PrincipalType type,
            Permissions permissions,
            Map<String, List<String>> context) {}

    private final Map<String, Identity> configured;
    private final boolean believesEveryone;
    private final IdentityStore identities;
    private final Sessions sessions;
    private final Grants grants;
    private final Secrets secrets;
    private final LastUses lastUses;
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();

    /// @param configured the keys that the server was started with
    /// @param believesEveryone whether no signature is verified, as in development mode
    public StoredIdentities(
            Collection<Credential> configured,
            boolean believesEveryone,
            IdentityStore identities,
            Sessions sessions,
            Secrets secrets,
            LastUses lastUses) {
        this.configured =
                configured.stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        Credential::accessKeyId, Identity::root));
        this.believesEveryone = believesEveryone;
        this.identities = identities;
        this.sessions = sessions;
        this.grants = new Grants(identities);
        this.secrets = secrets;
        this.lastUses = lastUses;
    }

    @Override
    public boolean believesEveryone() {
        return believesEveryone;
    }

    @Override
    public @Nullable Identity holder(String accessKeyId) {
        Identity root = configured.get(accessKeyId);
        if (root != null) {
            return root;
        }
        if (!accessKeyId.startsWith("A")) { // nor is anything looked up for a development key
            return null;
        }
        Kept known = kept.get(accessKeyId);
        long changes = identities.changes();
        if (known != null && known.changes() == changes) {
            return known.identity();
        }
        boolean lasting = LASTING.matcher(accessKeyId).matches();
        if (!lasting && !TEMPORARY.matcher(accessKeyId).matches()) {
            return null;
        }
        Identity identity = load(accessKeyId, lasting);
        if (identity != null || lasting) { // a temporary key is made without a change
            if (kept.size() >= KEPT_MAX) {
                kept.clear();
            }
            kept.put(accessKeyId, new Kept(changes, identity));
        }
        return identity;
    }

    @Override
    public void used(Identity identity, String service, String region) {
        String accessKeyId = identity.credential().accessKeyId();
        if (identity.type() == PrincipalType.USER && identity.credential().sessionToken() == null) {
            lastUses.note(accessKeyId, service, region);
        } else if (identity.type() == PrincipalType.ASSUMED_ROLE) {
            String roleId = identity.userId().substring(0, identity.userId().indexOf(':'));
            lastUses.note(roleId, service, region);
        }
    }

    private @Nullable Identity load(String accessKeyId, boolean lasting) {
        Found found =
                identities.<@Nullable Found>read(snapshot ->
                        lasting
                                ? user(snapshot, accessKeyId).orElse(null)
                                : sessions.find(snapshot, accessKeyId)
                                        .flatMap(session -> of(snapshot, session))
                                        .orElse(null));
        if (found == null) {
            return null;
        }
        byte[] secret = secrets.open(found.secret(), StoredAccessKey.context(accessKeyId));
        return new Identity(
                new Credential(
                        accessKeyId,
                        new String(secret, StandardCharsets.US_ASCII),
                        token(found, accessKeyId),
                        found.expiresAt()),
                found.accountId(),
                found.arn(),
                found.userId(),
                found.type(),
                found.permissions(),
                found.context());
    }

    private @Nullable String token(Found found, String accessKeyId) {
        byte[] sealed = found.token();
        return sealed == null
                ? null
                : new String(
                        secrets.open(sealed, StoredSession.tokenContext(accessKeyId)),
                        StandardCharsets.US_ASCII);
    }

    private Optional<Found> user(Snapshot snapshot, String accessKeyId) {
        Optional<StoredAccessKey> key =
                identities.accessKey(snapshot, accessKeyId).filter(StoredAccessKey::active);
        if (key.isEmpty()) {
            return Optional.empty();
        }
        String account = key.get().accountId();
        return identities
                .principal(snapshot, account, Kind.USER, key.get().userName())
                .map(user ->
                        new Found(
                                key.get().sealedSecret(),
                                null,
                                null,
                                account,
                                user.arn(account),
                                user.id(),
                                PrincipalType.USER,
                                grants.of(snapshot, account, user, null),
                                userContext(user)));
    }

    private static Map<String, List<String>> userContext(StoredPrincipal user) {
        Map<String, List<String>> context = new HashMap<>();
        context.put("aws:username", List.of(user.name()));
        StoredSession.putTags(context, user.tags());
        return context;
    }

    /// Empty when the principal behind the session is gone.
    private Optional<Found> of(Snapshot snapshot, StoredSession session) {
        String account = session.accountId();
        if (session.principalId().isEmpty()) {
            return Optional.of(ofRoot(session));
        }
        boolean ofRole = session.type() == PrincipalType.ASSUMED_ROLE;
        Kind kind = ofRole ? Kind.ROLE : Kind.USER;
        return identities
                .principal(snapshot, account, kind, session.principalName())
                .filter(principal -> principal.id().equals(session.principalId()))
                .map(principal -> {
                    Map<String, List<String>> context = userContext(principal);
                    if (session.type() != PrincipalType.USER) {
                        context.remove("aws:username");
                    }
                    if (ofRole) {
                        context.put("aws:principalarn", List.of(principal.arn(account)));
                    }
                    Permissions permissions =
                            grants.of(snapshot, account, principal, session.policies());
                    return found(session, principal.arn(account), permissions, context);
                });
    }

    private static Found ofRoot(StoredSession session) {
        boolean federated = session.type() == PrincipalType.FEDERATED_USER;
        Permissions permissions =
                federated
                        ? new Permissions(true, List.of(), null, session.policies())
                        : Permissions.ROOT;
        String arn = "arn:aws:iam::" + session.accountId() + ":root";
        return found(session, arn, permissions, new HashMap<>());
    }

    private static Found found(
            StoredSession session,
            String principalArn,
            Permissions permissions,
            Map<String, List<String>> context) {
        String account = session.accountId();
        StoredSession.putTags(context, session.tags());
        context.put(
                "aws:tokenissuetime",
                List.of(Instant.ofEpochMilli(session.createdMillis()).toString()));
        Long mfaMillis = session.mfaMillis();
        context.put("aws:multifactorauthpresent", List.of(String.valueOf(mfaMillis != null)));
        if (mfaMillis != null) {
            context.put(Identity.MFA_TIME, List.of(String.valueOf(mfaMillis)));
        }
        if (session.federation() != null) {
            context.putAll(session.federation());
        }
        if (session.sourceIdentity() != null) {
            context.put("aws:sourceidentity", List.of(session.sourceIdentity()));
        }
        String id = session.principalId().isEmpty() ? account : session.principalId();
        return new Found(
                session.sealedSecret(),
                session.sealedToken(),
                Instant.ofEpochMilli(session.expiresMillis()),
                account,
                switch (session.type()) {
                    case ACCOUNT, USER -> principalArn;
                    case ASSUMED_ROLE -> sts(session, "assumed-role/" + session.principalName());
                    case FEDERATED_USER -> sts(session, "federated-user");
                },
                switch (session.type()) {
                    case ACCOUNT, USER -> id;
                    case ASSUMED_ROLE -> id + ":" + session.name();
                    case FEDERATED_USER -> account + ":" + session.name();
                },
                session.type(),
                permissions,
                context);
    }

    private static String sts(StoredSession session, String what) {
        return "arn:aws:sts::" + session.accountId() + ":" + what + "/" + session.name();
    }
}
