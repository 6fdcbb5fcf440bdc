package io.millrace.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.engine.MemoryStore;
import io.millrace.engine.Store;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;

final class SecretsTest {

    private static final byte[] PLAIN = "a planted secret".getBytes(UTF_8);
    private static final String GIVEN = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    @TempDir Path folder;
    private final Store store = new MemoryStore();
    private final Random random = new Random(7);

    @Test
    void opensWhatItSealedAlsoAfterARestart() {
        byte[] sealed = secrets(null).seal(PLAIN, "arn:a");

        assertThat(secrets(null).open(sealed, "arn:a")).isEqualTo(PLAIN);
        assertThat(new String(sealed, UTF_8)).doesNotContain("planted");
    }

    @Test
    void sealsTheSameTextDifferentlyEachTime() {
        Secrets secrets = secrets(null);

        assertThat(secrets.seal(PLAIN, "arn:a")).isNotEqualTo(secrets.seal(PLAIN, "arn:a"));
    }

    @Test
    void makesTheMasterKeyAtTheFirstSecretForTheOwnerAlone() throws Exception {
        Secrets secrets = secrets(null);
        secrets.check();
        assertThat(folder).isEmptyDirectory();

        secrets.seal(PLAIN, "arn:a");

        Path file = folder.resolve("master.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(folder.toFile().list()).containsExactly("master.key");
    }

    @Test
    void refusesAtAnotherPlaceWhatWasSealedForOne() {
        byte[] sealed = secrets(null).seal(PLAIN, "arn:a");

        assertThatThrownBy(() -> secrets(null).open(sealed, "arn:b"))
                .isInstanceOf(SecretException.class)
                .hasMessage("the secret of arn:b does not open");
    }

    @Test
    void refusesWhatWasChangedInAnyByte() {
        Secrets secrets = secrets(null);
        byte[] sealed = secrets.seal(PLAIN, "arn:a");

        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> secrets.open(changed, "arn:a"))
                    .isInstanceOf(SecretException.class);
        }
    }

    @Test
    void refusesAnotherMasterKeyAtTheStart() {
        secrets(GIVEN).seal(PLAIN, "arn:a");
        secrets(GIVEN).check();

        String other = GIVEN.replace("AAEC", "AAED");
        assertThatThrownBy(() -> secrets(other).check())
                .isInstanceOf(SecretException.class)
                .hasMessage(
                        "the master key that was given is not the one that the secrets in"
                                + " the data directory were sealed with");
        assertThatThrownBy(() -> secrets(null).check())
                .isInstanceOf(SecretException.class)
                .hasMessage(
                        "there are secrets in the data directory, but no master key in "
                                + folder.resolve("master.key"));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void refusesAMasterKeyThatIsNone() {
        assertThatThrownBy(() -> secrets("c2hvcnQ=").check())
                .isInstanceOf(SecretException.class)
                .hasMessageStartingWith("the master key that was given is not 32 bytes in base 64");
        assertThatThrownBy(() -> secrets("?").check()).isInstanceOf(SecretException.class);
    }

    @Test
    void neverShowsTheMasterKey() {
        assertThat(MasterKey.of(GIVEN, folder).toString()).doesNotContain(GIVEN);
    }

    private Secrets secrets(@org.jspecify.annotations.Nullable String given) {
        MasterKey key = MasterKey.of(given, folder.resolve("master.key"));
        return new Secrets(store, random, key);
    }
}
