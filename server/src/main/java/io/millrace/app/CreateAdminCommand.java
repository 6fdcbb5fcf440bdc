package io.millrace.app;

import io.millrace.engine.RocksStore;
import io.millrace.engine.Store;
import io.millrace.engine.StoreException;
import io.millrace.engine.StoreOptions;
import io.millrace.identity.Administrators;
import io.millrace.identity.IdentityStore;
import io.millrace.identity.NewKey;
import io.millrace.identity.NewKeys;
import io.millrace.secret.MasterKey;
import io.millrace.secret.SecretException;
import io.millrace.secret.Secrets;
import io.millrace.wire.Credential;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;

/// `millrace iam create-admin`: a user who may do everything, and an access key of that, in a data
/// directory, whether a server uses it or not.
@Command(
        name = "create-admin",
        mixinStandardHelpOptions = true,
        description =
                "Make a user with AdministratorAccess, or another access key of one, and print the"
                        + " key: the only time that its secret is shown. From then on, a server with"
                        + " this data directory wants signed requests. Run it on the server's"
                        + " machine, as the server's user.")
final class CreateAdminCommand implements Callable<Integer> {
    /// As the server that uses the directory hears it, before account and user.
    static final String WORD = "create-admin";

    private static final String DEFAULT_USER = "admin";

    @Spec private @Nullable CommandSpec spec;
    @Mixin private MasterKeyArguments masterKey = new MasterKeyArguments();
    @Mixin private EncryptArguments encrypt = new EncryptArguments();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "the data directory (~/.millrace/data)")
    private @Nullable Path data;

    @Option(names = "--user", paramLabel = "NAME", description = "the user's name (admin)")
    private String user = DEFAULT_USER;

    @Option(
            names = "--account",
            paramLabel = "ID",
            description = "the account, 12 digits (000000000000)")
    private String account = Credential.DEFAULT_ACCOUNT_ID;

    @Override
    public Integer call() throws StartException {
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        Path directory = data == null ? Configuration.defaultData() : data;
        String made = ControlSocket.ask(directory, WORD + "\t" + account + "\t" + user);
        String key = made == null ? inDirectory(line, directory) : made;
        PrintWriter out = line.getOut();
        out.println("# " + user + " may do everything in the account " + account + "; keep these:");
        out.println("export AWS_ACCESS_KEY_ID=" + key.substring(0, key.indexOf(' ')));
        out.println("export AWS_SECRET_ACCESS_KEY=" + key.substring(key.indexOf(' ') + 1));
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    /// Opens the store of a directory that no server uses.
    private String inDirectory(CommandLine line, Path directory) throws StartException {
        Main main = (Main) line.getParent().getParent().getCommand();
        String given = masterKey.given(main.environment());
        Configuration configuration =
                Configuration.of(directory)
                        .withMasterKey(given)
                        .withEncryption(encrypt.wanted(given));
        RandomGenerator random = new SecureRandom();
        try (Store store =
                RocksStore.open(
                        directory, StoreOptions.DEFAULT, configuration.encryption(random))) {
            return create(store, random, configuration.masterKey(), account, user);
        } catch (StoreException | SecretException | IllegalArgumentException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    private static String create(
            Store store, RandomGenerator random, MasterKey masterKey, String account, String user) {
        Secrets secrets = new Secrets(store, random, masterKey);
        secrets.check();
        IdentityStore identities = new IdentityStore(store, new Ids(random));
        NewKeys newKeys = new NewKeys(identities, secrets, random);
        return text(
                new Administrators(identities, InstantSource.system(), newKeys)
                        .create(account, user));
    }

    /// The key as a line of an answer.
    static String text(NewKey key) {
        return key.id() + " " + key.secret();
    }
}
