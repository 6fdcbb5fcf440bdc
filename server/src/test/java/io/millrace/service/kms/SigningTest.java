package io.millrace.service.kms;

import static io.millrace.service.kms.KmsFixture.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.kms.DeriveSharedSecretRequest;
import io.millrace.api.kms.GenerateMacRequest;
import io.millrace.api.kms.GetPublicKeyRequest;
import io.millrace.api.kms.KmsApi;
import io.millrace.api.kms.SignRequest;
import io.millrace.api.kms.VerifyMacRequest;
import io.millrace.api.kms.VerifyRequest;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Objects;

import javax.crypto.KeyAgreement;

/// The oracle is the JDK's own cryptography, with nothing but the public key.
final class SigningTest {
    private static final byte[] MESSAGE = "to be signed".getBytes(StandardCharsets.UTF_8);

    private final KmsFixture kms = new KmsFixture();

    @ParameterizedTest
    @CsvSource({
        "RSA_2048, RSASSA_PKCS1_V1_5_SHA_256, SHA256withRSA",
        "RSA_2048, RSASSA_PKCS1_V1_5_SHA_384, SHA384withRSA",
        "RSA_2048, RSASSA_PKCS1_V1_5_SHA_512, SHA512withRSA",
        "RSA_2048, RSASSA_PSS_SHA_256, RSASSA-PSS",
        "RSA_2048, RSASSA_PSS_SHA_384, RSASSA-PSS",
        "RSA_3072, RSASSA_PSS_SHA_512, RSASSA-PSS",
        "ECC_NIST_P256, ECDSA_SHA_256, SHA256withECDSA",
        "ECC_NIST_P384, ECDSA_SHA_384, SHA384withECDSA",
        "ECC_NIST_P521, ECDSA_SHA_512, SHA512withECDSA",
        "ECC_NIST_EDWARDS25519, ED25519_SHA_512, Ed25519",
        "ML_DSA_44, ML_DSA_SHAKE_256, ML-DSA",
        "ML_DSA_65, ML_DSA_SHAKE_256, ML-DSA",
        "ML_DSA_87, ML_DSA_SHAKE_256, ML-DSA",
    })
    void whatIsSignedIsVerifiedWithThePublicKeyAlone(String spec, String algorithm, String name)
            throws GeneralSecurityException {
        String key = kms.createKey(spec, "SIGN_VERIFY");
        PublicKey publicKey = publicKey(key, KeySpec.of(spec).algorithm());

        byte[] signature = sign(key, algorithm, "RAW", MESSAGE);

        assertThat(oracle(name, algorithm, publicKey, signature)).isTrue();
        assertThat(verify(key, algorithm, "RAW", MESSAGE, signature)).isTrue();
        boolean takesDigest = !algorithm.startsWith("ML_DSA") && !algorithm.startsWith("ED25519");
        if (takesDigest) {
            byte[] digest = digest(algorithm);
            byte[] ofDigest = sign(key, algorithm, "DIGEST", digest);
            assertThat(oracle(name, algorithm, publicKey, ofDigest)).isTrue();
            assertThat(verify(key, algorithm, "RAW", MESSAGE, ofDigest)).isTrue();
            assertThat(verify(key, algorithm, "DIGEST", digest, signature)).isTrue();
        }
        byte[] wrong = signature.clone();
        wrong[wrong.length - 1] ^= 1;
        assertRefused(
                () -> verify(key, algorithm, "RAW", MESSAGE, wrong),
                "KMSInvalidSignatureException",
                "");
        assertRefused(
                () -> verify(key, algorithm, "RAW", new byte[] {1}, signature),
                "KMSInvalidSignatureException",
                "");
    }

    @Test
    void aSignatureOfAnotherLengthIsNone() {
        String key = kms.createKey("RSA_2048", "SIGN_VERIFY");
        byte[] larger = new byte[256];
        Arrays.fill(larger, (byte) 0xff);

        for (byte[] wrong : new byte[][] {{1}, new byte[257], new byte[256], larger}) {
            for (String algorithm :
                    new String[] {"RSASSA_PSS_SHA_256", "RSASSA_PKCS1_V1_5_SHA_256"}) {
                assertRefused(
                        () -> verify(key, algorithm, "RAW", MESSAGE, wrong),
                        "KMSInvalidSignatureException");
            }
        }
    }

    @Test
    void aDigestHasTheLengthOfItsAlgorithm() {
        String key = kms.createKey("ECC_NIST_P256", "SIGN_VERIFY");

        assertRefused(
                () -> sign(key, "ECDSA_SHA_256", "DIGEST", new byte[20]),
                "ValidationException",
                "Digest is invalid length for algorithm ECDSA_SHA_256.");
        assertRefused(
                () -> sign(key, "ECDSA_SHA_384", "RAW", MESSAGE),
                "InvalidKeyUsageException",
                "Algorithm ECDSA_SHA_384 is incompatible with key spec ECC_NIST_P256.");
    }

