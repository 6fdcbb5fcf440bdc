package io.millrace.notification;

import io.millrace.http.Request;
import io.millrace.http.Response;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;

/// Who may see notifications: whoever presents the secret, as `Authorization: Bearer …` or as the
/// password of a basic authorization; in development mode also everyone else, but not the pages of
/// other sites in someone's browser.
///
/// @param everyone whether this is development mode
public record PageAccess(boolean everyone, @Nullable String secret) {

    /// The refusal; null for whoever may.
    @Nullable Response refusal(Request request) {
        if (secret != null && presents(request.header("authorization"), secret)) {
            return null;
        }
        if (!everyone) {
            return new Response(
                    401,
                    Map.of("WWW-Authenticate", "Basic realm=\"Millrace notifications\""),
                    new byte[0]);
        }
        String origin = request.header("origin");
        if (origin != null && !origin.endsWith("//" + request.header("host"))) {
            return Response.of(403, "text/plain", "This is not for other sites.\n");
        }
        return null;
    }

    private static boolean presents(@Nullable String authorization, String secret) {
        if (authorization == null) {
            return false;
        }
        String[] parts = authorization.split(" ", 2);
        if (parts.length < 2) {
            return false;
        }
        return switch (parts[0]) {
            case "Bearer" -> equal(parts[1], secret);
            case "Basic" -> equal(password(parts[1]), secret);
            default -> false;
        };
    }

    private static String password(String basic) {
        try {
            String pair = new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8);
            return pair.substring(pair.indexOf(':') + 1);
        } catch (IllegalArgumentException _) { // not in base 64
            return "";
        }
    }

    private static boolean equal(String presented, String secret) {
        return MessageDigest.isEqual(
                presented.getBytes(StandardCharsets.UTF_8),
                secret.getBytes(StandardCharsets.UTF_8));
    }
}
