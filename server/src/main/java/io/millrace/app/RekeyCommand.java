package io.millrace.app;

import io.millrace.engine.Encryption;
import io.millrace.engine.RocksStore;
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
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;

/// `millrace rekey`: another master key for a data directory that no server uses. The data keys are
/// wrapped anew; what they sealed stays as it is.
///
/// Two things are wrapped, in two places: the data key of an encrypted directory in its file
/// `MILLRACE`, and that of the secrets in the store. The first opens with both keys until the
/// second is changed, in one transaction: so before that the old key opens everything, and after it
/// the new one. Whoever was interrupted begins anew. At last the files that hold the second are
/// written anew, since one of them still has it as the old key wrapped it.
@Command(
        name = "rekey",
        mixinStandardHelpOptions = true,
        description =
                "Replace the master key of the data directory of a server that is stopped: a new one"
                        + " is made where it is in the data directory, or it is told. Takes a"
                        + " moment, since only data keys are sealed anew. Run it again when it was"
                        + " interrupted.")
final class RekeyCommand implements Callable<Integer> {
    private static final String NEW_KEY = "MILLRACE_NEW_MASTER_KEY";

    @Spec private @Nullable CommandSpec spec;
    @Mixin private MasterKeyArguments masterKey = new MasterKeyArguments();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "the data directory (~/.millrace/data)")
    private @Nullable Path data;

    @Option(
            names = "--new-master-key-file",
            paramLabel = "FILE",
            description = "the file with the new master key")
    private @Nullable Path newFile;

    @Option(
            names = "--new-master-key-command",
            paramLabel = "COMMAND",
            description = "the shell command that prints the new master key")
    private @Nullable String newCommand;

    @Override
    public Integer call() throws StartException {
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        Map<String, String> environment = ((Main) line.getParent().getCommand()).environment();
        Path directory = data == null ? Configuration.defaultData() : data;
        String given = masterKey.given(environment);
        String newGiven =
                MasterKeyArguments.given(
                        environment.get(NEW_KEY), newFile, newCommand, NEW_KEY, "--new-master-key");
        if (given != null && newGiven == null) {
            throw new StartException(
                    "say where the new master key is: "
                            + NEW_KEY
                            + ", --new-master-key-file or --new-master-key-command");
        }
        if (!RocksStore.isIn(directory)) {
            throw new StartException("there is no store in " + directory);
        }
        Path file = directory.resolve(Configuration.MASTER_KEY_FILE);
        MasterKey old = MasterKey.of(given, file);
        MasterKey next = MasterKey.of(newGiven, MasterKey.whileReplacing(file));
        try {
            String left = change(directory, old, next);
            print(old.giveWayTo(next), newGiven == null ? file : null, line.getOut());
            if (left != null) {
                throw new StartException(
                        "but files may still hold the secrets' key as the old one sealed it: "
                                + left);
            }
            return CommandLine.ExitCode.OK;
        } catch (StoreException | SecretException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new StartException(
                    "the master key cannot be put into its place: " + e.getMessage(), e);
        }
    }

    /// Returns why files that hold what was replaced are not written anew; null when they are.
    private static @Nullable String change(Path directory, MasterKey old, MasterKey next)
            throws StartException {
        RandomGenerator random = new SecureRandom();
        if (old.isSameAs(next)) {
            throw new StartException("the new master key is the old one");
        }
        Encryption either =
                new Encryption(Encryption.Wanted.AS_IT_IS, old.wrappingOr(next, random), random);
        try (RocksStore store = RocksStore.open(directory, StoreOptions.DEFAULT, either)) {
            steps(store, old, next, random).forEach(Runnable::run);
            try {
                store.forgetReplaced(Secrets.wrappedKey());
                return null;
            } catch (StoreException e) { // the key is changed nevertheless
                return e.getMessage();
            }
        }
    }

    /// What is done in the store, in this order; whoever was interrupted in it begins anew.
    static List<Runnable> steps(
            RocksStore store, MasterKey old, MasterKey next, RandomGenerator random) {
        Secrets secrets = new Secrets(store, random, old);
        return List.of(
                () -> secrets.checkEither(next), // before anything is written
                () -> next.make(random),
                () -> {
                    if (old.isThere()) {
                        store.wrapDataKey(List.of(old.wrapping(random), next.wrapping(random)));
                    }
                },
                () -> secrets.rekey(next),
                () -> store.wrapDataKey(List.of(next.wrapping(random))));
    }

    private static void print(@Nullable Path kept, @Nullable Path file, PrintWriter out) {
        out.println(
                "the master key is changed"
                        + (file == null
                                ? "; start the server with the new one"
                                : ", and in " + file + ": keep a copy elsewhere"));
        out.println(
                "backups that were made before need the old one"
                        + (kept == null ? "" : ", which is kept in " + kept));
    }
}
