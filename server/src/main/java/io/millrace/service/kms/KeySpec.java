package io.millrace.service.kms;

import static io.millrace.service.kms.KeyUsage.ENCRYPT_DECRYPT;
import static io.millrace.service.kms.KeyUsage.GENERATE_VERIFY_MAC;
import static io.millrace.service.kms.KeyUsage.KEY_AGREEMENT;
import static io.millrace.service.kms.KeyUsage.SIGN_VERIFY;

import java.util.List;

/// What kind of key: AWS's names, and what they mean to the JDK. Kept by its name. Source: [key
/// specs](https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html).
enum KeySpec {
    SYMMETRIC_DEFAULT("AES", "", 256),
    HMAC_224("HmacSHA224", "", 224),
    HMAC_256("HmacSHA256", "", 256),
    HMAC_384("HmacSHA384", "", 384),
    HMAC_512("HmacSHA512", "", 512),
    RSA_2048("RSA", "", 2048),
    RSA_3072("RSA", "", 3072),
    RSA_4096("RSA", "", 4096),
    ECC_NIST_P256("EC", "secp256r1", 256),
    ECC_NIST_P384("EC", "secp384r1", 384),
    ECC_NIST_P521("EC", "secp521r1", 521),
    ECC_NIST_EDWARDS25519("EdDSA", "Ed25519", 255),
    ML_DSA_44("ML-DSA", "ML-DSA-44", 0),
    ML_DSA_65("ML-DSA", "ML-DSA-65", 0),
    ML_DSA_87("ML-DSA", "ML-DSA-87", 0);

    private static final List<String> NOT_IN_THE_JDK = List.of("ECC_SECG_P256K1", "SM2");
    private static final List<String> RSA_SIGNING =
            List.of(
                    "RSASSA_PKCS1_V1_5_SHA_256",
                    "RSASSA_PKCS1_V1_5_SHA_384",
                    "RSASSA_PKCS1_V1_5_SHA_512",
                    "RSASSA_PSS_SHA_256",
                    "RSASSA_PSS_SHA_384",
                    "RSASSA_PSS_SHA_512");

    private final String algorithm;
    private final String parameters;
    private final int bits;

    KeySpec(String algorithm, String parameters, int bits) {
        this.algorithm = algorithm;
        this.parameters = parameters;
        this.bits = bits;
    }

    /// @throws io.millrace.wire.ServiceException `UnsupportedOperationException` for what AWS has
    ///   and the JDK has not
    static KeySpec of(String name) {
        if (NOT_IN_THE_JDK.contains(name)) {
            throw KmsErrors.unsupported("Millrace does not implement the key spec " + name + ".");
        }
        return valueOf(name);
    }

    /// The JDK's name for it.
    String algorithm() {
        return algorithm;
    }

    /// The curve or parameter set; empty when the size says all.
    String parameters() {
        return parameters;
    }

    int bits() {
        return bits;
    }

    List<KeyUsage> usages() {
        return switch (this) {
            case SYMMETRIC_DEFAULT -> List.of(ENCRYPT_DECRYPT);
            case HMAC_224, HMAC_256, HMAC_384, HMAC_512 -> List.of(GENERATE_VERIFY_MAC);
            case RSA_2048, RSA_3072, RSA_4096 -> List.of(ENCRYPT_DECRYPT, SIGN_VERIFY);
            case ECC_NIST_P256, ECC_NIST_P384, ECC_NIST_P521 -> List.of(SIGN_VERIFY, KEY_AGREEMENT);
            case ECC_NIST_EDWARDS25519, ML_DSA_44, ML_DSA_65, ML_DSA_87 -> List.of(SIGN_VERIFY);
        };
    }

    boolean isSymmetric() {
        return this == SYMMETRIC_DEFAULT || usages().contains(GENERATE_VERIFY_MAC);
    }

    boolean isRsa() {
        return algorithm.equals("RSA");
    }

    List<String> encryptionAlgorithms() {
        return this == SYMMETRIC_DEFAULT
                ? List.of(name())
                : isRsa() ? List.of("RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256") : List.of();
    }

    List<String> signingAlgorithms() {
        return switch (this) {
            case SYMMETRIC_DEFAULT, HMAC_224, HMAC_256, HMAC_384, HMAC_512 -> List.of();
            case RSA_2048, RSA_3072, RSA_4096 -> RSA_SIGNING;
            case ECC_NIST_P256 -> List.of("ECDSA_SHA_256");
            case ECC_NIST_P384 -> List.of("ECDSA_SHA_384");
            case ECC_NIST_P521 -> List.of("ECDSA_SHA_512");
            case ECC_NIST_EDWARDS25519 -> List.of("ED25519_PH_SHA_512", "ED25519_SHA_512");
            case ML_DSA_44, ML_DSA_65, ML_DSA_87 -> List.of("ML_DSA_SHAKE_256");
        };
    }

    List<String> macAlgorithms() {
        return usages().contains(GENERATE_VERIFY_MAC)
                ? List.of(name().replace("HMAC_", "HMAC_SHA_"))
                : List.of();
    }

    List<String> agreementAlgorithms() {
        return usages().contains(KEY_AGREEMENT) ? List.of("ECDH") : List.of();
    }
}
