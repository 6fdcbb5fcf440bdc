package io.millrace.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.MemoryStore;
import io.millrace.engine.Store;
import io.millrace.secret.MasterKey;
import io.millrace.secret.Secrets;
import io.millrace.wire.Ids;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.TreeMap;

final class MfaDevicesTest {
    private static final String ACCOUNT = "000000000000";
    private static final String USER = "AIDAEXAMPLE";
    private static final String MASTER_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private final Store store = new MemoryStore();
    private final Random random = new Random(7);
    private final IdentityStore identities = new IdentityStore(store, new Ids(random));
    private Instant now = Instant.parse("2026-03-04T05:06:07Z");
    private final MfaDevices devices =
            new MfaDevices(
                    identities,
                    new Secrets(store, random, MasterKey.of(MASTER_KEY, Path.of("none"))),
                    random,
                    () -> now);
    private final byte[] seed = devices.seed();
    private final String serial = device().serialNumber(ACCOUNT);

    private MfaDevice device() {
        return devices.device(ACCOUNT, "phone", "/", seed, new TreeMap<>());
    }

    private String code(long away) {
        return OneTimeCodes.code(seed, OneTimeCodes.step(now.toEpochMilli()) + away);
    }

    private void enable(MfaDevice device) {
        identities.write(tx -> {
            devices.put(tx, ACCOUNT, devices.assigned(device, USER));
            return device;
        });
    }

    private boolean take(String code) {
        return devices.take(ACCOUNT, serial, USER, code);
    }

    @Test
    void takesACodeOnceAndNoneThatIsOlder() {
        enable(device());

        assertThat(devices.take(ACCOUNT, serial, "AIDAANOTHER", code(0))).isFalse();
        assertThat(take(code(0))).isTrue();
        assertThat(take(code(0))).isFalse();
        assertThat(take(code(-1))).isFalse();
        assertThat(take(code(1))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {20, 1, 0, -1, -20})
    void learnsFromTwoCodesHowFarADevicesClockIsOff(long drift) {
        enable(devices.synchronised(ACCOUNT, device(), code(drift), code(drift + 1)).orElseThrow());

        now = now.plus(Duration.ofHours(1));

        assertThat(take(code(drift))).isTrue();
    }

    @Test
    void twoCodesThatDoNotFollowEachOtherAreNone() {
        assertThat(devices.synchronised(ACCOUNT, device(), code(0), code(2))).isEmpty();
        assertThat(devices.synchronised(ACCOUNT, device(), code(21), code(22))).isEmpty();
    }

    @Test
    void afterTenWrongCodesNoneIsTakenUntilTheNextHour() {
        enable(device());
        for (int i = 0; i < 9; i++) {
            assertThat(take("none")).isFalse();
        }
        assertThat(take(code(0))).isTrue(); // and begins anew
        for (int i = 0; i < 10; i++) {
            assertThat(take("none")).isFalse();
        }

        assertThat(take(code(1))).isFalse();

        now = now.plus(Duration.ofHours(1));
        assertThat(take(code(0))).isTrue();
    }

    @Test
    void whatTwoCodesToldIsOldWhenOneOfThemWasTakenSince() {
        MfaDevice before = device();
        MfaDevice found = devices.synchronised(ACCOUNT, before, code(0), code(1)).orElseThrow();

        assertThat(before.synchronisedAs(found)).contains(found);
        assertThat(found.synchronisedAs(found)).isEmpty();
        MfaDevice another = devices.device(ACCOUNT, "phone", "/", devices.seed(), new TreeMap<>());
        assertThat(another.synchronisedAs(found)).isEmpty();
    }
}
