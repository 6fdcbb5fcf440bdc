package io.millrace.app;

import io.millrace.engine.Encryption;
import io.millrace.engine.RocksStore;
import io.millrace.engine.StoreConversion;
import io.millrace.engine.StoreException;
import io.millrace.engine.StoreOptions;
import io.millrace.secret.MasterKey;
import io.millrace.secret.SecretException;
import io.millrace.secret.Secrets;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;

/// `millrace convert`: an encrypted data directory of one that is not, or the other way round.
@Command(
        name = "convert",
        mixinStandardHelpOptions = true,
        description =
                "Make an encrypted data directory of one that is not, with --encrypt=false the other"
                        + " way round, and of an encrypted one another with a new data key. The"
                        + " server is stopped meanwhile; its directory stays as it is.")
final class ConvertCommand implements Callable<Integer> {
    /// What else belongs to a data directory, and its master key where that is in it.
    private static final List<String> BESIDE =
            List.of(SteadyClock.FILE, GeneratedCertificate.CERTIFICATE, GeneratedCertificate.KEY);

    @Spec private @Nullable CommandSpec spec;
    @Mixin private MasterKeyArguments masterKey = new MasterKeyArguments();

    @Parameters(
            paramLabel = "NEW",
            description = "the data directory to make; not there yet, or empty")
    private @Nullable Path made;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "the data directory to read (~/.millrace/data)")
    private @Nullable Path data;

    @Option(
            names = "--encrypt",
            required = true,
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "whether NEW is to be encrypted under the master key")
    private boolean encrypt;

    @Override
    public Integer call() throws StartException {
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        Main main = (Main) line.getParent().getCommand();
        Path from = data == null ? Configuration.defaultData() : data;
        Path to = Objects.requireNonNull(made);
        String given = masterKey.given(main.environment());
        MasterKey key = MasterKey.of(given, from.resolve(Configuration.MASTER_KEY_FILE));
        List<String> beside = new ArrayList<>(BESIDE);
        if (given == null) { // else it is none of this directory, and not to lie in NEW
            beside.add(Configuration.MASTER_KEY_FILE);
        }
        RandomGenerator random = new SecureRandom();
        Encryption reading =
                new Encryption(Encryption.Wanted.AS_IT_IS, key.wrapping(random), random);
        Encryption making =
                new Encryption(
                        encrypt ? Encryption.Wanted.ALWAYS : Encryption.Wanted.NEVER,
                        key.wrapping(random),
                        random);
        try {
            checkSecrets(from, reading, key);
            long count =
                    StoreConversion.convert(from, reading, to, making, KeySpace::mayCount, beside);
            line.getOut()
                    .println(
                            "%s holds all %d entries, %s. %s is as it was: remove it when the server runs with --data %s"
                                    .formatted(
                                            to,
                                            count,
                                            encrypt ? "encrypted" : "not encrypted",
                                            from,
                                            to));
            return CommandLine.ExitCode.OK;
        } catch (StoreException | SecretException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    /// A directory that is not encrypted opens with any key; but its secrets come along as they
    /// are, and no key could open them and all else if NEW were made with another.
    private static void checkSecrets(Path from, Encryption reading, MasterKey key) {
        if (RocksStore.isIn(from)) {
            try (RocksStore store = RocksStore.open(from, StoreOptions.DEFAULT, reading)) {
                new Secrets(store, reading.random(), key).check();
            }
        }
    }
}
