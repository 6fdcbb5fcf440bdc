package io.millrace.identity;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/// Where identities are kept. Everything that changes them goes through [#write], so that whoever
/// keeps answers in memory knows when they are old. Thread-safe.
public final class IdentityStore {
    private static final String ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int ID_LENGTH = 17;

    /// @param name of who refers to it, in lower case
    private record Reference(Link link, String from, Kind kind, String name) {}

    private final Store store;
    private final Ids ids;
    private final AtomicLong changes = new AtomicLong();
    private final ResourceCodec<StoredPrincipal> principals =
            new ResourceCodec<>(StoredPrincipal.class);
    private final ResourceCodec<ManagedPolicy> policies = new ResourceCodec<>(ManagedPolicy.class);
    private final ResourceCodec<InstanceProfile> profiles =
            new ResourceCodec<>(InstanceProfile.class);
    private final ResourceCodec<StoredAccessKey> accessKeys =
            new ResourceCodec<>(StoredAccessKey.class);
    private final ResourceCodec<StoredAccount> accounts = new ResourceCodec<>(StoredAccount.class);
    private final ResourceCodec<CredentialReport> reports =
            new ResourceCodec<>(CredentialReport.class);

    public IdentityStore(Store store, Ids ids) {
        this.store = store;
        this.ids = ids;
    }

    public <T extends @Nullable Object> T read(Function<? super Snapshot, ? extends T> body) {
        return store.<T>read(body);
    }

    /// A transaction that may change what someone is allowed.
    public <T extends @Nullable Object> T write(Function<? super Transaction, ? extends T> body) {
        return store.<T>write(transaction -> {
            transaction.afterCommit(changes::incrementAndGet);
            return body.apply(transaction);
        });
    }

    /// Grows with each change, before its writer hears of it. What was read after this was asked
    /// holds until it has grown. With several servers, a watch of the keys would make it grow.
    long changes() {
        return changes.get();
    }

    /// A new unique id, as `AIDA…`.
    public String newId(Kind kind) {
        return kind.idPrefix() + letters(ID_LENGTH);
    }

