package io.millrace.service.schemas;

import io.millrace.api.schemas.ListRegistriesRequest;
import io.millrace.api.schemas.ListRegistriesResponse;
import io.millrace.api.schemas.RegistrySummary;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.util.NavigableMap;
import java.util.TreeMap;

/// `ListRegistries`: in order of names. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/schema-reference/v1-registries.html).
final class ListRegistries implements Operation<ListRegistriesRequest, ListRegistriesResponse> {
    private static final String AWS = "AWS";
    private static final String LOCAL = "LOCAL";

    private final Store store;
    private final Registries registries;

    ListRegistries(Store store, Registries registries) {
        this.store = store;
        this.registries = registries;
    }

    @Override
    public ListRegistriesResponse handle(Caller caller, ListRegistriesRequest request) {
        Place place = Place.of(caller);
        String scope = scope(request.scope());
        String prefix = request.registryNamePrefix() == null ? "" : request.registryNamePrefix();
        String after = Page.after(request.nextToken());
        Page<RegistrySummary> page = new Page<>(request.limit());
        NavigableMap<String, StoredRegistry> all =
                store.read(snapshot -> all(snapshot, place, scope));
        for (StoredRegistry registry : all.tailMap(after, false).values()) {
            if (registry.name().startsWith(prefix)
                    && !page.add(registry.name(), summary(place, registry))) {
                break;
            }
        }
        return ListRegistriesResponse.builder()
                .registries(page.items())
                .nextToken(page.nextToken())
                .build();
    }

    /// `AWS`, `LOCAL`, or empty for both.
    private static String scope(@Nullable String scope) {
        if (scope == null || scope.isEmpty()) {
            return "";
        }
        if (scope.equalsIgnoreCase(AWS)) {
            return AWS;
        }
        if (scope.equalsIgnoreCase(LOCAL)) {
            return LOCAL;
        }
        throw SchemasErrors.badRequest("Scope must be Local or AWS.");
    }

    /// There are few: see [SchemasLimits#REGISTRIES_MAX].
    private NavigableMap<String, StoredRegistry> all(Snapshot snapshot, Place place, String scope) {
        NavigableMap<String, StoredRegistry> all = new TreeMap<>();
        if (!scope.equals(LOCAL)) {
            all.put(AwsEvents.REGISTRY, AwsEvents.registry());
        }
        if (!scope.equals(AWS)) {
            try (Cursor cursor = snapshot.prefix(SchemasKeys.registries(place))) {
                while (cursor.next()) {
                    StoredRegistry registry = registries.decode(cursor.value());
                    all.put(registry.name(), registry);
                }
            }
        }
        return all;
    }

    private static RegistrySummary summary(Place place, StoredRegistry registry) {
        return RegistrySummary.builder()
                .registryName(registry.name())
                .registryArn(place.registryArn(registry.name()))
                .tags(registry.tags())
                .build();
    }
}
