package io.millrace.service.secretsmanager;

import io.millrace.api.secretsmanager.ListSecretVersionIdsRequest;
import io.millrace.api.secretsmanager.ListSecretVersionIdsResponse;
import io.millrace.api.secretsmanager.SecretVersionsListEntry;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// `ListSecretVersionIds`: the oldest first; those without labels only when that is asked for.
/// Errors: `InvalidNextTokenException`, `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecretVersionIds.html).
final class ListSecretVersionIds
        implements Operation<ListSecretVersionIdsRequest, ListSecretVersionIdsResponse> {
    private static final String DEFAULT_KEY = "DefaultEncryptionKey";

    private final Store store;
    private final SecretRecords records;
    private final Versions versions;

    ListSecretVersionIds(Store store, SecretRecords records, Versions versions) {
        this.store = store;
        this.records = records;
        this.versions = versions;
    }

    @Override
    public ListSecretVersionIdsResponse handle(Caller caller, ListSecretVersionIdsRequest request) {
        SecretId id = SecretId.of(caller, request.secretId());
        return store.read(
                snapshot -> page(snapshot, records.require(snapshot, caller, id), request));
    }

    private ListSecretVersionIdsResponse page(
            Snapshot snapshot, Secret secret, ListSecretVersionIdsRequest request) {
        Integer asked = request.maxResults();
        int limit = asked == null ? SecretsManagerLimits.PAGE_SIZE : asked;
        boolean deprecated = Boolean.TRUE.equals(request.includeDeprecated());
        List<SecretVersionsListEntry> page = new ArrayList<>();
        String token = request.nextToken();
        boolean begun = token == null;
        String nextToken = null;
        for (Versions.Version version : versions.all(snapshot, secret.own().id())) {
            List<String> labels = secret.labels(version.id());
            if (begun && (deprecated || !labels.isEmpty())) {
                if (page.size() == limit) {
                    nextToken = page.getLast().versionId();
                    break;
                }
                page.add(entry(version, labels));
            }
            begun = begun || Objects.equals(version.id(), token);
        }
        if (!begun) {
            throw SecretsManagerErrors.invalidToken();
        }
        return ListSecretVersionIdsResponse.builder()
                .arn(secret.arn().toString())
                .name(secret.own().name())
                .versions(page)
                .nextToken(nextToken)
                .build();
    }

    private static SecretVersionsListEntry entry(Versions.Version version, List<String> labels) {
        String key = version.stored().kmsKeyId();
        return SecretVersionsListEntry.builder()
                .versionId(version.id())
                .versionStages(labels.isEmpty() ? null : labels)
                .createdDate(Secret.instant(version.stored().createdMillis()))
                .lastAccessedDate(Secret.day(version.stored().accessedDay()))
                .kmsKeyIds(List.of(key == null ? DEFAULT_KEY : key))
                .build();
    }
}
