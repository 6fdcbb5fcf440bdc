package io.millrace.service.kms;

import io.millrace.api.kms.KmsApi;
import io.millrace.engine.Store;
import io.millrace.secret.CustomerKeys;
import io.millrace.secret.Secrets;
import io.millrace.wire.Ids;
import io.millrace.wire.Service;

import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// AWS Key Management Service: its operation table, and what happens to keys by the clock.
public final class Kms implements AutoCloseable {
    private final Service service;
    private final KeyClock clock;
    private final CustomerKeys states;

    /// Puts the service together.
    ///
    /// @param random keys are made of it, so it must not be guessed
    /// @param secrets seals the material
    public Kms(Store store, InstantSource time, Ids ids, RandomGenerator random, Secrets secrets) {
        this.clock = new KeyClock(store, time);
        Materials materials = new Materials(secrets, new GivenRandom(random));
        Grants grants = new Grants();
        Keys keys =
                new Keys(
                        store,
                        new KeyPermission(grants),
                        clock,
                        new ManagedKeys(store, time, ids, materials));
        KeyCopies copies = new KeyCopies(keys);
        this.states = new KeyStates(keys);
        clock.bind(new DueKeys(keys, copies, clock, grants, materials));
        Service.Builder table =
                Service.of(KmsApi.MODEL, KmsLimits.BODY_BYTES_MAX, KmsErrors::constraints)
                        .resources(new KeyResources(store, keys, grants));
        addKeys(table, store, time, ids, keys, materials);
        addRegions(table, time, keys, copies);
        addImport(table, store, time, keys, materials, secrets);
        addRotation(table, store, time, keys, copies, materials);
        addGrants(table, store, time, ids, keys, grants);
        addUses(table, new KeyUses(store, keys, materials));
        this.service = table.build();
    }

    private static void addKeys(
            Service.Builder table,
            Store store,
            InstantSource time,
            Ids ids,
            Keys keys,
            Materials materials) {
        KeySwitch keySwitch = new KeySwitch(keys);
        KeyDeletion deletion = new KeyDeletion(time, keys);
        Tags tags = new Tags(store, keys);
        UpdateAlias aliases = new UpdateAlias(store, time, keys);
        KeyPolicies policies = new KeyPolicies(store, keys);
        table.handle(KmsApi.CREATE_KEY, new CreateKey(store, time, ids, keys, materials))
                .handle(KmsApi.DESCRIBE_KEY, new DescribeKey(keys))
                .handle(KmsApi.LIST_KEYS, new ListKeys(store, keys))
                .handle(KmsApi.ENABLE_KEY, keySwitch::enable)
                .handle(KmsApi.DISABLE_KEY, keySwitch::disable)
                .handle(KmsApi.UPDATE_KEY_DESCRIPTION, keySwitch::describe)
                .handle(KmsApi.SCHEDULE_KEY_DELETION, deletion::schedule)
                .handle(KmsApi.CANCEL_KEY_DELETION, deletion::cancel)
                .handle(KmsApi.TAG_RESOURCE, tags::tag)
                .handle(KmsApi.UNTAG_RESOURCE, tags::untag)
                .handle(KmsApi.LIST_RESOURCE_TAGS, tags::list)
                .handle(KmsApi.CREATE_ALIAS, new CreateAlias(time, keys))
                .handle(KmsApi.UPDATE_ALIAS, aliases::update)
                .handle(KmsApi.DELETE_ALIAS, aliases::delete)
                .handle(KmsApi.LIST_ALIASES, new ListAliases(store, keys))
                .handle(KmsApi.GET_KEY_POLICY, policies::get)
                .handle(KmsApi.PUT_KEY_POLICY, policies::put)
                .handle(KmsApi.LIST_KEY_POLICIES, policies::list);
    }

    private static void addRegions(
            Service.Builder table, InstantSource time, Keys keys, KeyCopies copies) {
        table.handle(KmsApi.REPLICATE_KEY, new ReplicateKey(time, keys, copies))
                .handle(KmsApi.UPDATE_PRIMARY_REGION, new UpdatePrimaryRegion(keys, copies));
    }

