package io.millrace.service.schemas;

import io.millrace.api.schemas.DescribeCodeBindingRequest;
import io.millrace.api.schemas.DescribeCodeBindingResponse;
import io.millrace.api.schemas.GetCodeBindingSourceRequest;
import io.millrace.api.schemas.GetCodeBindingSourceResponse;
import io.millrace.api.schemas.PutCodeBindingRequest;
import io.millrace.api.schemas.PutCodeBindingResponse;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.service.schemas.Versions.Versioned;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// `PutCodeBinding`, `DescribeCodeBinding` and `GetCodeBindingSource`: code for the events of a
/// schema, as a ZIP file. It is made at once, and the same whenever it is fetched; the schemas of
/// `aws.events` always have it. Errors: `NotFoundException`; `BadRequestException` for other
/// languages. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/schema-reference/v1-registries-name-registryname-schemas-name-schemaname-language-language.html).
final class CodeBindings {
    static final String JAVA = "Java8";
    static final String PYTHON = "Python36";
    static final String TYPE_SCRIPT = "TypeScript3";
    private static final String COMPLETE = "CREATE_COMPLETE";

    /// The oldest that a ZIP file can tell.
    private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private final Store store;
    private final InstantSource clock;
    private final Registries registries;
    private final Versions versions;
    private final ResourceCodec<StoredBinding> codec = new ResourceCodec<>(StoredBinding.class);

    private record Bound(Versioned versioned, StoredBinding binding) {}

    CodeBindings(Store store, InstantSource clock, Registries registries, Versions versions) {
        this.store = store;
        this.clock = clock;
        this.registries = registries;
        this.versions = versions;
    }

    PutCodeBindingResponse put(Caller caller, PutCodeBindingRequest request) {
        checkLanguage(request.language());
        long nowMillis = clock.millis();
        Bound bound = store.write(tx -> put(tx, Place.of(caller), request, nowMillis));
        return PutCodeBindingResponse.builder()
                .schemaVersion(bound.versioned().version().version())
                .status(COMPLETE)
                .creationDate(Instant.ofEpochMilli(bound.binding().createdMillis()))
                .lastModified(Instant.ofEpochMilli(bound.binding().modifiedMillis()))
                .build();
    }

    private Bound put(Transaction tx, Place place, PutCodeBindingRequest request, long nowMillis) {
        StoredRegistry registry = registries.require(tx, place, request.registryName());
        Versioned versioned =
                versions.require(tx, registry, request.schemaName(), request.schemaVersion());
        files(request.language(), versioned); // refuses what has no code
        @Nullable StoredBinding before = find(tx, versioned, request.language());
        StoredBinding binding =
                new StoredBinding(
                        request.language(),
                        before == null ? nowMillis : before.createdMillis(),
                        nowMillis);
        if (registry.number() != AwsEvents.NUMBER) {
            tx.put(key(versioned, request.language()), codec.encode(binding));
        }
        return new Bound(versioned, binding);
    }

    DescribeCodeBindingResponse describe(Caller caller, DescribeCodeBindingRequest request) {
        checkLanguage(request.language());
        Bound bound =
                store.read(snapshot ->
                        require(
                                snapshot,
                                Place.of(caller),
                                request.registryName(),
                                request.schemaName(),
                                request.schemaVersion(),
                                request.language()));
        return DescribeCodeBindingResponse.builder()
                .schemaVersion(bound.versioned().version().version())
                .status(COMPLETE)
                .creationDate(Instant.ofEpochMilli(bound.binding().createdMillis()))
                .lastModified(Instant.ofEpochMilli(bound.binding().modifiedMillis()))
                .build();
    }

    GetCodeBindingSourceResponse source(Caller caller, GetCodeBindingSourceRequest request) {
        checkLanguage(request.language());
        Bound bound =
                store.read(snapshot ->
                        require(
                                snapshot,
                                Place.of(caller),
                                request.registryName(),
                                request.schemaName(),
                                request.schemaVersion(),
                                request.language()));
        return GetCodeBindingSourceResponse.builder()
                .body(zip(files(request.language(), bound.versioned())))
                .build();
    }

    private static void checkLanguage(String language) {
        if (!language.equals(JAVA) && !language.equals(PYTHON) && !language.equals(TYPE_SCRIPT)) {
            throw SchemasErrors.badRequest(
                    "Language "
                            + language
                            + " is not supported. Supported are Java8, Python36"
                            + " and TypeScript3.");
        }
    }

    private Bound require(
            Snapshot snapshot,
            Place place,
            String registryName,
            String schemaName,
            @Nullable String version,
            String language) {
        StoredRegistry registry = registries.require(snapshot, place, registryName);
        Versioned versioned = versions.require(snapshot, registry, schemaName, version);
        @Nullable StoredBinding binding = find(snapshot, versioned, language);
        if (binding == null) {
            throw SchemasErrors.bindingNotFound(
                    schemaName, versioned.version().version(), language);
        }
        return new Bound(versioned, binding);
    }

    private @Nullable StoredBinding find(Snapshot snapshot, Versioned versioned, String language) {
        if (versioned.schema().number() == AwsEvents.NUMBER) {
            long created = versioned.version().createdMillis();
            return new StoredBinding(language, created, created);
        }
        return codec.decodeOrNull(snapshot.get(key(versioned, language)));
    }

    private static byte[] key(Versioned versioned, String language) {
        return SchemasKeys.binding(
                versioned.schema().number(), versioned.version().number(), language);
    }

    private static Map<String, String> files(String language, Versioned versioned) {
        BindingModel model = BindingModel.of(versioned.schema().name(), versioned.version());
        return switch (language) {
            case JAVA -> JavaBinding.files(model);
            case PYTHON -> ScriptBindings.python(model);
            default -> ScriptBindings.typeScript(model);
        };
    }

    private static byte[] zip(Map<String, String> files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                ZipEntry entry = new ZipEntry(file.getKey());
                entry.setTimeLocal(ENTRY_TIME);
                zip.putNextEntry(entry);
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // it is all in memory
        }
        return bytes.toByteArray();
    }
}
