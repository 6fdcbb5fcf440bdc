package io.millrace.service.kms;

import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.secret.Secrets;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import javax.crypto.spec.SecretKeySpec;

/// Makes key material, seals it for the store and opens it, and keeps what it opened: a cache,
/// bounded, by the id of the material, which never stands for anything else. Thread-safe.
///
/// A sealed pair is the length of the private key (PKCS 8), the private key, and the public key
/// (X.509).
final class Materials {
    private static final int ID_BYTES = 32;

    /// A material that was made, not yet stored.
    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    record Made(String id, byte[] sealed) {}

    private final Secrets secrets;
    private final GivenRandom random;
    private final Map<String, Material> opened =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Material> eldest) {
                    return size() > KmsLimits.OPENED_MAX;
                }
            };

    Materials(Secrets secrets, GivenRandom random) {
        this.secrets = secrets;
        this.random = random;
    }

    GivenRandom random() {
        return random;
    }

    byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /// New material.
    Made make(KeyName key, KeySpec spec) {
        byte[] plain =
                spec.isSymmetric() ? randomBytes(spec.bits() / Byte.SIZE) : encode(pair(spec));
        return seal(key, HexFormat.of().formatHex(randomBytes(ID_BYTES)), plain);
    }

    /// Material as it is kept, sealed. In a transaction only when some was sealed before.
    ///
    /// @param plain as [#encode] or the key itself
    Made seal(KeyName key, String id, byte[] plain) {
        return new Made(id, secrets.seal(plain, context(key, id)));
    }

    static void put(Transaction tx, KeyName key, Made made) {
        tx.put(KmsKeys.material(key, made.id()), made.sealed());
    }

    /// What opens a material: what is in memory already, or else what the store has.
    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    record Found(String context, @Nullable Material known, byte @Nullable [] sealed) {}

    Found find(Snapshot snapshot, KeyName key, String id) {
        String context = context(key, id);
        Material known;
        synchronized (opened) {
            known = opened.get(context);
        }
        return new Found(context, known, known == null ? require(snapshot, key, id) : null);
    }

    /// The sealed material.
    static byte[] require(Snapshot snapshot, KeyName key, String id) {
        byte[] sealed = snapshot.get(KmsKeys.material(key, id));
        if (sealed == null) {
            throw new IllegalStateException("no material " + id + " of " + key.arn());
        }
        return sealed;
    }

    Material open(KeySpec spec, Found found) {
        Material known = found.known();
        if (known != null) {
            return known;
        }
        byte[] sealed = Objects.requireNonNull(found.sealed());
        Material material = decode(spec, secrets.open(sealed, found.context()));
        synchronized (opened) {
            opened.put(found.context(), material);
        }
        return material;
    }

    /// Drops an opened material from memory.
    void forget(KeyName key, String id) {
        synchronized (opened) {
            opened.remove(context(key, id));
        }
    }

    /// Replicas have the same.
    private static String context(KeyName key, String id) {
        return "kms:" + key.accountId() + ":" + key.id() + ":" + id;
    }

    KeyPair pair(KeySpec spec) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(spec.algorithm());
            AlgorithmParameterSpec parameters =
                    switch (spec.algorithm()) {
                        case "RSA" ->
                                new RSAKeyGenParameterSpec(spec.bits(), RSAKeyGenParameterSpec.F4);
                        case "EC" -> new ECGenParameterSpec(spec.parameters());
                        default -> new NamedParameterSpec(spec.parameters());
                    };
            generator.initialize(parameters, random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // Java 25 has all of them
        }
    }

    static byte[] encode(KeyPair pair) {
        byte[] privateKey = pair.getPrivate().getEncoded();
        byte[] publicKey = pair.getPublic().getEncoded();
        return ByteBuffer.allocate(Integer.BYTES + privateKey.length + publicKey.length)
                .putInt(privateKey.length)
                .put(privateKey)
                .put(publicKey)
                .array();
    }

    private static Material decode(KeySpec spec, byte[] plain) {
        if (spec.isSymmetric()) {
            return new Material.Secret(new SecretKeySpec(plain, spec.algorithm()));
        }
        ByteBuffer parts = ByteBuffer.wrap(plain);
        byte[] privateKey = new byte[parts.getInt()];
        parts.get(privateKey);
        byte[] publicKey = new byte[parts.remaining()];
        parts.get(publicKey);
        try {
            KeyFactory factory = KeyFactory.getInstance(spec.algorithm());
            PrivateKey opened = factory.generatePrivate(new PKCS8EncodedKeySpec(privateKey));
            PublicKey open = factory.generatePublic(new X509EncodedKeySpec(publicKey));
            return new Material.Pair(opened, open);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // it was made by this factory
        }
    }
}
