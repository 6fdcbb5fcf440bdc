package io.millrace.service.sns;

import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.concurrent.locks.ReentrantLock;

/// The key that signs notifications, and its certificate. Its name is made at the first start; the
/// key itself, which takes a while, with the first signature, and once for all servers of a store.
/// Thread-safe.
final class SigningKeys {

    /// @param privateKey PKCS 8; null until the first signature
    /// @param certificate DER
    record Stored(String id, byte @Nullable [] privateKey, byte @Nullable [] certificate) {}

    private record Key(PrivateKey privateKey, byte[] certificate, Provider provider) {}

    private static final ResourceCodec<Stored> CODEC = new ResourceCodec<>(Stored.class);
    private static final int ID_DIGITS = 32;
    private static final int KEY_BITS = 2048;

    /// How long a signature is in base 64.
    static final int SIGNATURE_CHARACTERS = (KEY_BITS / Byte.SIZE + 2) / 3 * 4;

    private static final Duration VALIDITY = Duration.ofDays(20 * 365);
    private static final String NAME = "sns.amazonaws.com"; // what official validators look for

    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final String id;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Key key;

    SigningKeys(Store store, InstantSource clock, Ids ids) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.id = name(store, ids);
    }

    private static String name(Store store, Ids ids) {
        Stored stored =
                store.<@Nullable Stored>read(
                        snapshot -> CODEC.decodeOrNull(snapshot.get(SnsKeys.signingKey())));
        if (stored != null) {
            return stored.id;
        }
        Stored fresh = new Stored(ids.hex(ID_DIGITS), null, null);
        return store.write(tx -> {
            Stored other = CODEC.decodeOrNull(tx.get(SnsKeys.signingKey()));
            if (other != null) {
                return other.id;
            }
            tx.put(SnsKeys.signingKey(), CODEC.encode(fresh));
            return fresh.id;
        });
    }

    /// Where the certificate is served.
    String path() {
        return "/SimpleNotificationService-" + id + ".pem";
    }

    String certificatePem() {
        return SelfSignedCertificate.pem(key().certificate);
    }

    /// Signs a text; the signature is in base 64. Outside of any transaction.
    ///
    /// @param version `1` for SHA-1, `2` for SHA-256
    String sign(String version, String text) {
        Key signing = key();
        try {
            Signature signer =
                    Signature.getInstance(
                            version.equals("2") ? "SHA256withRSA" : "SHA1withRSA",
                            signing.provider);
            signer.initSign(signing.privateKey);
            signer.update(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every provider of RSA has these algorithms
        }
    }

    private Key key() {
        Key ready = key;
        return ready == null ? load() : ready;
    }

    private Key load() {
        lock.lock();
        try {
            Key ready = key;
            if (ready != null) {
                return ready;
            }
            Stored stored =
                    store.<@Nullable Stored>read(
                            snapshot -> CODEC.decodeOrNull(snapshot.get(SnsKeys.signingKey())));
            if (stored == null || stored.privateKey == null) {
                Stored generated = generate();
                stored = store.write(tx -> keep(tx, generated));
            }
            Key loaded = decode(stored);
            key = loaded;
            return loaded;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } finally {
            lock.unlock();
        }
    }

    private Stored generate() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(KEY_BITS);
        KeyPair keys = generator.generateKeyPair();
        Instant now = clock.instant();
        byte[] certificate =
                SelfSignedCertificate.create(
                        keys,
                        NAME,
                        ids.number(),
                        now.minus(Duration.ofDays(1)),
                        now.plus(VALIDITY));
        return new Stored(id, keys.getPrivate().getEncoded(), certificate);
    }

    /// Keeps the key, unless another server was first.
    private static Stored keep(Transaction tx, Stored generated) {
        Stored other = CODEC.decodeOrNull(tx.get(SnsKeys.signingKey()));
        if (other != null && other.privateKey != null) {
            return other;
        }
        tx.put(SnsKeys.signingKey(), CODEC.encode(generated));
        return generated;
    }

    private static Key decode(Stored stored) throws GeneralSecurityException {
        if (stored.privateKey == null || stored.certificate == null) {
            throw new IllegalStateException("a signing key without its parts");
        }
        KeyFactory factory = RsaProviders.fastest();
        PrivateKey privateKey = factory.generatePrivate(new PKCS8EncodedKeySpec(stored.privateKey));
        return new Key(privateKey, stored.certificate, factory.getProvider());
    }
}
