package io.millrace.identity;

import io.millrace.engine.Cursor;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.storage.ResourceCodec;

import java.time.InstantSource;

/// How a data directory gets its first administrator, without anyone's leave: for whoever may read
/// the directory anyway. From then on a server that uses it wants signatures, on loopback too.
public final class Administrators {
    private static final String POLICY = "arn:aws:iam::aws:policy/AdministratorAccess";
    private static final int KEYS_MAX = 2;

    private final IdentityStore identities;
    private final InstantSource clock;
    private final NewKeys newKeys;

    public Administrators(IdentityStore identities, InstantSource clock, NewKeys newKeys) {
        this.identities = identities;
        this.clock = clock;
        this.newKeys = newKeys;
    }

    /// Whether an administrator was made for a data directory, so that requests must be signed.
    public static boolean areThere(Store store) {
        return store.<Boolean>read(snapshot -> snapshot.get(IdentityKeys.secured()) != null);
    }

    /// Whether anyone has an access key that may sign.
    public static boolean haveKeys(Store store) {
        ResourceCodec<StoredAccessKey> codec = new ResourceCodec<>(StoredAccessKey.class);
        return store.<Boolean>read(snapshot -> {
            try (Cursor cursor = snapshot.prefix(IdentityKeys.accessKeys())) {
                while (cursor.next()) { // ends with the keys
                    if (codec.decode(cursor.value()).active()) {
                        return true;
                    }
                }
            }
            return false;
        });
    }

    /// Makes a user who may do everything, or another access key of one who is there.
    ///
    /// @throws IllegalArgumentException when the user has as many keys as may be
    public NewKey create(String accountId, String userName) {
        if (!userName.matches("[\\w+=,.@-]{1,64}") || !accountId.matches("[0-9]{12}")) {
            throw new IllegalArgumentException(
                    "a user's name is at most 64 letters, digits or +=,.@-_; an account has 12"
                            + " digits");
        }
        NewKey key = newKeys.lasting();
        identities.write(tx -> {
            create(tx, accountId, userName, key);
            return key;
        });
        return key;
    }

    private void create(Transaction tx, String accountId, String userName, NewKey key) {
        StoredPrincipal before =
                identities.principal(tx, accountId, Kind.USER, userName).orElse(null);
        StoredPrincipal user =
                before == null
                        ? StoredPrincipal.of(
                                Kind.USER,
                                userName,
                                "/",
                                identities.newId(Kind.USER),
                                clock.millis())
                        : before;
        if (user.accessKeys().size() >= KEYS_MAX) {
            throw new IllegalArgumentException(
                    "the user "
                            + user.name()
                            + " has "
                            + KEYS_MAX
                            + " access keys, as many as may be; choose another --user");
        }
        identities.putAccessKey(
                tx,
                new StoredAccessKey(
                        key.id(), accountId, user.name(), key.sealed(), true, clock.millis()));
        identities.put(
                tx,
                accountId,
                before,
                user.withAccessKeys(StoredPrincipal.with(user.accessKeys(), key.id()))
                        .withAttachedPolicies(
                                StoredPrincipal.with(user.attachedPolicies(), POLICY)));
        tx.put(IdentityKeys.secured(), new byte[] {1});
    }
}
