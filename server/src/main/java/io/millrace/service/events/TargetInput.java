package io.millrace.service.events;

import io.millrace.api.events.Target;
import io.millrace.pattern.InputTransformer;
import io.millrace.pattern.JsonPath;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// What a target gets of an event: all of it, a part, a constant, or what a template makes of it.
final class TargetInput {

    private static final JsonFactory JSON = new JsonFactory();
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
        if (input != null && !isJson(input)) {
            throw EventsErrors.validation(
                    "JSON syntax error in input for target " + target.id() + ".");
        }
        String path = target.inputPath();
        if (path != null && !path.isEmpty() && JsonPath.parse(path).isEmpty()) {
            throw EventsErrors.validation("Invalid InputPath for target " + target.id() + ".");
        }
        io.millrace.api.events.InputTransformer shape = target.inputTransformer();
        if (shape != null) {
            try {
                transformer(target, shape);
            } catch (InputTransformer.InvalidException e) {
                throw EventsErrors.validation(e.reason());
            }
        }
    }

    /// Empty when it would be too large.
    static Optional<String> of(
            Target target, String ruleArn, StoredRule rule, EventEnvelope event) {
        String input = target.input();
        if (input != null && !input.isEmpty()) {
            return Optional.of(input);
        }
        String path = target.inputPath();
        if (path != null && !path.isEmpty()) {
            Optional<JsonPath> parsed = JsonPath.parse(path);
            return Optional.of(parsed.flatMap(p -> p.read(event.json())).orElse("null"));
        }
        io.millrace.api.events.InputTransformer shape = target.inputTransformer();
        if (shape == null) {
            return Optional.of(event.json());
        }
        try {
            return transformer(target, shape)
                    .transform(
                            new InputTransformer.Context(
                                    ruleArn, rule.name(), event.ingestionTime(), event.json()));
        } catch (InputTransformer.InvalidException e) {
            throw new IllegalStateException("an invalid transformer was stored", e);
        }
    }

    /// As it was read before, where it was: what a target's record has is the same object each
    /// time.
    private static InputTransformer transformer(
            Target target, io.millrace.api.events.InputTransformer shape)
            throws InputTransformer.InvalidException {
        int slot = System.identityHashCode(shape) & READ_SLOTS - 1;
        Read read = READ.get(slot);
        if (read == null || !read.shape.equals(shape)) {
            read =
                    new Read(
                            shape,
                            InputTransformer.of(
                                    target.id(), shape.inputPathsMap(), shape.inputTemplate()));
            READ.set(slot, read);
        }
        return read.transformer;
    }

    private static boolean isJson(String text) {
        if (text.isEmpty()) {
            return true;
        }
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            JsonToken first = parser.nextToken();
            parser.skipChildren();
            parser.finishToken();
            return first != null && parser.nextToken() == null;
        } catch (JacksonException _) {
            return false;
        }
    }
}
