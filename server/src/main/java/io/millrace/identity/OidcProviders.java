package io.millrace.identity;

import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.storage.ResourceCodec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The identity providers that accounts trust, as they are stored.
public final class OidcProviders {
    private static final ResourceCodec<OidcProvider> CODEC =
            new ResourceCodec<>(OidcProvider.class);

    private OidcProviders() {}

    /// One of an account, by its name.
    ///
    /// @param name of the provider, as [OidcProvider#name()]
    public static Optional<OidcProvider> find(Snapshot snapshot, String accountId, String name) {
        return Optional.ofNullable(
                CODEC.decodeOrNull(snapshot.get(IdentityKeys.oidcProvider(accountId, name))));
    }

    /// One of this account, by its ARN.
    public static Optional<OidcProvider> ofArn(Snapshot snapshot, String accountId, String arn) {
        return Arn.parse(arn)
                .filter(each -> each.service().equals("iam"))
                .filter(each -> each.accountId().equals(accountId))
                .map(Arn::resource)
                .filter(resource -> resource.startsWith(OidcProvider.RESOURCE))
                .flatMap(resource ->
                        find(
                                snapshot,
                                accountId,
                                resource.substring(OidcProvider.RESOURCE.length())));
    }

    /// All of an account, in the order of their names.
    public static List<OidcProvider> all(Snapshot snapshot, String accountId) {
        List<OidcProvider> providers = new ArrayList<>();
        try (Cursor cursor = snapshot.prefix(IdentityKeys.oidcProviders(accountId))) {
            while (cursor.next()) {
                providers.add(CODEC.decode(cursor.value()));
            }
        }
        return providers;
    }

    public static void put(Transaction transaction, String accountId, OidcProvider provider) {
        transaction.put(
                IdentityKeys.oidcProvider(accountId, provider.name()), CODEC.encode(provider));
    }

    public static void remove(Transaction transaction, String accountId, OidcProvider provider) {
        transaction.delete(IdentityKeys.oidcProvider(accountId, provider.name()));
    }
}
