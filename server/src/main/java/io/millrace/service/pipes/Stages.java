package io.millrace.service.pipes;

import io.millrace.api.pipes.PipeEnrichmentHttpParameters;
import io.millrace.api.pipes.PipeEnrichmentParameters;
import io.millrace.api.pipes.PipeTargetHttpParameters;
import io.millrace.api.pipes.PipeTargetParameters;
import io.millrace.delivery.RemoteTarget;
import io.millrace.delivery.RemoteTargets;
import io.millrace.pattern.Arn;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// The stages of one pipe behind its filter: enrichment and target. What happens outside of the
/// store happens in [#pass]; what is part of a transaction, in [StoreDelivery]. Immutable.
final class Stages {
    static final String SENDER = "pipes.amazonaws.com";

    private final StoredPipe pipe;
    private final InstantSource clock;
    private final RemoteTargets remotes;
    private final PipeTrace trace;
    private final PipeFilter filter;
    private final @Nullable PipeTemplate enrichmentTemplate;
    private final @Nullable PipeTemplate targetTemplate;
    private final boolean remote;

    Stages(StoredPipe pipe, InstantSource clock, RemoteTargets remotes, PipeTrace trace) {
        this.pipe = pipe;
        this.clock = clock;
        this.remotes = remotes;
        this.trace = trace;
        PipeSettings settings = pipe.settings();
        PipeEnrichmentParameters enrichment = settings.enrichmentParameters();
        PipeTargetParameters target = settings.targetParameters();
        this.filter = new PipeFilter(settings.filters());
        this.enrichmentTemplate =
                PipeTemplate.of(enrichment == null ? null : enrichment.inputTemplate());
        this.targetTemplate = PipeTemplate.of(target == null ? null : target.inputTemplate());
        TargetKind kind = TargetKind.of(settings.targetArn());
        this.remote = kind != null && kind.isRemote();
    }

    /// Whether something outside of the store is called.
    boolean isCalling() {
        return remote || pipe.settings().enrichment() != null;
    }

    /// Whether deliveries are part of a transaction.
    boolean isInStore() {
        return !remote;
    }

    boolean passesFilter(PipeEvent event) {
        return filter.passes(event);
    }

    /// Takes events through the enrichment and the transformations, and to a target that is called.
    Passage pass(List<PipeEvent> events, PipeLog log) throws InterruptedException {
        List<PipeEvent> passed = events;
        Arn enrichment = pipe.settings().enrichmentArn();
        if (enrichment != null && !events.isEmpty()) {
            log.enrichmentEntered(events);
            List<PipeEvent> answers = new ArrayList<>();
            Failure failure = enrich(enrichment, events, answers, log);
            if (failure != null) {
                log.enrichmentFailed(failure);
                return new Passage(List.of(), true, 0, failure);
            }
            log.enrichmentSucceeded(answers);
            passed = answers;
        }
        boolean enriched = enrichment != null;
        List<Output> outputs = new ArrayList<>();
        for (PipeEvent event : passed) {
            String payload = transform(targetTemplate, event);
            if (payload == null) {
                return new Passage(outputs, enriched, 0, tooLong("target"));
            }
            outputs.add(new Output(payload, event));
        }
        TargetKind kind = TargetKind.of(pipe.settings().targetArn());
        if (enriched && kind != null && outputs.size() > kind.batchMax()) {
            Failure failure =
                    Failure.ours(
                            "BatchTooLarge",
                            "The enrichment answered more events than the target takes at once.");
            return new Passage(List.of(), true, 0, failure);
        }
        return remote ? call(outputs, enriched, log) : new Passage(outputs, enriched, 0, null);
    }

    private @Nullable Failure enrich(
            Arn enrichment, List<PipeEvent> events, List<PipeEvent> answers, PipeLog log)
            throws InterruptedException {
        for (PipeEvent event : events) {
            String payload = transform(enrichmentTemplate, event);
            if (payload == null) {
                return tooLong("enrichment");
            }
            RemoteTarget.Call call;
            try {
                call = enrichmentCall(payload, event);
            } catch (DynamicPath.NothingThere e) {
                return Failure.ours("InvalidParameter", String.valueOf(e.getMessage()));
            }
            log.enrichmentCalled(payload);
            switch (call(enrichment, call, event)) {
                case RemoteTarget.Reply.Answered(_, String body) -> {
                    if (body.length() > PipesLimits.ENRICHMENT_BYTES_MAX
                            || body.getBytes(StandardCharsets.UTF_8).length
                                    > PipesLimits.ENRICHMENT_BYTES_MAX) {
                        return Failure.ours(
                                "ResponseTooLarge", "The enrichment answered more than 6 MB.");
                    }
                    addAnswers(event.id(), body, answers);
                }
                case RemoteTarget.Reply.Refused refused -> {
                    return failure(enrichment, refused);
                }
            }
        }
        return null;
    }

