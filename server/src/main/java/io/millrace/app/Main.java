package io.millrace.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.audit.AuditOptions;
import io.millrace.cloudtrail.CloudTrailMode;
import io.millrace.engine.Encryption;
import io.millrace.engine.StoreOptions;
import io.millrace.http.TlsOptions;
import io.millrace.objects.ObjectStorageOptions;
import io.millrace.objects.S3Credentials;
import io.millrace.stream.StreamOptions;
import io.millrace.trace.TraceOptions;
import io.millrace.wire.Credential;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The command line of the server.
@Command(
        name = "millrace",
        description = "An event-driven cloud backbone that you run yourself.",
        subcommands = {
            CommandLine.HelpCommand.class,
            ExplainCommand.class,
            TraceCommand.class,
            AuditCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            IamCommand.class,
            CheckCommand.class,
            RepairCommand.class,
            RekeyCommand.class,
            ConvertCommand.class
        },
        synopsisSubcommandLabel = "COMMAND")
public final class Main {
    private static final String PREFIX = "MILLRACE_";
    private static final Set<String> KEYS =
            Set.of(
                    "MILLRACE_PORT",
                    "MILLRACE_HOST",
                    "MILLRACE_DATA",
                    "MILLRACE_REGION",
                    "MILLRACE_S3",
                    "MILLRACE_TLS_CERTIFICATE",
                    "MILLRACE_TLS_KEY",
                    "MILLRACE_TLS_GENERATED",
                    "MILLRACE_CLOUDTRAIL",
                    "MILLRACE_AUDIT",
                    "MILLRACE_AUDIT_RETENTION",
                    "MILLRACE_STORE_MEMORY",
                    "MILLRACE_SMTP",
                    "MILLRACE_MAIL_FROM",
                    "MILLRACE_SMS_WEBHOOK",
                    "MILLRACE_PUSH_WEBHOOK",
                    "MILLRACE_SMS_SANDBOX",
                    "MILLRACE_SMS_NUMBERS",
                    "MILLRACE_SNS_MESSAGE_BYTES_MAX",
                    "MILLRACE_WEBHOOK_SECRET",
                    "MILLRACE_MASTER_KEY",
                    "MILLRACE_MASTER_KEY_FILE",
                    "MILLRACE_MASTER_KEY_COMMAND",
                    "MILLRACE_NEW_MASTER_KEY",
                    "MILLRACE_NEW_MASTER_KEY_FILE",
                    "MILLRACE_NEW_MASTER_KEY_COMMAND",
                    "MILLRACE_ENCRYPT",
                    "MILLRACE_STREAM_RETENTION",
                    "MILLRACE_STREAM_SHARDS",
                    "MILLRACE_STREAM_SHARD_MINUTES",
                    "MILLRACE_STREAM_SHARD_RECORDS",
                    "MILLRACE_TRACE_RETENTION",
                    "MILLRACE_SECURE",
                    "MILLRACE_ACCESS_KEY_ID",
                    "MILLRACE_SECRET_ACCESS_KEY");
    private static final int FAILED = 1;
    private static final int MISUSED = CommandLine.ExitCode.USAGE;

    private final Map<String, String> environment;
    private final PrintStream out;
    private final PrintStream err;

    Main(Map<String, String> environment, PrintStream out, PrintStream err) {
        this.environment = environment;
        this.out = out;
        this.err = err;
    }

    /// Returns when the server runs; it ends with the process.
    public static void main(String[] arguments) {
        Logging.install();
        int status = new Main(System.getenv(), System.out, System.err).run(arguments);
        if (status != CommandLine.ExitCode.OK) {
            System.exit(status);
        }
    }

    /// What commands read of it.
    Map<String, String> environment() {
        return environment;
    }

