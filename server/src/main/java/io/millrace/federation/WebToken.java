package io.millrace.federation;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A signed JSON Web Token in its compact form; nothing of it has been verified. Source: [RFC
/// 7519](https://www.rfc-editor.org/rfc/rfc7519), [RFC
/// 7515](https://www.rfc-editor.org/rfc/rfc7515).
///
/// @param algorithm as `RS256`
/// @param keyId of the key that signed it; null when it does not say
/// @param signed what the signature is over
public record WebToken(
        String algorithm,
        @Nullable String keyId,
        JsonNode claims,
        byte[] signed,
        byte[] signature) {
    static final JsonMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private static final double SECONDS_MAX = 1e15; // a double tells them apart

    /// Empty for what is no such token.
    public static Optional<WebToken> parse(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            JsonNode header = JSON.readTree(decoded(parts[0]));
            JsonNode claims = JSON.readTree(decoded(parts[1]));
            if (!header.isObject()
                    || !claims.isObject()
                    || !header.path("alg").isString()
                    || header.has("crit")) { // what must be understood, and is not
                return Optional.empty();
            }
            String signed = parts[0] + "." + parts[1];
            return Optional.of(
                    new WebToken(
                            header.path("alg").stringValue(),
                            header.path("kid").isString() ? header.path("kid").stringValue() : null,
                            claims,
                            signed.getBytes(StandardCharsets.US_ASCII),
                            decoded(parts[2])));
        } catch (JacksonException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static byte[] decoded(String part) {
        return Base64.getUrlDecoder().decode(part);
    }

    /// The text of a claim; empty when it is absent or no text.
    public Optional<String> text(String claim) {
        JsonNode node = claims.path(claim);
        return node.isString() ? Optional.of(node.stringValue()) : Optional.empty();
    }

    /// The texts of a claim that is one or a list of them.
    public List<String> texts(String claim) {
        return texts(claims.path(claim));
    }

    /// The texts in a text or a list.
    public static List<String> texts(JsonNode node) {
        List<String> texts = new ArrayList<>();
        if (node.isString()) {
            texts.add(node.stringValue());
        }
        for (JsonNode each : node.isArray() ? node.values() : List.<JsonNode>of()) {
            if (each.isString()) {
                texts.add(each.stringValue());
            }
        }
        return texts;
    }

    /// A time in whole seconds since 1970; empty when the claim is absent or no such number.
    public OptionalLong seconds(String claim) {
        JsonNode node = claims.path(claim);
        double seconds = node.isNumber() ? Math.floor(node.asDouble(Double.NaN)) : Double.NaN;
        return Math.abs(seconds) < SECONDS_MAX
                ? OptionalLong.of((long) seconds)
                : OptionalLong.empty();
    }
}
