package io.millrace.service.sns;

import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.storage.ResourceCodec;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/// Keeps platform applications and their endpoints.
final class Platforms {
    static final String ENABLED = "Enabled";
    static final String TOKEN = "Token";
    static final String CUSTOM_USER_DATA = "CustomUserData";

    /// An application, without its credentials: those are the gateway's.
    record Application(String arn, Map<String, String> attributes) {
        boolean enabled() {
            return !"false".equalsIgnoreCase(attributes.get(ENABLED));
        }
    }

    /// A device.
    record Endpoint(String arn, Map<String, String> attributes) {
        boolean enabled() {
            return "true".equalsIgnoreCase(attributes.get(ENABLED));
        }

        String token() {
            return attributes.getOrDefault(TOKEN, "");
        }

        Endpoint with(Map<String, String> changes) {
            Map<String, String> changed = new LinkedHashMap<>(attributes);
            changed.putAll(changes);
            return new Endpoint(arn, changed);
        }
    }

    static final ResourceCodec<Application> APPLICATIONS = new ResourceCodec<>(Application.class);
    static final ResourceCodec<Endpoint> ENDPOINTS = new ResourceCodec<>(Endpoint.class);

    private Platforms() {}

    static @Nullable Application find(Snapshot snapshot, PlatformArn application) {
        return APPLICATIONS.decodeOrNull(snapshot.get(SnsKeys.application(application)));
    }

    static Application require(Snapshot snapshot, PlatformArn application) {
        Application found = find(snapshot, application);
        if (found == null) {
            throw SnsErrors.notFound("PlatformApplication does not exist");
        }
        return found;
    }

    static @Nullable Endpoint findEndpoint(Snapshot snapshot, PlatformArn endpoint) {
        return ENDPOINTS.decodeOrNull(snapshot.get(SnsKeys.endpoint(endpoint)));
    }

    static Endpoint requireEndpoint(Snapshot snapshot, PlatformArn endpoint) {
        Endpoint found = findEndpoint(snapshot, endpoint);
        if (found == null) {
            throw SnsErrors.notFound("Endpoint does not exist");
        }
        return found;
    }

    static void put(Transaction tx, PlatformArn arn, Endpoint endpoint) {
        tx.put(SnsKeys.endpoint(arn), ENDPOINTS.encode(endpoint));
    }
}
