package io.millrace.service.kms;

import io.millrace.engine.Transaction;
import io.millrace.wire.ServiceException;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// The copies of a multi-Region key in other regions of this server. What they share (the material,
/// and which of them is the primary) changes in all of them in one transaction. Source:
/// [multi-Region
/// keys](https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html).
final class KeyCopies {
    private final Keys keys;

    KeyCopies(Keys keys) {
        this.keys = keys;
    }

    /// Refuses what is the primary's to do.
    ///
    /// @throws ServiceException `UnsupportedOperationException`
    static StoredKey requirePrimary(StoredKey key) {
        if (key.replica()) {
            throw KmsErrors.unsupported(
                    key.arn() + " is a multi-Region replica key; ask for its primary key.");
        }
        return key;
    }

    /// Puts the key and tells its copies which materials there are.
    void share(Transaction tx, StoredKey key) {
        keys.put(tx, key);
        if (!key.external()) { // what is imported, is imported into each copy
            change(tx, key, copy -> copy.change().materials(key.materials()).build());
        }
    }

    /// As [#share], with a new material.
    void share(Transaction tx, StoredKey key, Materials.Made made) {
        Materials.put(tx, key.name(), made);
        others(key).forEach(other -> Materials.put(tx, other, made));
        share(tx, key);
    }

    /// Changes the key's copies, but not the key.
    void change(Transaction tx, StoredKey key, UnaryOperator<StoredKey> change) {
        for (KeyName other : others(key)) {
            keys.find(tx, other).ifPresent(copy -> keys.put(tx, change.apply(copy)));
        }
    }

    /// Where the key is, besides in its own region.
    static List<KeyName> others(StoredKey key) {
        List<KeyName> names = new ArrayList<>();
        StoredKey.Replicas replicas = key.replicas();
        if (replicas != null) {
            List<String> regions = new ArrayList<>(replicas.others());
            regions.add(replicas.primaryRegion());
            for (String region : regions) {
                if (!region.equals(key.region())) {
                    names.add(key.name().in(region));
                }
            }
        }
        return names;
    }
}
