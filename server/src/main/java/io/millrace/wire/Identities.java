package io.millrace.wire;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/// Who holds which access key. Asked with each request, so an answer comes from memory.
/// Thread-safe.
public interface Identities {

    /// Whether whoever signs is believed and may do everything, as in development mode.
    boolean believesEveryone();

    /// Null for a key that nobody holds (any more); a temporary one that expired is still held, and
    /// its credential says until when.
    @Nullable Identity holder(String accessKeyId);

    /// Is told of each request that its holder was believed to have signed.
    ///
    /// @param service as credential scopes name it
    /// @param region in the credential scope
    default void used(Identity identity, String service, String region) {}

    /// The holders of the keys that the server was started with, each its account's root.
    ///
    /// @param credentials empty for development mode
    static Identities of(Collection<Credential> credentials) {
        Map<String, Identity> holders =
                credentials.stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        Credential::accessKeyId, Identity::root));
        return new Identities() {
            @Override
            public boolean believesEveryone() {
                return holders.isEmpty();
            }

            @Override
            public @Nullable Identity holder(String accessKeyId) {
                return holders.get(accessKeyId);
            }
        };
    }
}
