package io.millrace.app;

import io.millrace.cloudtrail.CloudTrailMode;
import io.millrace.notification.NotificationOptions;
import io.millrace.objects.ObjectStorageOptions;
import io.millrace.secret.MasterKey;
import io.millrace.stream.StreamOptions;
import io.millrace.trace.TraceOptions;
import io.millrace.wire.Credential;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;

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
/// @param trace how long it is kept what became of events
/// @param cloudTrail which calls are told to event buses
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
        TraceOptions trace,
        CloudTrailMode cloudTrail) {

    public static final String DEFAULT_HOST = "127.0.0.1";
    public static final int DEFAULT_PORT = 4566;
    public static final String DEFAULT_REGION = "us-east-1";

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
                TraceOptions.DEFAULT,
                CloudTrailMode.OFF);
    }

    public Configuration withPort(int other) {
        return new Configuration(
                host,
                other,
                data,
                region,
                credentials,
                objects,
                streams,
                notifications,
                givenMasterKey,
                trace,
                cloudTrail);
    }

    public Configuration withCredentials(Credential... others) {
        return new Configuration(
                host,
                port,
                data,
                region,
                List.of(others),
                objects,
                streams,
                notifications,
                givenMasterKey,
                trace,
                cloudTrail);
    }

    public Configuration withObjects(ObjectStorageOptions other) {
        return new Configuration(
                host,
                port,
                data,
                region,
                credentials,
                other,
                streams,
                notifications,
                givenMasterKey,
                trace,
                cloudTrail);
    }

    public Configuration withStreams(StreamOptions other) {
        return new Configuration(
                host,
                port,
                data,
                region,
                credentials,
                objects,
                other,
                notifications,
                givenMasterKey,
                trace,
                cloudTrail);
    }

    public Configuration withNotifications(NotificationOptions other) {
        return new Configuration(
                host,
                port,
                data,
                region,
                credentials,
                objects,
                streams,
                other,
                givenMasterKey,
                trace,
                cloudTrail);
    }

    public Configuration withMasterKey(@Nullable String other) {
        return new Configuration(
                host,
                port,
                data,
                region,
                credentials,
                objects,
                streams,
                notifications,
                other,
                trace,
                cloudTrail);
    }

    public Configuration withCloudTrail(CloudTrailMode other) {
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
                trace,
                other);
    }

    MasterKey masterKey() {
        return MasterKey.of(givenMasterKey, data.resolve("master.key"));
    }

    public Configuration withTrace(TraceOptions other) {
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
                other,
                cloudTrail);
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
        if (credentials.isEmpty() && !isLoopback()) {
            throw new StartException(
                    "listening on "
                            + host
                            + " without credentials would let anyone in: set"
                            + " MILLRACE_ACCESS_KEY_ID and MILLRACE_SECRET_ACCESS_KEY, or listen"
                            + " on "
                            + DEFAULT_HOST);
        }
    }

    private boolean isLoopback() throws StartException {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new StartException("the host " + host + " is not known", e);
        }
    }
}
