package io.millrace.service.events;

import io.millrace.api.events.Target;
import io.millrace.delivery.JobHandler.Attempt;
import io.millrace.pattern.InputTransformer;
import io.millrace.pattern.JsonPath;
import io.millrace.pattern.JsonSyntax;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReferenceArray;

/// What a target gets of an event: all of it, a part, a constant, or what a template makes of it.
final class TargetInput {

    /// @param failure why the target does not get it; null when it does
    record Made(String text, Attempt.@Nullable Failed failure) {
        static Made of(String text) {
            return new Made(text, null);
        }
    }

    private static final Attempt.Failed NOT_JSON =
            new Attempt.Failed("INVALID_JSON", "Invalid input for target.", false);
    private static final Attempt.Failed TOO_LARGE =
            new Attempt.Failed(
                    "EVENT_PAYLOAD_SIZE_LIMIT_EXCEEDED",
                    "The transformed event is too large.",
                    false);
    private static final String NOTHING = "{}"; // where a path leads nowhere

    private static final int READ_SLOTS = 1024;
    private static final AtomicReferenceArray<@Nullable Read> READ =
            new AtomicReferenceArray<>(READ_SLOTS);

    private record Read(
            io.millrace.api.events.InputTransformer shape, InputTransformer transformer) {}

    private TargetInput() {}

    /// Refuses what could not be applied later.
    ///
    /// @throws ServiceException when the target's input members cannot be
    static void check(Target target) {
        int given =
                (target.input() == null ? 0 : 1)
                        + (target.inputPath() == null ? 0 : 1)
                        + (target.inputTransformer() == null ? 0 : 1);
        if (given > 1) {
            throw EventsErrors.validation(
                    "Only one of Input, InputPath, or InputTransformer must be provided for target "
                            + target.id()
                            + ".");
        }
        String input = target.input();
        if (input != null && !input.isEmpty()) {
            JsonSyntax.error(input, false)
                    .ifPresent(where -> {
                        throw EventsErrors.validation(
                                "JSON syntax error in input for target "
                                        + target.id()
                                        + ": "
                                        + where);
                    });
        }
        String path = target.inputPath();
        if (path != null && !path.isEmpty() && !JsonPath.isOfRule(path)) {
            throw EventsErrors.validation("InputPath for target " + target.id() + " is invalid.");
        }
        io.millrace.api.events.InputTransformer shape = target.inputTransformer();
        if (shape != null) {
            try {
                InputTransformer.check(target.id(), shape.inputPathsMap(), shape.inputTemplate());
            } catch (InputTransformer.InvalidException e) {
                throw EventsErrors.validation(e.reason());
            }
        }
    }

    static Made of(Target target, String ruleArn, StoredRule rule, EventEnvelope event) {
        String input = target.input();
        if (input != null && !input.isEmpty()) {
            return Made.of(input);
        }
        String path = target.inputPath();
        if (path != null) { // an empty one leads nowhere: seen at AWS
            String found = JsonPath.parse(path).flatMap(p -> p.read(event.json())).orElse(NOTHING);
            return Made.of(found.equals("null") ? NOTHING : found);
        }
        io.millrace.api.events.InputTransformer shape = target.inputTransformer();
        if (shape == null) {
            return Made.of(event.json());
        }
        InputTransformer.Context context =
                new InputTransformer.Context(
                        ruleArn, rule.name(), event.ingestionTime(), event.json());
        return switch (transformer(shape).transform(context)) {
            case InputTransformer.Output.Json(String text) -> Made.of(text);
            case InputTransformer.Output.NotJson(String text) -> new Made(text, NOT_JSON);
            case InputTransformer.Output.TooLong _ -> new Made(event.json(), TOO_LARGE);
        };
    }

    /// As it was read before, where it was: what a target's record has is the same object each
    /// time.
    private static InputTransformer transformer(io.millrace.api.events.InputTransformer shape) {
        int slot = System.identityHashCode(shape) & READ_SLOTS - 1;
        Read read = READ.get(slot);
        if (read == null || !read.shape.equals(shape)) {
            read =
                    new Read(
                            shape,
                            InputTransformer.of(shape.inputPathsMap(), shape.inputTemplate()));
            READ.set(slot, read);
        }
        return read.transformer;
    }
}
