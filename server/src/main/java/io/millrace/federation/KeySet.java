package io.millrace.federation;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// The public keys of a provider, from its JSON Web Key Set. Keys of other kinds are left out.
/// Immutable. Source: [RFC 7517](https://www.rfc-editor.org/rfc/rfc7517), [RFC
/// 7518](https://www.rfc-editor.org/rfc/rfc7518).
final class KeySet {
    private static final int KEYS_MAX = 200; // AWS: 100 of RSA and 100 of elliptic curves
    private static final int RSA_BITS_MIN = 2_048;

    /// What signs with an algorithm.
    ///
    /// @param family the kind of its keys, with the curve where there is one
    private record Algorithm(String name, String family) {}

    /// @param id null when the set does not tell
    /// @param algorithm the only one that it is for; null for any of its family
    private record Key(
            @Nullable String id, String family, @Nullable String algorithm, PublicKey key) {}

    private static final Map<String, Algorithm> ALGORITHMS =
            Map.of(
                    "RS256", new Algorithm("SHA256withRSA", "RSA"),
                    "RS384", new Algorithm("SHA384withRSA", "RSA"),
                    "RS512", new Algorithm("SHA512withRSA", "RSA"),
                    "ES256", new Algorithm("SHA256withECDSAinP1363Format", "EC P-256"),
                    "ES384", new Algorithm("SHA384withECDSAinP1363Format", "EC P-384"),
                    "ES512", new Algorithm("SHA512withECDSAinP1363Format", "EC P-521"));
    private static final Map<String, String> CURVES =
            Map.of("P-256", "secp256r1", "P-384", "secp384r1", "P-521", "secp521r1");

    private final List<Key> keys;

    private KeySet(List<Key> keys) {
        this.keys = List.copyOf(keys);
    }

    /// @throws FederationException for what is no set of keys
    static KeySet of(byte[] json) throws FederationException {
        try {
            JsonNode listed = WebToken.JSON.readTree(json).path("keys");
            if (!listed.isArray() || listed.size() > KEYS_MAX) {
                throw new FederationException(
                        FederationException.Reason.NO_KEYS, "no set of keys, or too large a one");
            }
            List<Key> keys = new ArrayList<>();
            for (JsonNode each : listed.values()) {
                String use = each.path("use").asString("sig");
                Key key = use.equals("sig") ? key(each) : null;
                if (key != null) {
                    keys.add(key);
                }
            }
            return new KeySet(keys);
        } catch (JacksonException e) {
            throw new FederationException(
                    FederationException.Reason.NO_KEYS, "no JSON: " + e.getOriginalMessage());
        }
    }

    /// Null for a key that no algorithm here uses, or that is none.
    private static @Nullable Key key(JsonNode jwk) {
        try {
            String family =
                    switch (jwk.path("kty").asString("")) {
                        case "RSA" -> "RSA";
                        case "EC" -> "EC " + jwk.path("crv").asString("");
                        default -> "";
                    };
            PublicKey key = family.equals("RSA") ? rsa(jwk) : family.isEmpty() ? null : curve(jwk);
            return key == null
                    ? null
                    : new Key(textOrNull(jwk, "kid"), family, textOrNull(jwk, "alg"), key);
        } catch (GeneralSecurityException | IllegalArgumentException _) {
            return null;
        }
    }

    private static @Nullable PublicKey rsa(JsonNode jwk) throws GeneralSecurityException {
        BigInteger modulus = number(jwk, "n");
        return modulus.bitLength() < RSA_BITS_MIN
                ? null
                : KeyFactory.getInstance("RSA")
                        .generatePublic(new RSAPublicKeySpec(modulus, number(jwk, "e")));
    }

    private static @Nullable PublicKey curve(JsonNode jwk) throws GeneralSecurityException {
        String curve = CURVES.get(jwk.path("crv").asString(""));
        if (curve == null) {
            return null;
        }
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(curve));
        ECPoint point = new ECPoint(number(jwk, "x"), number(jwk, "y"));
        return KeyFactory.getInstance("EC")
                .generatePublic(
                        new ECPublicKeySpec(
                                point, parameters.getParameterSpec(ECParameterSpec.class)));
    }

    private static BigInteger number(JsonNode jwk, String name) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(jwk.path(name).asString("")));
    }

    private static @Nullable String textOrNull(JsonNode node, String name) {
        JsonNode text = node.path(name);
        return text.isString() ? text.stringValue() : null;
    }

    /// Whether a key is among them that may have signed the token.
    boolean hasKeyOf(WebToken token) {
        Algorithm algorithm = ALGORITHMS.get(token.algorithm());
        return algorithm != null && keys.stream().anyMatch(key -> isOf(token, algorithm, key));
    }

    /// Whether one of the keys has signed the token.
    boolean verifies(WebToken token) {
        Algorithm algorithm = ALGORITHMS.get(token.algorithm());
        return algorithm != null
                && keys.stream()
                        .filter(key -> isOf(token, algorithm, key))
                        .anyMatch(key -> verifies(token, algorithm, key));
    }

    private static boolean isOf(WebToken token, Algorithm algorithm, Key key) {
        return algorithm.family().equals(key.family())
                && (key.algorithm() == null || key.algorithm().equals(token.algorithm()))
                && (token.keyId() == null || token.keyId().equals(key.id()));
    }

    private static boolean verifies(WebToken token, Algorithm algorithm, Key key) {
        try {
            Signature signature = Signature.getInstance(algorithm.name());
            signature.initVerify(key.key());
            signature.update(token.signed());
            return signature.verify(token.signature());
        } catch (GeneralSecurityException _) {
            return false;
        }
    }
}
