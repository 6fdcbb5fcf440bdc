package io.millrace.service.pipes;

import io.millrace.api.pipes.DescribePipeRequest;
import io.millrace.api.pipes.DescribePipeResponse;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.Instant;

/// `DescribePipe`: a pipe and where it is. Of one that runs, `StateReason` tells why its last batch
/// failed, until one succeeds. Error: `NotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_DescribePipe.html).
final class DescribePipe implements Operation<DescribePipeRequest, DescribePipeResponse> {
    private final Store store;

    DescribePipe(Store store) {
        this.store = store;
    }

    @Override
    public DescribePipeResponse handle(Caller caller, DescribePipeRequest request) {
        return store.read(tx -> describe(tx, StoredPipes.require(tx, caller, request.name())));
    }

    private static DescribePipeResponse describe(Snapshot tx, StoredPipe pipe) {
        PipeSettings settings = pipe.settings();
        return DescribePipeResponse.builder()
                .arn(pipe.arn())
                .name(pipe.name())
                .description(settings.description())
                .desiredState(pipe.desiredState())
                .currentState(pipe.currentState().name())
                .stateReason(
                        pipe.currentState() == PipeState.RUNNING
                                ? StoredPipes.trouble(tx, pipe)
                                : pipe.stateReason())
                .source(settings.source())
                .sourceParameters(settings.sourceParameters())
                .enrichment(settings.enrichment())
                .enrichmentParameters(settings.enrichmentParameters())
                .target(settings.target())
                .targetParameters(settings.targetParameters())
                .roleArn(settings.roleArn())
                .tags(pipe.tags().isEmpty() ? null : pipe.tags())
                .creationTime(Instant.ofEpochMilli(pipe.createdMillis()))
                .lastModifiedTime(Instant.ofEpochMilli(pipe.modifiedMillis()))
                .logConfiguration(settings.logConfiguration())
                .kmsKeyIdentifier(settings.kmsKeyIdentifier())
                .build();
    }
}