    /// Random letters as unique ids have them.
    public String letters(int count) {
        StringBuilder letters = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            letters.append(ID_LETTERS.charAt((int) (ids.number() & 31)));
        }
        return letters.toString();
    }

    public Optional<StoredPrincipal> principal(
            Snapshot snapshot, String accountId, Kind kind, String name) {
        return Optional.ofNullable(
                principals.decodeOrNull(snapshot.get(IdentityKeys.named(accountId, kind, name))));
    }

    /// The role with an ARN.
    public Optional<StoredPrincipal> role(Snapshot snapshot, Arn arn) {
        String name = arn.resource().substring(arn.resource().lastIndexOf('/') + 1);
        return principal(snapshot, arn.accountId(), Kind.ROLE, name)
                .filter(each -> each.arn(arn.accountId()).equals(arn.toString()));
    }

    /// Writes a principal that is new, changed, renamed or, with `after` null, gone; and all that
    /// refers to it.
    public void put(
            Transaction transaction,
            String accountId,
            @Nullable StoredPrincipal before,
            @Nullable StoredPrincipal after) {
        Kind kind = before != null ? before.kind() : after != null ? after.kind() : Kind.USER;
        replace(
                transaction,
                accountId,
                kind,
                before == null ? null : before.name(),
                after == null ? null : after.name(),
                after == null ? null : principals.encode(after));
        Set<Reference> old = references(before);
        Set<Reference> now = references(after);
        for (Reference reference : old) {
            if (!now.contains(reference)) {
                unlink(transaction, accountId, reference);
            }
        }
        for (Reference reference : now) {
            if (!old.contains(reference)) {
                link(transaction, accountId, reference);
            }
        }
        if (before != null && after != null && !before.name().equals(after.name())) {
            for (String id : after.accessKeys()) {
                accessKey(transaction, id)
                        .ifPresent(
                                key -> putAccessKey(transaction, key.withUserName(after.name())));
            }
        }
    }

    private static Set<Reference> references(@Nullable StoredPrincipal principal) {
        Set<Reference> references = new HashSet<>();
        if (principal != null) {
            String name = IdentityKeys.lower(principal.name());
            for (String arn : principal.attachedPolicies()) {
                references.add(new Reference(Link.ATTACHED, arn, principal.kind(), name));
            }
            if (principal.boundary() != null) {
                references.add(
                        new Reference(Link.BOUNDARY, principal.boundary(), principal.kind(), name));
            }
            for (String group : principal.groups()) {
                references.add(
                        new Reference(
                                Link.MEMBER, IdentityKeys.lower(group), principal.kind(), name));
            }
        }
        return references;
    }

    public Optional<ManagedPolicy> policy(Snapshot snapshot, String accountId, String name) {
        return Optional.ofNullable(
                policies.decodeOrNull(
                        snapshot.get(IdentityKeys.named(accountId, Kind.POLICY, name))));
    }

    /// Writes a managed policy that is new, changed or, with `after` null, gone.
    public void put(
            Transaction transaction,
            String accountId,
            @Nullable ManagedPolicy before,
            @Nullable ManagedPolicy after) {
        replace(
                transaction,
                accountId,
                Kind.POLICY,
                before == null ? null : before.name(),
                after == null ? null : after.name(),
                after == null ? null : policies.encode(after));
    }

    public Optional<InstanceProfile> profile(Snapshot snapshot, String accountId, String name) {
        return Optional.ofNullable(
                profiles.decodeOrNull(
                        snapshot.get(IdentityKeys.named(accountId, Kind.INSTANCE_PROFILE, name))));
    }

    /// Writes an instance profile that is new, changed or, with `after` null, gone.
    public void put(
            Transaction transaction,
            String accountId,
            @Nullable InstanceProfile before,
            @Nullable InstanceProfile after) {
        replace(
                transaction,
                accountId,
                Kind.INSTANCE_PROFILE,
                before == null ? null : before.name(),
                after == null ? null : after.name(),
                after == null ? null : profiles.encode(after));
        Reference old = reference(before);
        Reference now = reference(after);
        if (old != null && !old.equals(now)) {
            unlink(transaction, accountId, old);
        }
        if (now != null && !now.equals(old)) {
            link(transaction, accountId, now);
        }
    }

    private static @Nullable Reference reference(@Nullable InstanceProfile profile) {
        return profile == null || profile.role() == null
                ? null
                : new Reference(
                        Link.PROFILE,
                        IdentityKeys.lower(profile.role()),
                        Kind.INSTANCE_PROFILE,
                        IdentityKeys.lower(profile.name()));
    }

    private static void replace(
            Transaction transaction,
            String accountId,
            Kind kind,
            @Nullable String before,
            @Nullable String after,
            byte @Nullable [] value) {
        if (before != null && !before.equals(after)) {
            transaction.delete(IdentityKeys.named(accountId, kind, before));
        }
        if (after != null && value != null) {
            transaction.put(IdentityKeys.named(accountId, kind, after), value);
        }
        long delta = (after == null ? 0L : 1L) - (before == null ? 0L : 1L);
        if (delta != 0) {
            transaction.add(IdentityKeys.count(accountId, kind.word()), delta);
        }
    }

    private static void link(Transaction transaction, String accountId, Reference to) {
        transaction.put(
                IdentityKeys.link(accountId, to.link(), to.from(), to.kind(), to.name()),
                Bytes.EMPTY);
        transaction.add(IdentityKeys.count(accountId, to.link() + " " + to.from()), 1);
    }

    private static void unlink(Transaction transaction, String accountId, Reference to) {
        transaction.delete(
                IdentityKeys.link(accountId, to.link(), to.from(), to.kind(), to.name()));
        transaction.add(IdentityKeys.count(accountId, to.link() + " " + to.from()), -1);
    }

    /// How many of a kind an account has.
    public int count(Snapshot snapshot, String accountId, Kind kind) {
        return count(snapshot, accountId, kind.word());
    }

    /// How many are linked from `from`.
    ///
    /// @param from a policy's ARN, or a name of a group or role
    public int count(Snapshot snapshot, String accountId, Link link, String from) {
        return count(snapshot, accountId, link + " " + from(link, from));
    }

    private static int count(Snapshot snapshot, String accountId, String what) {
        return (int) Bytes.counter(snapshot.get(IdentityKeys.count(accountId, what)));
    }

    private static String from(Link link, String from) {
        return link == Link.ATTACHED || link == Link.BOUNDARY ? from : IdentityKeys.lower(from);
    }

    /// The keys of all of a kind, in the order of names.
    public byte[] all(String accountId, Kind kind) {
        return IdentityKeys.named(accountId, kind);
    }

    /// The keys of all of a kind that are linked from `from`, for [#linkedName].
    public byte[] linked(String accountId, Link link, String from, Kind kind) {
        return IdentityKeys.links(accountId, link, from(link, from), kind);
    }

    /// The name that such a key ends with, in lower case.
    public static String linkedName(byte[] key) {
        return IdentityKeys.linkedName(key);
    }

    /// The names that are linked from `from`, in lower case, in their order.
    public List<String> linkedNames(
            Snapshot snapshot, String accountId, Link link, String from, Kind kind, int countMax) {
        List<String> names = new ArrayList<>();
        try (Cursor cursor = snapshot.prefix(linked(accountId, link, from, kind))) {
            while (names.size() < countMax && cursor.next()) {
                names.add(linkedName(cursor.key()));
            }
        }
        return names;
    }

    public StoredPrincipal decodePrincipal(byte[] value) {
        return principals.decode(value);
    }

    public ManagedPolicy decodePolicy(byte[] value) {
        return policies.decode(value);
    }

    public InstanceProfile decodeProfile(byte[] value) {
        return profiles.decode(value);
    }

    public Optional<StoredAccessKey> accessKey(Snapshot snapshot, String id) {
        return Optional.ofNullable(
                accessKeys.decodeOrNull(snapshot.get(IdentityKeys.accessKey(id))));
    }

    public void putAccessKey(Transaction transaction, StoredAccessKey key) {
        transaction.put(IdentityKeys.accessKey(key.id()), accessKeys.encode(key));
    }

    public void removeAccessKey(Transaction transaction, String id) {
        transaction.delete(IdentityKeys.accessKey(id));
        transaction.delete(IdentityKeys.lastUse(id));
    }

    public StoredAccount account(Snapshot snapshot, String accountId) {
        StoredAccount account =
                accounts.decodeOrNull(snapshot.get(IdentityKeys.account(accountId)));
        return account == null ? StoredAccount.NONE : account;
    }

    public void put(Transaction transaction, String accountId, StoredAccount account) {
        transaction.put(IdentityKeys.account(accountId), accounts.encode(account));
    }

    public Optional<CredentialReport> credentialReport(Snapshot snapshot, String accountId) {
        return Optional.ofNullable(
                reports.decodeOrNull(snapshot.get(IdentityKeys.credentialReport(accountId))));
    }

    public void put(Transaction transaction, String accountId, CredentialReport report) {
        transaction.put(IdentityKeys.credentialReport(accountId), reports.encode(report));
    }

    /// Whose an alias is; null for nobody's.
    public @Nullable String accountOfAlias(Snapshot snapshot, String alias) {
        byte[] account = snapshot.get(IdentityKeys.alias(alias));
        return account == null ? null : new String(account, StandardCharsets.US_ASCII);
    }

    public void putAlias(Transaction transaction, String alias, String accountId) {
        transaction.put(IdentityKeys.alias(alias), accountId.getBytes(StandardCharsets.US_ASCII));
    }

    public void removeAlias(Transaction transaction, String alias) {
        transaction.delete(IdentityKeys.alias(alias));
    }
}
