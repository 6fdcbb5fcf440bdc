package io.millrace.service.kms;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.SignatureException;
import java.util.HexFormat;

import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;

/// Signatures by AWS's names of algorithms and message types. RSA and ECDSA sign a digest, which
/// the caller made or we make; Ed25519 and ML-DSA sign the message itself. Source:
/// [Sign](https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html).
final class Signing {
    private static final String RAW = "RAW";
    private static final String ML_DSA = "ML_DSA_SHAKE_256";
    private static final String ED25519 = "ED25519_SHA_512";
    private static final String ED25519_PH = "ED25519_PH_SHA_512";
    private static final String PSS = "RSASSA_PSS";

    private final Usable usable;
    private final String algorithm;
    private final String messageType;

    /// @throws io.millrace.wire.ServiceException `InvalidKeyUsageException`, `ValidationException`,
    ///   `UnsupportedOperationException` for what the JDK cannot compute
    Signing(Usable usable, String algorithm, @Nullable String messageType) {
        this.usable = usable;
        this.algorithm = algorithm;
        this.messageType = messageType == null ? RAW : messageType;
        if (!usable.key().spec().signingAlgorithms().contains(algorithm)) {
            throw KmsErrors.algorithm(algorithm, usable.key().spec());
        }
        boolean valid =
                switch (this.messageType) {
                    case RAW -> !algorithm.equals(ED25519_PH);
                    case "DIGEST" -> !algorithm.equals(ED25519) && !algorithm.equals(ML_DSA);
                    default -> algorithm.equals(ML_DSA);
                };
        if (!valid) {
            throw KmsErrors.validation(
                    "MessageType "
                            + this.messageType
                            + " is not valid for the algorithm "
                            + algorithm
                            + ".");
        }
        if (algorithm.equals(ED25519_PH) || this.messageType.equals("EXTERNAL_MU")) {
            throw KmsErrors.unsupported(
                    "Millrace does not implement "
                            + algorithm
                            + " with the message type "
                            + this.messageType
                            + ".");
        }
    }

    byte[] sign(byte[] message, Materials random) {
        try {
            byte[] input = input(message);
            if (algorithm.startsWith(PSS)) {
                byte[] salt = random.randomBytes(hash().getDigestLength());
                Cipher rsa = rsa(Cipher.DECRYPT_MODE);
                return rsa.doFinal(pss().encode(input, salt));
            }
            Signature signature = Signature.getInstance(name());
            signature.initSign(usable.pair().privateKey(), random.random());
            signature.update(input);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // Java 25 has all of them
        }
    }

    boolean verify(byte[] message, byte[] made) {
        try {
            byte[] input = input(message);
            if (algorithm.startsWith(PSS)) {
                return made.length == modulusBytes() && verifyPss(input, made);
            }
            Signature signature = Signature.getInstance(name());
            signature.initVerify(usable.pair().publicKey());
            signature.update(input);
            return signature.verify(made);
        } catch (SignatureException _) { // not even the form of one
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // Java 25 has all of them
        }
    }

    private boolean verifyPss(byte[] digest, byte[] made) throws GeneralSecurityException {
        byte[] encoded;
        try {
            encoded = rsa(Cipher.ENCRYPT_MODE).doFinal(made);
        } catch (BadPaddingException _) { // larger than the modulus
            return false;
        }
        return pss().verify(digest, encoded);
    }

    private String name() {
        return switch (algorithm) {
            case ML_DSA -> "ML-DSA";
            case ED25519 -> "Ed25519";
            default -> usable.key().spec().isRsa() ? "NONEwithRSA" : "NONEwithECDSA";
        };
    }

    /// What is signed: the digest, in the form that its algorithm wants, or the message.
    private byte[] input(byte[] message) throws GeneralSecurityException {
        if (algorithm.equals(ML_DSA) || algorithm.equals(ED25519)) {
            return message;
        }
        MessageDigest hash = hash();
        byte[] digest = messageType.equals(RAW) ? hash.digest(message) : message;
        if (digest.length != hash.getDigestLength()) {
            throw KmsErrors.validation("Digest is invalid length for algorithm " + algorithm + ".");
        }
        return algorithm.startsWith("RSASSA_PKCS1") ? digestInfo(digest) : digest;
    }

    /// `DigestInfo` of PKCS #1 version 1.5. Source: RFC 8017, section 9.2, note 1.
    private static byte[] digestInfo(byte[] digest) {
        String number = digest.length == 32 ? "01" : digest.length == 48 ? "02" : "03";
        byte[] head =
                HexFormat.of()
                        .parseHex(
                                "30%02x300d06096086480165030402%s050004%02x"
                                        .formatted(digest.length + 17, number, digest.length));
        return ByteBuffer.allocate(head.length + digest.length).put(head).put(digest).array();
    }

    private MessageDigest hash() throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-" + algorithm.substring(algorithm.length() - 3));
    }

    private Pss pss() throws GeneralSecurityException {
        return new Pss(hash(), modulusBytes());
    }

    private int modulusBytes() {
        return usable.key().spec().bits() / Byte.SIZE;
    }

    private Cipher rsa(int mode) throws GeneralSecurityException {
        Cipher rsa = Cipher.getInstance("RSA/ECB/NoPadding");
        rsa.init(
                mode,
                mode == Cipher.DECRYPT_MODE
                        ? usable.pair().privateKey()
                        : usable.pair().publicKey());
        return rsa;
    }
}
