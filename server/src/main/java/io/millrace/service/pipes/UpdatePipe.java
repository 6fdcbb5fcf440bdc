package io.millrace.service.pipes;

import io.millrace.api.pipes.UpdatePipeRequest;
import io.millrace.api.pipes.UpdatePipeResponse;
import io.millrace.api.pipes.UpdatePipeSourceParameters;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.secret.CustomerKeys;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;

/// `UpdatePipe`: replaces what the request names, and leaves the rest; where the pipe is in its
/// source stays. Objects of parameters are replaced as a whole.
///
/// Durable when it returns, in the state `UPDATING`. Errors: `ValidationException`,
/// `NotFoundException`, `ConflictException` while the pipe is on its way to another state. Source:
/// [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_UpdatePipe.html).
final class UpdatePipe implements Operation<UpdatePipeRequest, UpdatePipeResponse> {
    private final Store store;
    private final InstantSource clock;
    private final CustomerKeys keys;

    UpdatePipe(Store store, InstantSource clock, CustomerKeys keys) {
        this.store = store;
        this.clock = clock;
        this.keys = keys;
    }

    @Override
    public UpdatePipeResponse handle(Caller caller, UpdatePipeRequest request) {
        return store.write(tx -> update(tx, caller, request));
    }

    private UpdatePipeResponse update(Transaction tx, Caller caller, UpdatePipeRequest request) {
        StoredPipe before = StoredPipes.require(tx, caller, request.name());
        Transitions.checkSettled(before);
        SourceKind kind = PipeCheck.source(caller, before.settings().source());
        checkSource(kind, request.sourceParameters());
        PipeSettings settings = SourceDefaults.fill(kind, settings(before.settings(), request));
        PipeCheck.check(kind, settings);
        String desired = request.desiredState();
        StoredPipe pipe =
                before.updated(
                        settings,
                        desired == null ? before.desiredState() : desired,
                        clock.millis());
        if (request.kmsKeyIdentifier() != null) {
            pipe.checkKey(tx, keys);
        }
        StoredPipes.put(tx, pipe);
        return new UpdatePipeResponse(
                pipe.arn(),
                pipe.name(),
                pipe.desiredState(),
                pipe.currentState().name(),
                Instant.ofEpochMilli(pipe.createdMillis()),
                Instant.ofEpochMilli(pipe.modifiedMillis()));
    }

    private static void checkSource(SourceKind kind, @Nullable UpdatePipeSourceParameters given) {
        if (given == null) {
            return;
        }
        boolean foreign =
                kind == SourceKind.SQS
                        ? given.dynamoDBStreamParameters() != null
                        : given.sqsQueueParameters() != null;
        if (foreign
                || given.kinesisStreamParameters() != null
                || given.activeMQBrokerParameters() != null
                || given.rabbitMQBrokerParameters() != null
                || given.managedStreamingKafkaParameters() != null
                || given.selfManagedKafkaParameters() != null) {
            throw PipesErrors.field(
                    "SourceParameters", "The parameters do not belong to the source of the pipe.");
        }
    }

    private static PipeSettings settings(PipeSettings before, UpdatePipeRequest request) {
        return new PipeSettings(
                request.description() == null ? before.description() : request.description(),
                before.source(),
                SourceDefaults.updated(before.sourceParameters(), request.sourceParameters()),
                request.enrichment() == null
                        ? before.enrichment()
                        : CreatePipe.orNull(request.enrichment()),
                request.enrichmentParameters() == null
                        ? before.enrichmentParameters()
                        : request.enrichmentParameters(),
                request.target() == null ? before.target() : request.target(),
                request.targetParameters() == null
                        ? before.targetParameters()
                        : request.targetParameters(),
                request.roleArn(),
                request.logConfiguration() == null
                        ? before.logConfiguration()
                        : PipeLog.shown(request.logConfiguration()),
                request.kmsKeyIdentifier() == null
                        ? before.kmsKeyIdentifier()
                        : CreatePipe.orNull(request.kmsKeyIdentifier()));
    }
}
