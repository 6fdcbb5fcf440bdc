package io.millrace.service.schemas;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// What discovery has to know of each event: whose it is, and a number for its shape. Events of one
/// source and detail type with the same properties of the same types, in any order, have the same.
///
/// @param fingerprint 64 bits; that two shapes share one is as good as impossible
record EventSample(String source, String detailType, String account, long fingerprint) {

    private static final long OBJECT = 0x9e3779b97f4a7c15L;
    private static final long ARRAY = 0xc2b2ae3d27d4eb4fL;
    private static final long PRIME = 0x100000001b3L;

    /// Empty when the event is not one to infer from: no object, or too deep.
    static Optional<EventSample> of(String event) {
        String source = "";
        String detailType = "";
        String account = "";
        long detail = 0;
        try (JsonParser parser = EventShapes.MAPPER.createParser(event)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "source" -> source = parser.getString();
                    case "detail-type" -> detailType = parser.getString();
                    case "account" -> account = parser.getString();
                    case "detail" -> detail = shape(parser, 1);
                    default -> parser.skipChildren();
                }
            }
        } catch (JacksonException | EventShapes.TooDeepException _) {
            return Optional.empty();
        }
        long names = mix(text(source) * PRIME + text(detailType));
        return Optional.of(new EventSample(source, detailType, account, mix(names + detail)));
    }

    private static long shape(JsonParser parser, int depth) {
        if (depth > SchemasLimits.DEPTH_MAX) {
            throw new EventShapes.TooDeepException();
        }
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            long sum = OBJECT;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                long name = text(parser.currentName());
                parser.nextToken();
                sum += mix(name * PRIME + shape(parser, depth + 1));
            }
            return mix(sum);
        }
        if (token == JsonToken.START_ARRAY) {
            long sum = ARRAY;
            Set<Long> seen = new HashSet<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                long item = shape(parser, depth + 1);
                if (seen.add(item)) {
                    sum += mix(item);
                }
            }
            return mix(sum);
        }
        return mix(EventShapes.scalar(parser, token));
    }

    private static long text(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * PRIME;
        }
        return hash;
    }

    /// Spreads the bits, as the finalizer of SplitMix64 does.
    static long mix(long bits) {
        long mixed = (bits ^ bits >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