    @Test
    void aKeyIsUsedForItsUsageOnly() {
        String key = kms.createKey();
        String arn = "arn:aws:kms:us-east-1:111122223333:key/" + key;

        assertRefused(
                () -> sign(key, "RSASSA_PSS_SHA_256", "RAW", MESSAGE),
                "InvalidKeyUsageException",
                arn + " key usage is ENCRYPT_DECRYPT which is not valid for Sign.");
        assertRefused(() -> publicKey(key, "RSA"), "UnsupportedOperationException");
        assertRefused(
                () -> kms.createKey("ECC_SECG_P256K1", "SIGN_VERIFY"),
                "UnsupportedOperationException",
                "Millrace does not implement the key spec ECC_SECG_P256K1.");
        assertRefused(
                () ->
                        sign(
                                kms.createKey("ML_DSA_44", "SIGN_VERIFY"),
                                "ML_DSA_SHAKE_256",
                                "EXTERNAL_MU",
                                new byte[64]),
                "UnsupportedOperationException");
    }

    @ParameterizedTest
    @CsvSource({"HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512"})
    void aMacIsVerifiedAndAWrongOneRefused(String spec) {
        String key = kms.createKey(spec, "GENERATE_VERIFY_MAC");
        String algorithm = spec.replace("HMAC_", "HMAC_SHA_");
        var request =
                GenerateMacRequest.builder()
                        .keyId(key)
                        .message(MESSAGE)
                        .macAlgorithm(algorithm)
                        .build();

        byte[] mac = Objects.requireNonNull(kms.call(KmsApi.GENERATE_MAC, request).mac());

        kms.restart();
        assertThat(mac).hasSize(Integer.parseInt(spec.substring(5)) / 8);
        VerifyMacRequest.Builder verification =
                VerifyMacRequest.builder()
                        .keyId(key)
                        .message(MESSAGE)
                        .mac(mac)
                        .macAlgorithm(algorithm);
        assertThat(kms.call(KmsApi.VERIFY_MAC, verification.build()).macValid()).isTrue();
        VerifyMacRequest other = verification.message(new byte[] {1}).build();
        assertRefused(() -> kms.call(KmsApi.VERIFY_MAC, other), "KMSInvalidMacException", "");
    }

    @ParameterizedTest
    @CsvSource({"ECC_NIST_P256, secp256r1", "ECC_NIST_P521, secp521r1"})
    void bothSidesDeriveTheSameSecret(String spec, String curve) throws GeneralSecurityException {
        String key = kms.createKey(spec, "KEY_AGREEMENT");
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        KeyPair mine = generator.generateKeyPair();

        byte[] theirs = derive(key, mine.getPublic().getEncoded());

        assertThat(theirs).isEqualTo(agree(mine.getPrivate(), publicKey(key, "EC")));
        assertRefused(() -> derive(key, new byte[] {1}), "ValidationException");
    }

    private byte @Nullable [] derive(String key, byte[] publicKey) {
        return kms.call(
                        KmsApi.DERIVE_SHARED_SECRET,
                        DeriveSharedSecretRequest.builder()
                                .keyId(key)
                                .keyAgreementAlgorithm("ECDH")
                                .publicKey(publicKey)
                                .build())
                .sharedSecret();
    }

    private static byte[] agree(PrivateKey mine, PublicKey theirs) throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(mine);
        agreement.doPhase(theirs, true);
        return agreement.generateSecret();
    }

    private byte[] sign(String key, String algorithm, String type, byte[] message) {
        return Objects.requireNonNull(
                kms.call(
                                KmsApi.SIGN,
                                SignRequest.builder()
                                        .keyId(key)
                                        .message(message)
                                        .messageType(type)
                                        .signingAlgorithm(algorithm)
                                        .build())
                        .signature());
    }

    private @Nullable Boolean verify(
            String key, String algorithm, String type, byte[] message, byte[] signature) {
        return kms.call(
                        KmsApi.VERIFY,
                        VerifyRequest.builder()
                                .keyId(key)
                                .message(message)
                                .messageType(type)
                                .signature(signature)
                                .signingAlgorithm(algorithm)
                                .build())
                .signatureValid();
    }

    private PublicKey publicKey(String key, String algorithm) throws GeneralSecurityException {
        byte[] encoded =
                kms.call(KmsApi.GET_PUBLIC_KEY, GetPublicKeyRequest.builder().keyId(key).build())
                        .publicKey();
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
    }

    private static byte[] digest(String algorithm) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-" + algorithm.substring(algorithm.length() - 3))
                .digest(MESSAGE);
    }

    private static boolean oracle(String name, String algorithm, PublicKey key, byte[] signature)
            throws GeneralSecurityException {
        Signature oracle = Signature.getInstance(name);
        if (name.equals("RSASSA-PSS")) {
            int bits = Integer.parseInt(algorithm.substring(algorithm.length() - 3));
            String hash = "SHA-" + bits;
            oracle.setParameter(
                    new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), bits / 8, 1));
        }
        oracle.initVerify(key);
        oracle.update(MESSAGE);
        return oracle.verify(signature);
    }
}
