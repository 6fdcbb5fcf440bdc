package io.millrace.service.kms;

import io.millrace.api.kms.ImportKeyMaterialRequest;
import io.millrace.api.kms.ImportKeyMaterialResponse;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.secret.Secrets;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// `ImportKeyMaterial`: gives a key the material that it was made without, or gives it back; a
/// second one for a symmetric key waits for a rotation on demand. Durable when it returns. Errors:
/// `IncorrectKeyMaterialException`, `InvalidCiphertextException`, `InvalidImportTokenException`,
/// `ExpiredImportTokenException`, `KMSInvalidStateException`. Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_ImportKeyMaterial.html).
final class ImportKeyMaterial
        implements Operation<ImportKeyMaterialRequest, ImportKeyMaterialResponse> {
    private static final String EXPIRES = "KEY_MATERIAL_EXPIRES";
    private static final String NEW = "NEW_KEY_MATERIAL";

    private final Store store;
    private final InstantSource clock;
    private final Keys keys;
    private final Materials materials;
    private final Secrets secrets;

    ImportKeyMaterial(
            Store store, InstantSource clock, Keys keys, Materials materials, Secrets secrets) {
        this.store = store;
        this.clock = clock;
        this.keys = keys;
        this.materials = materials;
        this.secrets = secrets;
    }

    /// @throws io.millrace.wire.ServiceException `UnsupportedOperationException`
    static StoredKey requireExternal(StoredKey key) {
        if (!key.external()) {
            throw KmsErrors.origin(key);
        }
        return key;
    }

    @Override
    public ImportKeyMaterialResponse handle(Caller caller, ImportKeyMaterialRequest request) {
        Long expires = expires(request);
        KeyAction action =
                KeyAction.of("ImportKeyMaterial")
                        .with("kms:expirationmodel", KeyShapes.expirationModel(expires))
                        .with("kms:validto", request.validTo());
        StoredKey key =
                requireExternal(
                        store.read(snapshot ->
                                        keys.requireOwn(snapshot, caller, request.keyId(), action))
                                .requireAlive());
        ImportToken token =
                ImportToken.open(secrets, key.name(), request.importToken(), clock.millis());
        byte[] material = ImportedMaterial.unwrap(token, request.encryptedKeyMaterial());
        byte[] plain = ImportedMaterial.check(key.spec(), material);
        String id = ImportedMaterial.id(key, material);
        if (request.keyMaterialId() != null && !request.keyMaterialId().equals(id)) {
            throw KmsErrors.incorrectMaterial(
                    "The key material is not the one with the given key material ID.");
        }
        Materials.Made made = materials.seal(key.name(), id, plain);
        keys.change(
                caller,
                request.keyId(),
                action,
                (tx, before) -> take(tx, before.requireAlive(), made, request, expires));
        return ImportKeyMaterialResponse.builder()
                .keyId(key.arn())
                .keyMaterialId(key.spec() == KeySpec.SYMMETRIC_DEFAULT ? id : null)
                .build();
    }

    private StoredKey take(
            Transaction tx,
            StoredKey key,
            Materials.Made made,
            ImportKeyMaterialRequest request,
            @Nullable Long expires) {
        StoredMaterial known = key.material(made.id()).orElse(null);
        boolean first = key.materials().isEmpty();
        boolean asNew = request.importType() == null ? first : NEW.equals(request.importType());
        if (known == null && !asNew) {
            throw KmsErrors.incorrectMaterial(
                    "The key material is not the one that was imported into this key before.");
        }
        if (known != null && asNew) {
            throw KmsErrors.incorrectMaterial(
                    "The key material was imported into this key before.");
        }
        if (known == null && !first) {
            checkSecond(key);
        }
        String description = request.keyMaterialDescription();
        StoredMaterial material =
                new StoredMaterial(
                        made.id(),
                        known == null ? clock.millis() : known.createdMillis(),
                        known == null ? null : known.rotation(),
                        true,
                        expires,
                        description == null && known != null ? known.description() : description,
                        known == null ? !first : known.waiting());
        List<StoredMaterial> all = new ArrayList<>(key.materials());
        if (known == null) {
            all.add(material);
        } else {
            all.set(all.indexOf(known), material);
        }
        StoredKey changed = key.change().materials(all).build();
        Materials.put(tx, key.name(), made);
        keys.put(tx, changed);
        return changed;
    }

    private static void checkSecond(StoredKey key) {
        if (key.spec() != KeySpec.SYMMETRIC_DEFAULT) {
            throw KmsErrors.incorrectMaterial(
                    "A key of the key spec " + key.spec() + " has one key material only.");
        }
        if (key.multiRegion()) {
            throw KmsErrors.notImplemented("a second key material of a multi-Region key");
        }
        if (key.materials().stream().anyMatch(StoredMaterial::waiting)) {
            throw KmsErrors.state(
                    key.arn() + " has imported key material that is pending rotation.");
        }
    }

    private @Nullable Long expires(ImportKeyMaterialRequest request) {
        Instant validTo = request.validTo();
        boolean expires =
                request.expirationModel() == null || request.expirationModel().equals(EXPIRES);
        if (!expires) {
            if (validTo != null) {
                throw KmsErrors.validation(
                        "A validTo date must not be set if the ExpirationModel is"
                                + " KEY_MATERIAL_DOES_NOT_EXPIRE");
            }
            return null;
        }
        if (validTo == null) {
            throw KmsErrors.validation(
                    "A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES");
        }
        Instant now = clock.instant();
        if (!validTo.isAfter(now) || validTo.isAfter(now.plus(KmsLimits.IMPORT_AGE_MAX))) {
            throw KmsErrors.validation(
                    "The validTo date must be in the future, and within 365 days.");
        }
        return validTo.toEpochMilli();
    }
}
