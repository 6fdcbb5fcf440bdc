package io.millrace.service.pipes;

import io.millrace.api.pipes.ListPipesRequest;
import io.millrace.api.pipes.ListPipesResponse;
import io.millrace.api.pipes.Pipe;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.storage.PageToken;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/// `ListPipes`: in the order of their names, those that the request wants. Error:
/// `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_ListPipes.html).
final class ListPipes implements Operation<ListPipesRequest, ListPipesResponse> {
    private final Store store;

    ListPipes(Store store) {
        this.store = store;
    }

    @Override
    public ListPipesResponse handle(Caller caller, ListPipesRequest request) {
        String from = from(request.nextToken());
        return store.read(tx -> list(tx, caller, request, from));
    }

    private static ListPipesResponse list(
            Snapshot tx, Caller caller, ListPipesRequest request, String from) {
        int limit = request.limit() == null ? PipesLimits.PAGE_SIZE : request.limit();
        List<StoredPipe> found =
                StoredPipes.page(tx, caller, from, pipe -> isWanted(pipe, request), limit + 1);
        List<Pipe> pipes = found.stream().limit(limit).map(pipe -> shape(tx, pipe)).toList();
        return new ListPipesResponse(
                pipes, found.size() > limit ? token(found.getLast().name()) : null);
    }

    private static boolean isWanted(StoredPipe pipe, ListPipesRequest request) {
        return begins(pipe.name(), request.namePrefix())
                && begins(pipe.settings().source(), request.sourcePrefix())
                && begins(pipe.settings().target(), request.targetPrefix())
                && (request.desiredState() == null
                        || request.desiredState().equals(pipe.desiredState()))
                && (request.currentState() == null
                        || request.currentState().equals(pipe.currentState().name()));
    }

    private static boolean begins(String text, @Nullable String prefix) {
        return prefix == null || text.startsWith(prefix);
    }

    private static Pipe shape(Snapshot tx, StoredPipe pipe) {
        return Pipe.builder()
                .name(pipe.name())
                .arn(pipe.arn())
                .desiredState(pipe.desiredState())
                .currentState(pipe.currentState().name())
                .stateReason(
                        pipe.currentState() == PipeState.RUNNING
                                ? StoredPipes.trouble(tx, pipe)
                                : pipe.stateReason())
                .creationTime(Instant.ofEpochMilli(pipe.createdMillis()))
                .lastModifiedTime(Instant.ofEpochMilli(pipe.modifiedMillis()))
                .source(pipe.settings().source())
                .target(pipe.settings().target())
                .enrichment(pipe.settings().enrichment())
                .build();
    }

    private static String token(String name) {
        return PageToken.of(name.getBytes(StandardCharsets.UTF_8));
    }

    private static String from(@Nullable String token) {
        if (token == null) {
            return "";
        }
        byte[] name = PageToken.key(token);
        if (name == null) {
            throw PipesErrors.validation("Parameter NextToken is not valid.");
        }
        return new String(name, StandardCharsets.UTF_8);
    }
}