    private static void addImport(
            Service.Builder table,
            Store store,
            InstantSource time,
            Keys keys,
            Materials materials,
            Secrets secrets) {
        table.handle(
                        KmsApi.GET_PARAMETERS_FOR_IMPORT,
                        new GetParametersForImport(store, time, keys, materials, secrets))
                .handle(
                        KmsApi.IMPORT_KEY_MATERIAL,
                        new ImportKeyMaterial(store, time, keys, materials, secrets))
                .handle(
                        KmsApi.DELETE_IMPORTED_KEY_MATERIAL,
                        new DeleteImportedKeyMaterial(keys, materials));
    }

    private static void addRotation(
            Service.Builder table,
            Store store,
            InstantSource time,
            Keys keys,
            KeyCopies copies,
            Materials materials) {
        KeyRotation rotation = new KeyRotation(store, time, keys);
        table.handle(KmsApi.ENABLE_KEY_ROTATION, rotation::enable)
                .handle(KmsApi.DISABLE_KEY_ROTATION, rotation::disable)
                .handle(KmsApi.GET_KEY_ROTATION_STATUS, rotation::status)
                .handle(
                        KmsApi.ROTATE_KEY_ON_DEMAND,
                        new RotateKeyOnDemand(store, time, keys, copies, materials))
                .handle(KmsApi.LIST_KEY_ROTATIONS, new ListKeyRotations(store, keys));
    }

    private static void addGrants(
            Service.Builder table,
            Store store,
            InstantSource time,
            Ids ids,
            Keys keys,
            Grants grants) {
        ListGrants lists = new ListGrants(store, keys, grants);
        EndGrant ends = new EndGrant(store, keys, grants);
        table.handle(KmsApi.CREATE_GRANT, new CreateGrant(store, time, ids, keys, grants))
                .handle(KmsApi.LIST_GRANTS, lists::ofKey)
                .handle(KmsApi.LIST_RETIRABLE_GRANTS, lists::retirable)
                .handle(KmsApi.REVOKE_GRANT, ends::revoke)
                .handle(KmsApi.RETIRE_GRANT, ends::retire);
    }

    private static void addUses(Service.Builder table, KeyUses uses) {
        GenerateDataKey dataKeys = new GenerateDataKey(uses);
        GenerateDataKeyPair dataKeyPairs = new GenerateDataKeyPair(uses);
        GenerateMac macs = new GenerateMac(uses);
        table.handle(KmsApi.SIGN, new Sign(uses))
                .handle(KmsApi.VERIFY, new Verify(uses))
                .handle(KmsApi.GENERATE_MAC, macs::generate)
                .handle(KmsApi.VERIFY_MAC, macs::verify)
                .handle(KmsApi.GET_PUBLIC_KEY, new GetPublicKey(uses))
                .handle(KmsApi.DERIVE_SHARED_SECRET, new DeriveSharedSecret(uses));
        table.handle(KmsApi.ENCRYPT, new Encrypt(uses))
                .handle(KmsApi.DECRYPT, new Decrypt(uses))
                .handle(KmsApi.RE_ENCRYPT, new ReEncrypt(uses))
                .handle(KmsApi.GENERATE_DATA_KEY, dataKeys::withPlaintext)
                .handle(KmsApi.GENERATE_DATA_KEY_WITHOUT_PLAINTEXT, dataKeys::withoutPlaintext)
                .handle(KmsApi.GENERATE_DATA_KEY_PAIR, dataKeyPairs::withPlaintext)
                .handle(
                        KmsApi.GENERATE_DATA_KEY_PAIR_WITHOUT_PLAINTEXT,
                        dataKeyPairs::withoutPlaintext)
                .handle(KmsApi.GENERATE_RANDOM, new GenerateRandom(uses.materials()));
    }

    public Service service() {
        return service;
    }

    /// The keys as other services see them.
    public CustomerKeys customerKeys() {
        return states;
    }

    /// Takes up what is due to keys, also from before a restart.
    public void start() {
        clock.start();
    }

    /// Lets the deadlines of keys look at the clock again.
    public void clockMoved() {
        clock.clockMoved();
    }

    /// For tests: does everything that is due, and tells how much.
    int fireDue() {
        return clock.fireDue();
    }

    @Override
    public void close() {
        clock.close();
    }
}