    int run(String... arguments) {
        PlainStart plain = PlainStart.of(List.of(arguments), environment);
        if (plain != null) {
            try {
                return start(plain);
            } catch (RuntimeException e) { // as the library does; the process must end
                e.printStackTrace(err);
                return FAILED;
            }
        }
        return new CommandLine(this)
                .setExecutionExceptionHandler(this::failed)
                .setOut(new PrintWriter(out, true, UTF_8))
                .setErr(new PrintWriter(err, true, UTF_8))
                .setDefaultValueProvider(argument ->
                        argument instanceof CommandLine.Model.OptionSpec option
                                ? environment.get(key(option.longestName()))
                                : null)
                .execute(arguments);
    }

    private int start(PlainStart plain) {
        return start(
                plain.port(),
                plain.host(),
                plain.data(),
                plain.region(),
                null,
                plain.secure(),
                new StreamArguments(),
                new NotificationArguments(),
                new TraceArguments(),
                new TrailArguments(),
                new TlsArguments(),
                new MasterKeyArguments(),
                new EncryptArguments(),
                new AuditArguments(),
                new StoreArguments(),
                false);
    }

    /// What is to be told in a line, is; anything else is ours.
    private int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed)
            throws Exception {
        if (e instanceof StartException) {
            err.println("millrace: " + e.getMessage());
            return FAILED;
        }
        throw e;
    }

    /// `--port` is `MILLRACE_PORT`.
    private static String key(String option) {
        return PREFIX + option.substring("--".length()).replace('-', '_').toUpperCase(Locale.ROOT);
    }

    @Command(
            description = "Start the server; ctrl-C or SIGTERM ends it.",
            mixinStandardHelpOptions = false,
            footer = {
                "",
                "Each option is also read from the environment, as MILLRACE_PORT and so on.",
                "MILLRACE_ACCESS_KEY_ID and MILLRACE_SECRET_ACCESS_KEY (each one, or as many as the"
                        + " other, separated by commas) are the credentials that requests must be"
                        + " signed with. Without them any signature is believed, on loopback only."
            })
    int start(
            @Option(
                            names = "--port",
                            paramLabel = "PORT",
                            description = "the port to listen on (4566; 0 for any)")
                    @Nullable Integer port,
            @Option(
                            names = "--host",
                            paramLabel = "HOST",
                            description = "the address to listen on (127.0.0.1)")
                    @Nullable String host,
            @Option(
                            names = "--data",
                            paramLabel = "DIR",
                            description = "the data directory (~/.millrace/data)")
                    @Nullable Path data,
            @Option(
                            names = "--region",
                            paramLabel = "REGION",
                            description = "the region of requests that name none (us-east-1)")
                    @Nullable String region,
            @Option(
                            names = "--s3",
                            paramLabel = "PLACE",
                            description =
                                    "where buckets are: a folder, or the URL of an S3 endpoint")
                    @Nullable String s3,
            @Option(names = "--secure", description = "want signed requests on loopback, too")
                    boolean secure,
            @Mixin StreamArguments streams,
            @Mixin NotificationArguments notifications,
            @Mixin TraceArguments trace,
            @Mixin TrailArguments trail,
            @Mixin TlsArguments tls,
            @Mixin MasterKeyArguments masterKey,
            @Mixin EncryptArguments encrypt,
            @Mixin AuditArguments audit,
            @Mixin StoreArguments store,
            @Option(
                            names = {"-h", "--help"},
                            usageHelp = true,
                            description = "print this")
                    boolean help) {
        String misuse = misuse();
        if (misuse != null) {
            err.println("millrace: " + misuse);
            return MISUSED;
        }
        StreamOptions streamOptions;
        TraceOptions traceOptions;
        CloudTrailMode trailMode;
        AuditOptions auditOptions;
        StoreOptions storeOptions;
        try {
            streamOptions = streams.options();
            traceOptions = trace.options();
            trailMode = trail.mode();
            storeOptions = store.options();
            auditOptions = audit.options(credentials().isEmpty() && !secure);
        } catch (IllegalArgumentException e) {
            err.println("millrace: " + e.getMessage());
            return MISUSED;
        }
        Configuration configuration =
                new Configuration(
                        host == null ? Configuration.DEFAULT_HOST : host,
                        port == null ? Configuration.DEFAULT_PORT : port,
                        data == null ? Configuration.defaultData() : data,
                        region == null ? Configuration.DEFAULT_REGION : region,
                        credentials(),
                        new ObjectStorageOptions(s3, s3Credentials()),
                        streamOptions,
                        notifications.options(environment.get("MILLRACE_WEBHOOK_SECRET")),
                        null,
                        Encryption.Wanted.AS_IT_IS,
                        traceOptions,
                        trailMode,
                        secure,
                        null,
                        auditOptions,
                        storeOptions);
        try {
            TlsOptions shown = tls.options(configuration);
            String givenKey = masterKey.given(environment);
            Millrace millrace =
                    Millrace.start(
                            configuration
                                    .withTls(shown)
                                    .withMasterKey(givenKey)
                                    .withEncryption(encrypt.wanted(givenKey)));
            endWithProcess(millrace);
            out.println("Millrace " + Millrace.version() + " is ready at " + millrace.endpoint());
            out.println(
                    "data in "
                            + configuration.data().toAbsolutePath()
                            + (millrace.isEncrypted() ? ", encrypted" : "")
                            + (millrace.believesEveryone()
                                    ? "; development mode: any credentials will do"
                                    : "; requests must be signed"));
            if (tls.advice(shown) != null) {
                out.println(tls.advice(shown));
            }
            out.flush();
            return CommandLine.ExitCode.OK;
        } catch (StartException e) {
            err.println("millrace: " + e.getMessage());
            return FAILED;
        }
    }

    /// To be asked to end, by a signal, is no failure: the exit status is then 0.
    private static void endWithProcess(Millrace millrace) {
        Runtime runtime = Runtime.getRuntime();
        runtime.addShutdownHook(
                new Thread(
                        () -> {
                            millrace.close();
                            runtime.halt(CommandLine.ExitCode.OK);
                        },
                        "millrace-close"));
    }

    @Command(hidden = true, description = "Record what a start needs, for the start-up cache.")
    int rehearse(@Option(names = "--data", required = true) Path data) throws StartException {
        Rehearsal.run(data);
        return CommandLine.ExitCode.OK;
    }

    @Command(description = "Print the version.")
    int version() {
        out.println("millrace " + Millrace.version());
        return CommandLine.ExitCode.OK;
    }

    /// What is wrong with the environment, or null.
    private @Nullable String misuse() {
        Set<String> unknown = new TreeSet<>();
        for (String key : environment.keySet()) {
            if (key.startsWith(PREFIX) && !KEYS.contains(key)) {
                unknown.add(key);
            }
        }
        if (!unknown.isEmpty()) {
            return "unknown in the environment: "
                    + String.join(", ", unknown)
                    + " (known are "
                    + String.join(", ", new TreeSet<>(KEYS))
                    + ")";
        }
        if (list("MILLRACE_ACCESS_KEY_ID").size() != list("MILLRACE_SECRET_ACCESS_KEY").size()) {
            return "MILLRACE_ACCESS_KEY_ID and MILLRACE_SECRET_ACCESS_KEY belong together";
        }
        return null;
    }

    private List<Credential> credentials() {
        List<String> ids = list("MILLRACE_ACCESS_KEY_ID");
        List<String> secrets = list("MILLRACE_SECRET_ACCESS_KEY");
        List<Credential> credentials = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            credentials.add(new Credential(ids.get(i), secrets.get(i), null));
        }
        return credentials;
    }

    /// As every AWS SDK finds them in the environment.
    private @Nullable S3Credentials s3Credentials() {
        String id = environment.get("AWS_ACCESS_KEY_ID");
        String secret = environment.get("AWS_SECRET_ACCESS_KEY");
        return id == null || secret == null
                ? null
                : new S3Credentials(id, secret, environment.get("AWS_SESSION_TOKEN"));
    }

    private List<String> list(String key) {
        return Arrays.stream(environment.getOrDefault(key, "").split(","))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
    }
}
