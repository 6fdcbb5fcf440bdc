package io.millrace.app;

import io.millrace.audit.AuditOptions;
import io.millrace.cloudtrail.CloudTrailMode;
import io.millrace.engine.Encryption;
import io.millrace.engine.StoreOptions;
import io.millrace.http.TlsOptions;
import io.millrace.notification.NotificationOptions;
import io.millrace.objects.ObjectStorageOptions;
import io.millrace.secret.MasterKey;
import io.millrace.stream.StreamOptions;
import io.millrace.trace.TraceOptions;
import io.millrace.wire.Credential;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// What an operator decides about a server.
///
/// @param host the address to listen on
/// @param port 0 for any that is free
/// @param data the data directory; made when it is not there
/// @param region of requests that name none
/// @param credentials who may ask; empty for development mode, on loopback only, where every
///   signature is believed
/// @param objects where buckets are
/// @param streams how long the streams of tables keep their records, and how they are divided
/// @param notifications through whom mails, text messages and push notifications leave
/// @param givenMasterKey what secrets are sealed with, 32 bytes in base 64; null to keep one in the
///   data directory
/// @param encryption whether what is stored is encrypted under that key
/// @param trace how long it is kept what became of events
/// @param cloudTrail which calls are told to event buses
/// @param secure whether requests must be signed although the server listens on loopback and has no
///   credentials of its own
/// @param tls certificate and key; null to speak without encryption
/// @param audit which calls are recorded, and for how long
/// @param store how much memory the store takes
public record Configuration(
        String host,
        int port,
        Path data,
        String region,
        List<Credential> credentials,
        ObjectStorageOptions objects,
        StreamOptions streams,
        NotificationOptions notifications,
        @Nullable String givenMasterKey,
        Encryption.Wanted encryption,
        TraceOptions trace,
        CloudTrailMode cloudTrail,
        boolean secure,
        @Nullable TlsOptions tls,
        AuditOptions audit,
        StoreOptions store) {

    /// What may differ in another configuration like this one.
    private final class Changed {
        private int port = Configuration.this.port;
        private List<Credential> credentials = Configuration.this.credentials;
        private ObjectStorageOptions objects = Configuration.this.objects;
        private StreamOptions streams = Configuration.this.streams;
        private NotificationOptions notifications = Configuration.this.notifications;
        private @Nullable String givenMasterKey = Configuration.this.givenMasterKey;
        private Encryption.Wanted encryption = Configuration.this.encryption;
        private TraceOptions trace = Configuration.this.trace;
        private CloudTrailMode cloudTrail = Configuration.this.cloudTrail;
        private boolean secure = Configuration.this.secure;
        private @Nullable TlsOptions tls = Configuration.this.tls;
        private AuditOptions audit = Configuration.this.audit;

        Configuration configuration() {
            return new Configuration(
                    host,
                    port,
                    data,
                    region,
                    credentials,
                    objects,
                    streams,
                    notifications,
                    givenMasterKey,
                    encryption,
                    trace,
                    cloudTrail,
                    secure,
                    tls,
                    audit,
                    store);
        }
    }

    public static final String DEFAULT_HOST = "127.0.0.1";
    public static final int DEFAULT_PORT = 4566;
    public static final String DEFAULT_REGION = "us-east-1";

    /// The file with the master key, in a data directory, where it is not given.
    static final String MASTER_KEY_FILE = "master.key";

    private static final int PORT_MAX = 65_535;

    public Configuration {
        credentials = List.copyOf(credentials);
    }

    /// Development mode on loopback, on a port that is free.
    public static Configuration of(Path data) {
        return new Configuration(
                DEFAULT_HOST,
                0,
                data,
                DEFAULT_REGION,
                List.of(),
                ObjectStorageOptions.NONE,
                StreamOptions.DEFAULT,
                NotificationOptions.NONE,
                null,
                Encryption.Wanted.AS_IT_IS,
                TraceOptions.DEFAULT,
                CloudTrailMode.OFF,
                false,
                null,
                AuditOptions.OFF,
                StoreOptions.DEFAULT);
    }

    public Configuration withPort(int other) {
        return with(changed -> changed.port = other);
    }

    public Configuration withCredentials(Credential... others) {
        return with(changed -> changed.credentials = List.of(others));
    }

    public Configuration withObjects(ObjectStorageOptions other) {
        return with(changed -> changed.objects = other);
    }

    public Configuration withStreams(StreamOptions other) {
        return with(changed -> changed.streams = other);
    }

    public Configuration withNotifications(NotificationOptions other) {
        return with(changed -> changed.notifications = other);
    }

    public Configuration withMasterKey(@Nullable String other) {
        return with(changed -> changed.givenMasterKey = other);
    }

    public Configuration withEncryption(Encryption.Wanted other) {
        return with(changed -> changed.encryption = other);
    }

    public Configuration withCloudTrail(CloudTrailMode other) {
        return with(changed -> changed.cloudTrail = other);
    }

    public Configuration withSecure(boolean other) {
        return with(changed -> changed.secure = other);
    }

    public Configuration withTls(@Nullable TlsOptions other) {
        return with(changed -> changed.tls = other);
    }

    public Configuration withAudit(AuditOptions other) {
        return with(changed -> changed.audit = other);
    }

    public Configuration withTrace(TraceOptions other) {
        return with(changed -> changed.trace = other);
    }

    private Configuration with(Consumer<Changed> change) {
        Changed changed = new Changed();
        change.accept(changed);
        return changed.configuration();
    }

    MasterKey masterKey() {
        return MasterKey.of(givenMasterKey, data.resolve(MASTER_KEY_FILE));
    }

    /// What the store is opened with.
    ///
    /// @param random must not be guessed
    Encryption encryption(RandomGenerator random) {
        return new Encryption(encryption, masterKey().wrapping(random), random);
    }

    /// `~/.millrace/data`.
    static Path defaultData() {
        return Path.of(System.getProperty("user.home"), ".millrace", "data");
    }

    /// @throws StartException when a server must not be started so
    void check() throws StartException {
        if (port < 0 || port > PORT_MAX) {
            throw new StartException("the port " + port + " is not between 0 and " + PORT_MAX);
        }
        try {
            notifications.check();
        } catch (IllegalArgumentException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
        if (hasNoData()) { // so that what is refused leaves none
            mustBeSigned(false, false);
        }
    }

    private boolean hasNoData() throws StartException {
        if (!Files.isDirectory(data)) {
            return !Files.exists(data);
        }
        try (Stream<Path> files = Files.list(data)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            throw new StartException("cannot read " + data + ": " + e.getMessage(), e);
        }
    }

    /// Whether requests must be signed with keys that are known: unless the server listens on
    /// loopback, and nobody wanted it otherwise.
    ///
    /// @param administered whether an administrator was made for the data directory
    /// @param keys whether anyone has a key there
    /// @throws StartException when a server must not be started so
    boolean mustBeSigned(boolean administered, boolean keys) throws StartException {
        boolean signed = secure || administered || !credentials.isEmpty() || !isLoopback();
        if (signed && credentials.isEmpty() && !keys) {
            throw new StartException(
                    (isLoopback()
                                    ? "requests must be signed, and nobody has a key"
                                    : "listening on "
                                            + host
                                            + " without credentials would let anyone in")
                            + ": make an administrator with 'millrace iam create-admin --data "
                            + data
                            + "', or set MILLRACE_ACCESS_KEY_ID and MILLRACE_SECRET_ACCESS_KEY"
                            + (isLoopback() ? "" : ", or listen on " + DEFAULT_HOST));
        }
        return signed;
    }

    private boolean isLoopback() throws StartException {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new StartException("the host " + host + " is not known", e);
        }
    }
}
