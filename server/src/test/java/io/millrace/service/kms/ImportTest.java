package io.millrace.service.kms;

import static io.millrace.service.kms.KmsFixture.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.kms.CreateKeyRequest;
import io.millrace.api.kms.DeleteImportedKeyMaterialRequest;
import io.millrace.api.kms.GetParametersForImportRequest;
import io.millrace.api.kms.GetParametersForImportResponse;
import io.millrace.api.kms.GetPublicKeyRequest;
import io.millrace.api.kms.ImportKeyMaterialRequest;
import io.millrace.api.kms.KmsApi;
import io.millrace.api.kms.RotateKeyOnDemandRequest;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;

import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;

final class ImportTest {
    private static final String OAEP = "RSAES_OAEP_SHA_256";
    private static final String WRAP = "RSA_AES_KEY_WRAP_SHA_256";

    private final KmsFixture kms = new KmsFixture();

    @Test
    void importedMaterialIsTakenAwayAndGivenBack() throws GeneralSecurityException {
        String key = external("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT");
        String arn = "arn:aws:kms:us-east-1:111122223333:key/" + key;
        assertRefused(
                () -> kms.encrypt(key, "x"),
                "KMSInvalidStateException",
                arn + " is pending import.");
        byte[] material = bytes(32, 1);

        importInto(key, OAEP, material, null);
        byte[] ciphertext = kms.encrypt(key, "x");
        kms.call(
                KmsApi.DELETE_IMPORTED_KEY_MATERIAL,
                DeleteImportedKeyMaterialRequest.builder().keyId(key).build());

        assertThat(kms.describe(key).keyState()).isEqualTo("PendingImport");
        assertRefused(() -> kms.decrypt(ciphertext), "KMSInvalidStateException");
        byte[] other = bytes(32, 2);
        assertRefused(() -> importInto(key, OAEP, other, null), "IncorrectKeyMaterialException");
        importInto(key, OAEP, material, null);
        assertThat(kms.decrypt(ciphertext)).isEqualTo("x");
    }

    @Test
    void materialExpiresByTheClock() throws GeneralSecurityException {
        String key = external("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT");
        importInto(key, OAEP, bytes(32, 1), kms.now.plus(Duration.ofDays(2)));
        byte[] ciphertext = kms.encrypt(key, "x");
        assertThat(kms.describe(key).expirationModel()).isEqualTo("KEY_MATERIAL_EXPIRES");

        kms.restart();
        assertThat(kms.after(Duration.ofDays(2))).isOne();

        assertThat(kms.describe(key).keyState()).isEqualTo("PendingImport");
        assertRefused(() -> kms.decrypt(ciphertext), "KMSInvalidStateException");
    }

    @Test
    void aSecondMaterialWaitsForARotation() throws GeneralSecurityException {
        String key = external("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT");
        importInto(key, OAEP, bytes(32, 1), null);
        byte[] before = kms.encrypt(key, "before");
        String first = kms.describe(key).currentKeyMaterialId();

        kms.call(
                KmsApi.IMPORT_KEY_MATERIAL,
                request(key, OAEP, bytes(32, 2), null).importType("NEW_KEY_MATERIAL").build());
        assertThat(kms.describe(key).currentKeyMaterialId()).isEqualTo(first);
        kms.call(
                KmsApi.ROTATE_KEY_ON_DEMAND, RotateKeyOnDemandRequest.builder().keyId(key).build());

        assertThat(kms.describe(key).currentKeyMaterialId()).isNotEqualTo(first);
        assertThat(kms.decrypt(before)).isEqualTo("before");
        assertThat(kms.decrypt(kms.encrypt(key, "after"))).isEqualTo("after");
    }

    @ParameterizedTest
    @CsvSource({
        "ECC_NIST_P256, SIGN_VERIFY, secp256r1",
        "ECC_NIST_P521, KEY_AGREEMENT, secp521r1",
        "RSA_2048, ENCRYPT_DECRYPT, ''",
    })
    void aPrivateKeyBringsItsPublicKey(String spec, String usage, String curve)
            throws GeneralSecurityException {
        KeyPairGenerator generator =
                KeyPairGenerator.getInstance(KeySpec.valueOf(spec).algorithm());
        if (!curve.isEmpty()) {
            generator.initialize(new ECGenParameterSpec(curve));
        } else {
            generator.initialize(2048);
        }
        KeyPair pair = generator.generateKeyPair();
        String key = external(spec, usage);

        importInto(key, WRAP, pair.getPrivate().getEncoded(), null);

        assertThat(
                        kms.call(
                                        KmsApi.GET_PUBLIC_KEY,
                                        GetPublicKeyRequest.builder().keyId(key).build())
                                .publicKey())
                .isEqualTo(pair.getPublic().getEncoded());
        byte[] wrong = bytes(100, 1);
        String other = external(spec, usage);
        assertRefused(() -> importInto(other, WRAP, wrong, null), "IncorrectKeyMaterialException");
    }

