package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.engine.Encryption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;

class BackupCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir private Path folder;

    private int run(String... arguments) {
        return new Main(
                        Map.of("MILLRACE_DATA", folder.resolve("data").toString()),
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8))
                .run(arguments);
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    @Test
    void backsUpARunningServerAndRestoresWhatStarts() throws Exception {
        Configuration configuration = Configuration.of(folder.resolve("data"));
        try (Millrace _ = Millrace.start(configuration)) {
            assertThat(run("backup", path("backups"))).isZero();
            assertThat(run("backup", path("backups"), "--keep", "1")).isZero();
            assertThat(out.toString(UTF_8)).contains("backup 1: ").contains("backup 2: ");
            assertThat(Files.getPosixFilePermissions(folder.resolve("data/MILLRACE.socket")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }

        assertThat(run("restore", path("backups"), "--data", path("new"))).isZero();

        assertThat(errors()).isEmpty();
        Millrace.start(Configuration.of(folder.resolve("new"))).close();
    }

    @Test
    void backsUpARunningServerThatIsEncryptedWithoutItsKey() throws Exception {
        String key = Base64.getEncoder().encodeToString(new byte[32]);
        Configuration configuration =
                Configuration.of(folder.resolve("data"))
                        .withMasterKey(key)
                        .withEncryption(Encryption.Wanted.ALWAYS);
        try (Millrace _ = Millrace.start(configuration)) {
            assertThat(run("backup", path("backups"))).isZero();
        }

        assertThat(run("restore", path("backups"), "--data", path("new"))).isZero();

        assertThat(errors()).isEmpty();
        Configuration restored = Configuration.of(folder.resolve("new"));
        assertThatThrownBy(() -> Millrace.start(restored))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("is encrypted, and there is no master key");
        try (Millrace millrace = Millrace.start(restored.withMasterKey(key))) {
            assertThat(millrace.isEncrypted()).isTrue();
        }
    }

    @Test
    void backsUpADirectoryWithoutAServer() throws Exception {
        Millrace.start(Configuration.of(folder.resolve("data"))).close();

        assertThat(run("backup", path("backups"))).isZero();
        assertThat(run("backup", path("backups"), "--list")).isZero();

        assertThat(out.toString(UTF_8).lines()).hasSize(2).allMatch(l -> l.contains("backup 1: "));
    }

    @Test
    void tellsOfABackupThatIsDamaged() throws Exception {
        Millrace.start(Configuration.of(folder.resolve("data"))).close();
        assertThat(run("backup", path("backups"))).isZero();
        assertThat(run("backup", path("backups"), "--verify")).isZero();
        assertThat(out.toString(UTF_8).lines()).last().isEqualTo("backup 1 is whole");
        Files.delete(folder.resolve("backups/private/1/CURRENT"));
        assertThat(run("backup", path("backups"), "--verify")).isEqualTo(1);
        assertThat(out.toString(UTF_8))
                .endsWith("backup 1 is damaged\n  private/1/CURRENT is missing\n");

        assertThat(run("backup", path("backups"))).isZero();
        assertThat(errors()).contains("beside it, backup 1 is damaged");
        out.reset();
        assertThat(run("backup", path("backups"), "--list")).isZero();
        assertThat(out.toString(UTF_8).lines())
                .anyMatch(l -> l.contains("backup 2: "))
                .anyMatch(l -> l.contains("backup 1 is damaged"));
        assertThat(run("restore", path("backups"), "--data", path("new"))).isZero();
    }

    @Test
    void saysInALineWhatIsWrong() throws Exception {
        assertThat(run("backup", path("backups"))).isEqualTo(1);
        assertThat(errors()).contains("millrace: there is no store in ");
        Files.createFile(Files.createDirectory(folder.resolve("mine")).resolve("file"));
        try (Millrace _ = Millrace.start(Configuration.of(folder.resolve("data")))) {
            assertThat(run("backup", path("mine"))).isEqualTo(1);
        }
        assertThat(errors()).contains("mine holds something else than backups");
        assertThat(run("restore", path("mine"), "--data", path("new"))).isEqualTo(1);
        assertThat(errors()).contains("there are no backups in ");
    }

    private String errors() {
        return err.toString(UTF_8);
    }
}
