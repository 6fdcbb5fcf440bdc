package io.millrace.identity;

import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.secret.Secrets;
import io.millrace.storage.ResourceCodec;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/// Virtual devices of an account: makes them, and takes their codes, each once. A code may be a
/// minute early or late; how far a device's clock is off is learnt when two codes in a row are
/// told. Thread-safe.
public final class MfaDevices {
    private static final int SEED_BYTES = 40; // 64 letters, as AWS's
    private static final int DRIFT_STEPS_MAX = 20;
    private static final int STEPS_AROUND = 2;
    private static final long HOUR_MILLIS = 3_600_000;
    private static final int TRIES_PER_HOUR_MAX = 10;

    /// Codes that were tried for a device in an hour, of which none was right.
    private record Tries(long hour, int count) {}

    private final IdentityStore identities;
    private final Secrets secrets;
    private final RandomGenerator random;
    private final InstantSource clock;
    private final ResourceCodec<MfaDevice> codec = new ResourceCodec<>(MfaDevice.class);
    private final Map<String, Tries> tries = new ConcurrentHashMap<>(); // of enabled devices only

    /// @param random must not be guessed
    public MfaDevices(
            IdentityStore identities,
            Secrets secrets,
            RandomGenerator random,
            InstantSource clock) {
        this.identities = identities;
        this.secrets = secrets;
        this.random = random;
        this.clock = clock;
    }

    /// A seed for a device that is to be made.
    public byte[] seed() {
        byte[] seed = new byte[SEED_BYTES];
        random.nextBytes(seed);
        return seed;
    }

    /// A new device that nobody has enabled. Outside of any transaction.
    public MfaDevice device(
            String accountId,
            String name,
            String path,
            byte[] seed,
            SortedMap<String, String> tags) {
        byte[] sealed = secrets.seal(seed, MfaDevice.context(accountId, name));
        return new MfaDevice(name, path, sealed, null, 0, 0, Long.MIN_VALUE, tags);
    }

    public Optional<MfaDevice> find(Snapshot snapshot, String accountId, String serialNumber) {
        String name = serialNumber.substring(serialNumber.lastIndexOf('/') + 1);
        return named(snapshot, accountId, name)
                .filter(device -> device.serialNumber(accountId).equals(serialNumber));
    }

    public Optional<MfaDevice> named(Snapshot snapshot, String accountId, String name) {
        return Optional.ofNullable(
                codec.decodeOrNull(snapshot.get(IdentityKeys.mfaDevice(accountId, name))));
    }

    public void put(Transaction transaction, String accountId, MfaDevice device) {
        transaction.put(IdentityKeys.mfaDevice(accountId, device.name()), codec.encode(device));
    }

    public void remove(Transaction transaction, String accountId, MfaDevice device) {
        transaction.delete(IdentityKeys.mfaDevice(accountId, device.name()));
    }

    /// All devices of an account.
    public List<MfaDevice> all(Snapshot snapshot, String accountId) {
        List<MfaDevice> devices = new ArrayList<>();
        try (Cursor cursor = snapshot.prefix(IdentityKeys.mfaDevices(accountId))) {
            while (cursor.next()) {
                devices.add(codec.decode(cursor.value()));
            }
        }
        return devices;
    }

    /// Those that a user has enabled.
    public List<MfaDevice> of(Snapshot snapshot, String accountId, String userId) {
        return all(snapshot, accountId).stream()
                .filter(device -> userId.equals(device.userId()))
                .toList();
    }

    /// Takes two codes in a row, and notes how far the device's clock is off.
    ///
    /// @return the device as it is then, not yet kept; empty when the codes are not the device's
    public Optional<MfaDevice> synchronised(
            String accountId, MfaDevice device, String first, String second) {
        byte[] seed = seed(accountId, device);
        long now = OneTimeCodes.step(clock.millis());
        for (int away = 0; away <= DRIFT_STEPS_MAX; away++) {
            for (long drift : new long[] {away, -away}) {
                long step = now + drift;
                if (step > device.lastStep()
                        && equal(first, OneTimeCodes.code(seed, step))
                        && equal(second, OneTimeCodes.code(seed, step + 1))) {
                    return Optional.of(device.taken(drift, step + 1));
                }
            }
        }
        return Optional.empty();
    }

    /// The same enabled by a user, or by nobody.
    public MfaDevice assigned(MfaDevice device, @Nullable String userId) {
        return device.of(userId, userId == null ? 0 : clock.millis());
    }

    /// Takes a code of a device that a user has enabled, once and for ever; durable when it
    /// returns. After ten wrong ones none is taken until the next hour (RFC 4226, section 7.3).
    public boolean take(String accountId, String serialNumber, String userId, String code) {
        MfaDevice known =
                identities.<@Nullable MfaDevice>read(
                        snapshot -> find(snapshot, accountId, serialNumber).orElse(null));
        if (known == null || !userId.equals(known.userId())) {
            return false;
        }
        String tried = MfaDevice.context(accountId, known.name());
        OptionalLong step = mayTry(tried) ? step(accountId, known, code) : OptionalLong.empty();
        if (step.isEmpty()) {
            return false;
        }
        boolean taken =
                identities.<Boolean>write(tx -> {
                    MfaDevice device = find(tx, accountId, serialNumber).orElse(null);
                    if (device == null
                            || !userId.equals(device.userId())
                            || !device.isSeededAs(known)
                            || step.getAsLong() <= device.lastStep()) {
                        return false;
                    }
                    put(tx, accountId, device.taken(device.driftSteps(), step.getAsLong()));
                    return true;
                });
        if (taken) {
            tries.remove(tried);
        }
        return taken;
    }

    private boolean mayTry(String device) {
        long hour = clock.millis() / HOUR_MILLIS;
        Tries now =
                tries.merge(
                        device,
                        new Tries(hour, 1),
                        (before, first) ->
                                before.hour == hour ? new Tries(hour, before.count + 1) : first);
        return now.count <= TRIES_PER_HOUR_MAX;
    }

    private OptionalLong step(String accountId, MfaDevice device, String code) {
        byte[] seed = seed(accountId, device);
        long middle = OneTimeCodes.step(clock.millis()) + device.driftSteps();
        for (long step = middle - STEPS_AROUND; step <= middle + STEPS_AROUND; step++) {
            if (step > device.lastStep() && equal(code, OneTimeCodes.code(seed, step))) {
                return OptionalLong.of(step);
            }
        }
        return OptionalLong.empty();
    }

    private byte[] seed(String accountId, MfaDevice device) {
        return secrets.open(device.sealedSeed(), MfaDevice.context(accountId, device.name()));
    }

    private static boolean equal(String told, String code) {
        return MessageDigest.isEqual(
                told.getBytes(StandardCharsets.UTF_8), code.getBytes(StandardCharsets.UTF_8));
    }
}
