package io.millrace.service.kms;

import io.millrace.engine.Cursor;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Does what is due to a key: deletes it, rotates it, takes imported material away that expired.
/// All of it in the transaction of the timer, so that it happens once.
final class DueKeys implements KeyClock.Deadlines {
    private static final String AUTOMATIC = "AUTOMATIC";

    private final Keys keys;
    private final KeyCopies copies;
    private final KeyClock clock;
    private final Grants grants;
    private final Materials materials;

    DueKeys(Keys keys, KeyCopies copies, KeyClock clock, Grants grants, Materials materials) {
        this.keys = keys;
        this.copies = copies;
        this.clock = clock;
        this.grants = grants;
        this.materials = materials;
    }

    @Override
    public void meet(Transaction tx, String arn, long nowMillis) {
        Arn parsed = Arn.parse(arn).orElseThrow();
        String id = parsed.resource().substring(KeyName.PREFIX.length());
        KeyName name = new KeyName(parsed.accountId(), parsed.region(), id);
        StoredKey key = keys.find(tx, name).orElse(null);
        if (key == null) {
            return;
        }
        StoredKey.Deletion deletion = key.deletion();
        if (deletion != null && deletion.dueMillis() > 0 && deletion.dueMillis() <= nowMillis) {
            delete(tx, key, nowMillis);
            return;
        }
        StoredKey left = expire(tx, key, nowMillis);
        StoredKey.Rotation rotation = left.rotation();
        if (rotation != null
                && rotation.nextMillis() <= nowMillis
                && left.state().equals("Enabled")
                && left.materials().size() < KmsLimits.MATERIALS_MAX) {
            rotate(tx, left, rotation, nowMillis);
        } else {
            copies.share(tx, left);
        }
    }

    /// Grants go in pages; the key goes with the last of them.
    private void delete(Transaction tx, StoredKey key, long nowMillis) {
        List<StoredGrant> page = grants.of(tx, key.name(), KmsLimits.REMOVAL_PAGE);
        page.forEach(grant -> grants.delete(tx, grant));
        if (page.size() == KmsLimits.REMOVAL_PAGE) {
            clock.again(tx, key);
            return;
        }
        for (String alias : aliases(tx, key.name())) {
            keys.findAlias(tx, key.accountId(), key.region(), alias)
                    .ifPresent(each -> keys.deleteAlias(tx, each));
        }
        for (StoredMaterial material : key.materials()) {
            tx.delete(KmsKeys.material(key.name(), material.id()));
        }
        tx.delete(KmsKeys.grantCount(key.name()));
        tx.delete(KmsKeys.key(key.name()));
        leave(tx, key, nowMillis);
    }

    private static List<String> aliases(Transaction tx, KeyName key) {
        List<String> names = new ArrayList<>();
        try (Cursor cursor = tx.prefix(KmsKeys.aliasesOf(key))) {
            while (cursor.next()) { // a key has few
                names.add(KmsKeys.readAliasOf(cursor.key()));
            }
        }
        return names;
    }

    /// Tells a replica's copies that it is gone; a primary that waited for its last one is next.
    private void leave(Transaction tx, StoredKey gone, long nowMillis) {
        copies.change(
                tx,
                gone,
                copy -> {
                    StoredKey.Replicas replicas = copy.replicas();
                    if (replicas == null) {
                        return copy;
                    }
                    List<String> others = new ArrayList<>(replicas.others());
                    others.remove(gone.region());
                    return copy.change()
                            .replicas(new StoredKey.Replicas(replicas.primaryRegion(), others))
                            .deletion(next(copy.deletion(), others, nowMillis))
                            .build();
                });
    }

    private static StoredKey.@Nullable Deletion next(
            StoredKey.@Nullable Deletion waiting, List<String> others, long nowMillis) {
        if (waiting == null || waiting.dueMillis() > 0 || !others.isEmpty()) {
            return waiting;
        }
        long due = nowMillis + Duration.ofDays(waiting.windowDays()).toMillis();
        return new StoredKey.Deletion(due, waiting.windowDays());
    }

    private static StoredKey expire(Transaction tx, StoredKey key, long nowMillis) {
        List<StoredMaterial> left = new ArrayList<>();
        for (StoredMaterial material : key.materials()) {
            Long expires = material.expiresMillis();
            if (expires != null && expires <= nowMillis) {
                tx.delete(KmsKeys.material(key.name(), material.id()));
                left.add(material.gone());
            } else {
                left.add(material);
            }
        }
        return key.change().materials(left).build();
    }

    /// The key had material before, so that sealing needs nothing of the store.
    private void rotate(
            Transaction tx, StoredKey key, StoredKey.Rotation rotation, long nowMillis) {
        Materials.Made made = materials.make(key.name(), key.spec());
        List<StoredMaterial> all = new ArrayList<>(key.materials());
        all.add(StoredMaterial.made(made.id(), nowMillis, AUTOMATIC));
        long period = Duration.ofDays(rotation.periodDays()).toMillis();
        long next = Math.max(rotation.nextMillis(), nowMillis - period) + period;
        copies.share(
                tx,
                key.change()
                        .materials(all)
                        .rotation(new StoredKey.Rotation(rotation.periodDays(), next))
                        .build(),
                made);
    }
}
