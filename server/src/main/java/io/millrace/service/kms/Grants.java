package io.millrace.service.kms;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Caller;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// The stored grants, and what they allow. A grant is good as soon as it is there; its token adds
/// nothing, and is checked. Thread-safe.
final class Grants {
    private static final String SESSION = "assumed-role/";

    /// What has no encryption context, so that constraints are not about it.
    static final Set<String> WITHOUT_CONTEXT = Set.of("CreateGrant", "DescribeKey", "RetireGrant");

    private static final String TOKEN_SEPARATOR = "|";
    private static final int TOKEN_PARTS = 5;

    private final ResourceCodec<StoredGrant> codec = new ResourceCodec<>(StoredGrant.class);

    Optional<StoredGrant> find(Snapshot snapshot, KeyName key, String grantId) {
        return Optional.ofNullable(codec.decodeOrNull(snapshot.get(KmsKeys.grant(key, grantId))));
    }

    StoredGrant decode(byte[] value) {
        return codec.decode(value);
    }

    /// Puts a new one.
    ///
    /// @throws io.millrace.wire.ServiceException `LimitExceededException`
    void put(Transaction tx, StoredGrant grant) {
        KeyName key = grant.key();
        if (Bytes.counter(tx.get(KmsKeys.grantCount(key))) >= KmsLimits.GRANTS_MAX) {
            throw KmsErrors.limit(
                    "A key must not have more than " + KmsLimits.GRANTS_MAX + " grants.");
        }
        tx.add(KmsKeys.grantCount(key), 1);
        tx.put(KmsKeys.grant(key, grant.grantId()), codec.encode(grant));
        tx.put(KmsKeys.granted(key, grant.grantee(), grant.grantId()), new byte[0]);
        if (grant.retiring() != null) {
            tx.put(KmsKeys.retirable(grant.retiring(), key, grant.grantId()), new byte[0]);
        }
    }

    void delete(Transaction tx, StoredGrant grant) {
        KeyName key = grant.key();
        tx.add(KmsKeys.grantCount(key), -1);
        tx.delete(KmsKeys.grant(key, grant.grantId()));
        tx.delete(KmsKeys.granted(key, grant.grantee(), grant.grantId()));
        if (grant.retiring() != null) {
            tx.delete(KmsKeys.retirable(grant.retiring(), key, grant.grantId()));
        }
    }

    /// The first grants of a key, at most so many.
    List<StoredGrant> of(Snapshot snapshot, KeyName key, int countMax) {
        List<StoredGrant> grants = new ArrayList<>();
        try (Cursor cursor = snapshot.prefix(KmsKeys.grants(key))) {
            while (grants.size() < countMax && cursor.next()) {
                grants.add(codec.decode(cursor.value()));
            }
        }
        return grants;
    }

    /// The grants of a key to one principal.
    List<StoredGrant> to(Snapshot snapshot, KeyName key, String principal) {
        List<StoredGrant> grants = new ArrayList<>();
        try (Cursor cursor = snapshot.prefix(KmsKeys.granted(key, principal))) {
            while (grants.size() < KmsLimits.GRANTS_MAX && cursor.next()) {
                find(snapshot, key, KmsKeys.readGranted(cursor.key())).ifPresent(grants::add);
            }
        }
        return grants;
    }

    /// Whether a grant lets the caller do this.
    ///
    /// @param also what the grant must be, beyond that
    boolean allow(
            Snapshot snapshot,
            Caller caller,
            StoredKey key,
            KeyAction action,
            Predicate<StoredGrant> also) {
        for (String principal : principals(caller)) {
            for (StoredGrant grant : to(snapshot, key.name(), principal)) {
                if (allows(grant, action) && also.test(grant)) {
                    return true;
                }
            }
        }
        return false;
    }

    /// The ids of those of the caller's grants that are such.
    List<String> ids(
            Snapshot snapshot, Caller caller, StoredKey key, Predicate<StoredGrant> which) {
        return principals(caller).stream()
                .flatMap(principal -> to(snapshot, key.name(), principal).stream())
                .filter(which)
                .map(StoredGrant::grantId)
                .toList();
    }

    private static boolean allows(StoredGrant grant, KeyAction action) {
        StoredGrant.Limits limits = grant.limits();
        return grant.operations().contains(action.name())
                && (limits == null
                        || WITHOUT_CONTEXT.contains(action.name())
                        || limits.allow(action));
    }

    /// Whose grants count for a caller: its own, and for a session those of its role.
    static List<String> principals(Caller caller) {
        Optional<Arn> arn = Arn.parse(caller.principalArn());
        if (arn.isPresent() && arn.get().resource().startsWith(SESSION)) {
            String role = arn.get().resource().substring(SESSION.length()).split("/", 2)[0];
            return List.of(
                    caller.principalArn(),
                    "arn:aws:iam::" + arn.get().accountId() + ":role/" + role);
        }
        return List.of(caller.principalArn());
    }

    /// `GrantToken`.
    static String token(StoredGrant grant) {
        String text =
                String.join(
                        TOKEN_SEPARATOR,
                        grant.accountId(),
                        grant.region(),
                        grant.keyId(),
                        grant.grantId(),
                        grant.secret());
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    /// What a token tells.
    record Token(KeyName key, String grantId, String secret) {}

    /// @throws io.millrace.wire.ServiceException `InvalidGrantTokenException`
    static Token parse(String token) {
        try {
            String text =
                    new String(Base64.getUrlDecoder().decode(token), StandardCharsets.US_ASCII);
            String[] parts = text.split("\\|", -1);
            if (parts.length == TOKEN_PARTS) {
                return new Token(new KeyName(parts[0], parts[1], parts[2]), parts[3], parts[4]);
            }
        } catch (IllegalArgumentException _) { // refused below
        }
        throw KmsErrors.invalidGrantToken();
    }
}
