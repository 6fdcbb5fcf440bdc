package io.millrace.service.kms;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Material from outside: unwrapped, checked against what its key is to be, and in the form in
/// which we keep it. Source: [wrapping
/// specifications](https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-get-public-key-and-token.html).
final class ImportedMaterial {
    private static final String WRAPPED = "RSA_AES_KEY_WRAP_SHA_";

    private ImportedMaterial() {}

    /// @throws io.millrace.wire.ServiceException `InvalidCiphertextException`
    static byte[] unwrap(ImportToken token, byte[] wrapped) {
        try {
            PrivateKey key =
                    KeyFactory.getInstance("RSA")
                            .generatePrivate(new PKCS8EncodedKeySpec(token.privateKey()));
            if (!token.algorithm().startsWith(WRAPPED)) {
                return oaep(key, token.algorithm(), wrapped);
            }
            int modulusBytes = ((RSAPrivateCrtKey) key).getModulus().bitLength() / Byte.SIZE;
            if (wrapped.length <= modulusBytes) {
                throw KmsErrors.invalidCiphertext();
            }
            byte[] aes = oaep(key, token.algorithm(), Arrays.copyOf(wrapped, modulusBytes));
            Cipher cipher = Cipher.getInstance("AES/KWP/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(aes, "AES"));
            return cipher.doFinal(wrapped, modulusBytes, wrapped.length - modulusBytes);
        } catch (GeneralSecurityException _) { // which part, is nobody's business
            throw KmsErrors.invalidCiphertext();
        }
    }

    private static byte[] oaep(PrivateKey key, String algorithm, byte[] wrapped) {
        return Encryption.decryptOaep(key, algorithm, wrapped)
                .orElseThrow(KmsErrors::invalidCiphertext);
    }

    /// The id of a material: the same for the same bytes in the same key, and for nothing else.
    static String id(StoredKey key, byte[] material) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(material, "HmacSHA256"));
            mac.update(key.accountId().getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of()
                    .formatHex(mac.doFinal(key.keyId().getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /// @return as [Materials] keeps it
    /// @throws io.millrace.wire.ServiceException `IncorrectKeyMaterialException`
    static byte[] check(KeySpec spec, byte[] material) {
        if (spec.isSymmetric()) {
            if (material.length != spec.bits() / Byte.SIZE) {
                throw KmsErrors.incorrectMaterial(
                        "The key material must have " + spec.bits() + " bits.");
            }
            return material;
        }
        try {
            PrivateKey key =
                    KeyFactory.getInstance(spec.algorithm())
                            .generatePrivate(new PKCS8EncodedKeySpec(material));
            PublicKey publicKey =
                    switch (key) {
                        case RSAPrivateCrtKey rsa -> publicKey(spec, rsa);
                        case ECPrivateKey ec -> publicKey(spec, ec);
                        default -> throw wrong(spec);
                    };
            return Materials.encode(new KeyPair(publicKey, key));
        } catch (GeneralSecurityException | IllegalArgumentException _) {
            throw wrong(spec);
        }
    }

    private static RuntimeException wrong(KeySpec spec) {
        return KmsErrors.incorrectMaterial(
                "The key material is not a private key of the key spec " + spec + " in PKCS #8.");
    }

    private static PublicKey publicKey(KeySpec spec, RSAPrivateCrtKey key)
            throws GeneralSecurityException {
        if (key.getModulus().bitLength() != spec.bits()) {
            throw wrong(spec);
        }
        return KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
    }

    /// ECDH of the private key with the curve's generator is the public key's x; of the two points
    /// with that x, the right one verifies what the private key signed.
    private static PublicKey publicKey(KeySpec spec, ECPrivateKey key)
            throws GeneralSecurityException {
        ECParameterSpec curve = key.getParams();
        if (curve.getCurve().getField().getFieldSize() != spec.bits()) {
            throw wrong(spec);
        }
        KeyFactory factory = KeyFactory.getInstance("EC");
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(key);
        agreement.doPhase(
                factory.generatePublic(new ECPublicKeySpec(curve.getGenerator(), curve)), true);
        BigInteger x = new BigInteger(1, agreement.generateSecret());
        BigInteger p = ((ECFieldFp) curve.getCurve().getField()).getP();
        BigInteger square =
                x.pow(2).add(curve.getCurve().getA()).multiply(x).add(curve.getCurve().getB());
        // these primes are 3 modulo 4
        BigInteger y = square.modPow(p.add(BigInteger.ONE).shiftRight(2), p);
        for (BigInteger each : new BigInteger[] {y, p.subtract(y)}) {
            PublicKey candidate =
                    factory.generatePublic(new ECPublicKeySpec(new ECPoint(x, each), curve));
            if (belong(key, candidate)) {
                return candidate;
            }
        }
        throw wrong(spec);
    }

    private static boolean belong(PrivateKey privateKey, PublicKey publicKey)
            throws GeneralSecurityException {
        byte[] text = {1};
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(privateKey);
        signature.update(text);
        byte[] made = signature.sign();
        signature.initVerify(publicKey);
        signature.update(text);
        return signature.verify(made);
    }
}
