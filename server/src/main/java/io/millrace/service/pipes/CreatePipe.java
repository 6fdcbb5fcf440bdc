package io.millrace.service.pipes;

import io.millrace.api.pipes.CreatePipeRequest;
import io.millrace.api.pipes.CreatePipeResponse;
import io.millrace.api.pipes.PipeSourceParameters;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.secret.CustomerKeys;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/// `CreatePipe`: makes a pipe, which is set going in the background.
///
/// Durable when it returns, in the state `CREATING`. What is not there shows in its state then:
/// `CREATE_FAILED`, with the reason. Errors: `ValidationException`, `ConflictException`,
/// `ServiceQuotaExceededException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_CreatePipe.html).
final class CreatePipe implements Operation<CreatePipeRequest, CreatePipeResponse> {
    private static final PipeSourceParameters NONE = PipeSourceParameters.builder().build();

    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final CustomerKeys keys;

    CreatePipe(Store store, InstantSource clock, Ids ids, CustomerKeys keys) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.keys = keys;
    }

    @Override
    public CreatePipeResponse handle(Caller caller, CreatePipeRequest request) {
        SourceKind kind = PipeCheck.source(caller, request.source());
        PipeSourceParameters parameters = request.sourceParameters();
        PipeSettings settings =
                SourceDefaults.fill(
                        kind,
                        new PipeSettings(
                                request.description(),
                                request.source(),
                                parameters == null ? NONE : parameters,
                                orNull(request.enrichment()),
                                request.enrichmentParameters(),
                                request.target(),
                                request.targetParameters(),
                                request.roleArn(),
                                PipeLog.shown(request.logConfiguration()),
                                orNull(request.kmsKeyIdentifier())));
        PipeCheck.check(kind, settings);
        Map<String, String> tags = request.tags() == null ? Map.of() : request.tags();
        PipeCheck.checkTags(tags);
        String desired = request.desiredState();
        long nowMillis = clock.millis();
        StoredPipe pipe =
                new StoredPipe(
                        ids.number(),
                        1,
                        caller.accountId(),
                        caller.region(),
                        request.name(),
                        settings,
                        desired == null ? StoredPipe.RUNNING : desired,
                        PipeState.CREATING,
                        null,
                        tags,
                        nowMillis,
                        nowMillis);
        return store.write(tx -> create(tx, pipe));
    }

    private CreatePipeResponse create(Transaction tx, StoredPipe pipe) {
        if (tx.get(pipe.key()) != null) {
            throw PipesErrors.exists(pipe.name());
        }
        StoredPipes.add(tx, pipe);
        pipe.checkKey(tx, keys);
        return new CreatePipeResponse(
                pipe.arn(),
                pipe.name(),
                pipe.desiredState(),
                pipe.currentState().name(),
                Instant.ofEpochMilli(pipe.createdMillis()),
                Instant.ofEpochMilli(pipe.modifiedMillis()));
    }

    static @Nullable String orNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}