    /// An array is as many events as it has elements; what is empty is none.
    private static void addAnswers(String id, String body, List<PipeEvent> answers) {
        String text = body.strip();
        if (text.isEmpty() || text.equals("\"\"") || !PipeJson.isJson(text)) {
            if (!text.isEmpty() && !text.equals("\"\"")) {
                answers.add(PipeEvent.enriched(id, answers.size(), body));
            }
            return;
        }
        if (text.startsWith("[")) {
            for (String element : PipeJson.elements(text)) {
                answers.add(PipeEvent.enriched(id, answers.size(), element));
            }
        } else if (!text.startsWith("{") || !text.substring(1, text.length() - 1).isBlank()) {
            answers.add(PipeEvent.enriched(id, answers.size(), text));
        }
    }

    private Passage call(List<Output> outputs, boolean enriched, PipeLog log)
            throws InterruptedException {
        Arn target = pipe.settings().targetArn();
        for (int i = 0; i < outputs.size(); i++) {
            RemoteTarget.Call call;
            try {
                call = targetCall(outputs.get(i));
            } catch (DynamicPath.NothingThere e) {
                Failure failure = Failure.ours("InvalidParameter", String.valueOf(e.getMessage()));
                return new Passage(outputs, enriched, i, failure);
            }
            log.targetCalled(outputs.get(i).payload());
            PipeEvent event = outputs.get(i).event();
            if (call(target, call, event) instanceof RemoteTarget.Reply.Refused refused) {
                return new Passage(outputs, enriched, i, failure(target, refused));
            }
        }
        return new Passage(outputs, enriched, outputs.size(), null);
    }

    private RemoteTarget.Reply call(Arn arn, RemoteTarget.Call call, PipeEvent event)
            throws InterruptedException {
        long beginMillis = clock.millis();
        RemoteTarget.Reply reply = remotes.call(arn, call);
        trace.called(pipe, event.id(), arn, clock.millis() - beginMillis, reply);
        return reply;
    }

    private RemoteTarget.Call enrichmentCall(String payload, PipeEvent event)
            throws DynamicPath.NothingThere {
        PipeEnrichmentParameters parameters = pipe.settings().enrichmentParameters();
        PipeEnrichmentHttpParameters http = parameters == null ? null : parameters.httpParameters();
        return new RemoteTarget.Call(
                payload,
                DynamicPath.values(http == null ? null : http.headerParameters(), event),
                DynamicPath.values(http == null ? null : http.queryStringParameters(), event),
                DynamicPath.values(http == null ? null : http.pathParameterValues(), event),
                SENDER,
                pipe.arn());
    }

    private RemoteTarget.Call targetCall(Output output) throws DynamicPath.NothingThere {
        PipeTargetParameters parameters = pipe.settings().targetParameters();
        PipeTargetHttpParameters http = parameters == null ? null : parameters.httpParameters();
        PipeEvent event = output.event();
        return new RemoteTarget.Call(
                output.payload(),
                DynamicPath.values(http == null ? null : http.headerParameters(), event),
                DynamicPath.values(http == null ? null : http.queryStringParameters(), event),
                DynamicPath.values(http == null ? null : http.pathParameterValues(), event),
                SENDER,
                pipe.arn());
    }

    private @Nullable String transform(@Nullable PipeTemplate template, PipeEvent event) {
        return template == null
                ? event.text()
                : template.fill(event, new PipeTemplate.Context(pipe, clock.instant()));
    }

    private static Failure tooLong(String stage) {
        return Failure.ours(
                "TransformationFailed", "The " + stage + "'s input is longer than 6 MB.");
    }

    private static Failure failure(Arn arn, RemoteTarget.Reply.Refused refused) {
        return new Failure(
                arn.service(), refused.errorCode(), refused.errorMessage(), refused.retryAfter());
    }
}
