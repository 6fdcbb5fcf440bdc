package io.millrace.service.sns;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name and password in an endpoint's URL, and how a server that asks for them is answered:
/// basic and digest authentication, as AWS supports. Source: [developer
/// guide](https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.prepare.html), RFC 7617, RFC
/// 7616 (with MD5 or SHA-256, and quality of protection `auth` or none).
record HttpLogin(String user, String password) {
    private static final Pattern USER_INFO = Pattern.compile("^([a-z]+://)([^/?#@]*)@");
    private static final Pattern PASSWORD = Pattern.compile("^([a-z]+://[^/?#@:]*):[^/?#@]*@");
    private static final Pattern PARAMETER =
            Pattern.compile("([A-Za-z0-9_-]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s,]+))");

    static Optional<HttpLogin> of(URI url) {
        String info = url.getRawUserInfo();
        if (info == null) {
            return Optional.empty();
        }
        String[] parts = info.split(":", 2);
        return Optional.of(
                new HttpLogin(decoded(parts[0]), parts.length < 2 ? "" : decoded(parts[1])));
    }

    /// The URL without its name and password.
    static URI without(URI url) {
        return URI.create(USER_INFO.matcher(url.toString()).replaceFirst("$1"));
    }

    /// The URL as it is shown: AWS hides the password.
    static String hidden(String url) {
        return PASSWORD.matcher(url).replaceFirst("$1:****@");
    }

    /// The `Authorization` that answers the server's challenges; empty when none is understood.
    ///
    /// @param url without the login
    Optional<String> answer(List<String> challenges, String method, URI url) {
        for (String challenge : challenges) {
            String[] parts = challenge.strip().split("\\s+", 2);
            String scheme = parts[0].toLowerCase(Locale.ROOT);
            if (scheme.equals("basic")) {
                return Optional.of(basic());
            }
            if (scheme.equals("digest") && parts.length == 2) {
                String answer = digest(parameters(parts[1]), method, target(url));
                if (answer != null) {
                    return Optional.of(answer);
                }
            }
        }
        return Optional.empty();
    }

    private String basic() {
        byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(both);
    }

    private @Nullable String digest(Map<String, String> asked, String method, String target) {
        String algorithm = asked.getOrDefault("algorithm", "MD5");
        String qops = asked.get("qop");
        boolean isMd5 = algorithm.equalsIgnoreCase("MD5");
        boolean isAuth = qops != null && List.of(qops.split("\\s*,\\s*")).contains("auth");
        if ((!isMd5 && !algorithm.equalsIgnoreCase("SHA-256")) || (qops != null && !isAuth)) {
            return null;
        }
        String hash = isMd5 ? "MD5" : "SHA-256";
        String realm = asked.getOrDefault("realm", "");
        String nonce = asked.getOrDefault("nonce", "");
        String opaque = asked.get("opaque");
        String clientNonce = hash("SHA-256", nonce + ":" + user + ":" + password).substring(0, 16);
        String who = hash(hash, user + ":" + realm + ":" + password);
        String what = hash(hash, method + ":" + target);
        String middle = isAuth ? nonce + ":00000001:" + clientNonce + ":auth" : nonce;
        return "Digest username="
                + quoted(user)
                + ", realm="
                + quoted(realm)
                + ", nonce="
                + quoted(nonce)
                + ", uri="
                + quoted(target)
                + ", algorithm="
                + algorithm
                + (isAuth ? ", qop=auth, nc=00000001, cnonce=" + quoted(clientNonce) : "")
                + (opaque == null ? "" : ", opaque=" + quoted(opaque))
                + ", response="
                + quoted(hash(hash, who + ":" + middle + ":" + what));
    }

    private static String target(URI url) {
        String path =
                url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
    }

    private static Map<String, String> parameters(String text) {
        Map<String, String> parameters = new HashMap<>();
        Matcher matcher = PARAMETER.matcher(text);
        while (matcher.find()) {
            String value = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
            parameters.put(matcher.group(1).toLowerCase(Locale.ROOT), value.replace("\\", ""));
        }
        return parameters;
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String hash(String algorithm, String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance(algorithm)
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has both
        }
    }
}
