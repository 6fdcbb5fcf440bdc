package io.millrace.service.schemas;

import io.millrace.api.schemas.SearchSchemaSummary;
import io.millrace.api.schemas.SearchSchemaVersionSummary;
import io.millrace.api.schemas.SearchSchemasRequest;
import io.millrace.api.schemas.SearchSchemasResponse;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// `SearchSchemas`: the schemas, and their versions, in which one of the keywords stands: in the
/// name, the description or the content, in capitals or not. In order of names. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/schema-reference/v1-registries-name-registryname-schemas-search.html).
///
/// Reads the schemas one by one: a page ends when it is full or when many were read in vain.
final class SearchSchemas implements Operation<SearchSchemasRequest, SearchSchemasResponse> {
    private final Store store;
    private final Registries registries;
    private final Versions versions;

    SearchSchemas(Store store, Registries registries, Versions versions) {
        this.store = store;
        this.registries = registries;
        this.versions = versions;
    }

    @Override
    public SearchSchemasResponse handle(Caller caller, SearchSchemasRequest request) {
        Place place = Place.of(caller);
        List<String> keywords = keywords(request.keywords());
        Page<SearchSchemaSummary> page =
                store.read(snapshot -> page(snapshot, place, keywords, request));
        return SearchSchemasResponse.builder()
                .schemas(page.items())
                .nextToken(page.nextToken())
                .build();
    }

    private static List<String> keywords(String text) {
        List<String> keywords = new ArrayList<>();
        for (String word : text.toLowerCase(Locale.ROOT).split("\\s+", -1)) {
            if (!word.isEmpty()) {
                keywords.add(word);
            }
        }
        if (keywords.isEmpty()) {
            throw SchemasErrors.badRequest("Keywords must not be empty.");
        }
        if (keywords.size() > SchemasLimits.KEYWORDS_MAX) {
            throw SchemasErrors.badRequest(
                    "There must not be more than " + SchemasLimits.KEYWORDS_MAX + " keywords.");
        }
        return keywords;
    }

    private Page<SearchSchemaSummary> page(
            Snapshot snapshot, Place place, List<String> keywords, SearchSchemasRequest request) {
        StoredRegistry registry = registries.require(snapshot, place, request.registryName());
        Page<SearchSchemaSummary> page = new Page<>(request.limit());
        List<StoredSchema> read =
                versions.page(
                        snapshot,
                        registry,
                        Page.after(request.nextToken()),
                        "",
                        SchemasLimits.SEARCHED_MAX);
        long characters = 0;
        for (StoredSchema schema : read) {
            if (characters > SchemasLimits.SEARCHED_CHARACTERS_MAX) {
                return page;
            }
            List<StoredVersion> all =
                    versions.newestFirst(
                            snapshot, schema, Long.MAX_VALUE, SchemasLimits.VERSIONS_MAX);
            characters += all.stream().mapToLong(each -> each.content().length()).sum();
            List<SearchSchemaVersionSummary> hits = hits(schema, all, keywords);
            if (!hits.isEmpty()
                    && !page.add(schema.name(), summary(place, registry, schema, hits))) {
                return page;
            }
            if (characters > SchemasLimits.SEARCHED_CHARACTERS_MAX) {
                page.end(schema.name());
            }
        }
        if (read.size() == SchemasLimits.SEARCHED_MAX) {
            page.end(read.getLast().name());
        }
        return page;
    }

    private static List<SearchSchemaVersionSummary> hits(
            StoredSchema schema, List<StoredVersion> versions, List<String> keywords) {
        boolean all =
                contains(schema.name(), keywords)
                        || (schema.description() != null
                                && contains(schema.description(), keywords));
        List<SearchSchemaVersionSummary> hits = new ArrayList<>();
        for (StoredVersion version : versions) {
            if (all || contains(version.content(), keywords)) {
                hits.add(
                        SearchSchemaVersionSummary.builder()
                                .schemaVersion(version.version())
                                .type(version.type())
                                .createdDate(Instant.ofEpochMilli(version.createdMillis()))
                                .build());
            }
        }
        return hits;
    }

    private static boolean contains(String text, List<String> keywords) {
        String lower = text.toLowerCase(Locale.ROOT);
        return keywords.stream().anyMatch(lower::contains);
    }

    private static SearchSchemaSummary summary(
            Place place,
            StoredRegistry registry,
            StoredSchema schema,
            List<SearchSchemaVersionSummary> hits) {
        return SearchSchemaSummary.builder()
                .registryName(registry.name())
                .schemaName(schema.name())
                .schemaArn(place.schemaArn(registry.name(), schema.name()))
                .schemaVersions(hits)
                .build();
    }
}