    @Test
    void aTokenIsForItsKeyAndForADay() throws GeneralSecurityException {
        String key = external("HMAC_256", "GENERATE_VERIFY_MAC");
        String other = external("HMAC_256", "GENERATE_VERIFY_MAC");
        ImportKeyMaterialRequest request = request(key, OAEP, bytes(32, 1), null).build();

        ImportKeyMaterialRequest elsewhere = request.toBuilder().keyId(other).build();
        assertRefused(
                () -> kms.call(KmsApi.IMPORT_KEY_MATERIAL, elsewhere),
                "InvalidImportTokenException");
        ImportKeyMaterialRequest garbage =
                request.toBuilder().encryptedKeyMaterial(new byte[256]).build();
        assertRefused(
                () -> kms.call(KmsApi.IMPORT_KEY_MATERIAL, garbage), "InvalidCiphertextException");
        kms.after(Duration.ofDays(1));
        assertRefused(
                () -> kms.call(KmsApi.IMPORT_KEY_MATERIAL, request), "ExpiredImportTokenException");
        String own = kms.createKey();
        assertRefused(
                () -> parameters(own, OAEP),
                "UnsupportedOperationException",
                "arn:aws:kms:us-east-1:111122223333:key/"
                        + own
                        + " origin is AWS_KMS which is not valid for this operation.");
    }

    private String external(String spec, String usage) {
        return kms.create(
                        CreateKeyRequest.builder().keySpec(spec).keyUsage(usage).origin("EXTERNAL"))
                .keyId();
    }

    private void importInto(
            String key, String algorithm, byte[] material, @Nullable Instant validTo)
            throws GeneralSecurityException {
        kms.call(KmsApi.IMPORT_KEY_MATERIAL, request(key, algorithm, material, validTo).build());
    }

    private ImportKeyMaterialRequest.Builder request(
            String key, String algorithm, byte[] material, @Nullable Instant validTo)
            throws GeneralSecurityException {
        GetParametersForImportResponse parameters = parameters(key, algorithm);
        PublicKey publicKey =
                KeyFactory.getInstance("RSA")
                        .generatePublic(new X509EncodedKeySpec(parameters.publicKey()));
        return ImportKeyMaterialRequest.builder()
                .keyId(key)
                .importToken(Objects.requireNonNull(parameters.importToken()))
                .encryptedKeyMaterial(wrap(publicKey, algorithm, material))
                .validTo(validTo)
                .expirationModel(
                        validTo == null ? "KEY_MATERIAL_DOES_NOT_EXPIRE" : "KEY_MATERIAL_EXPIRES");
    }

    private GetParametersForImportResponse parameters(String key, String algorithm) {
        return kms.call(
                KmsApi.GET_PARAMETERS_FOR_IMPORT,
                GetParametersForImportRequest.builder()
                        .keyId(key)
                        .wrappingAlgorithm(algorithm)
                        .wrappingKeySpec("RSA_2048")
                        .build());
    }

    private static byte[] wrap(PublicKey key, String algorithm, byte[] material)
            throws GeneralSecurityException {
        Cipher rsa = Cipher.getInstance("RSA/ECB/OAEPPadding");
        rsa.init(
                Cipher.ENCRYPT_MODE,
                key,
                new OAEPParameterSpec(
                        "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT));
        if (algorithm.equals(OAEP)) {
            return rsa.doFinal(material);
        }
        byte[] aes = bytes(32, 9);
        Cipher wrap = Cipher.getInstance("AES/KWP/NoPadding");
        wrap.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(aes, "AES"));
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(rsa.doFinal(aes));
        both.writeBytes(wrap.doFinal(material));
        return both.toByteArray();
    }

    private static byte[] bytes(int count, int value) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
