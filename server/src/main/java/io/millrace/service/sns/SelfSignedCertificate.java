package io.millrace.service.sns;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;

/// Writes an X.509 certificate, version 3, that its own RSA key signs: the DER of RFC 5280 by hand,
/// since the JDK has no public way to make one.
final class SelfSignedCertificate {
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int NULL = 0x05;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int UTF8_STRING = 0x0c;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int EXPLICIT_0 = 0xa0;

    private static final byte[] NOTHING = new byte[0];

    /// 1.2.840.113549.1.1.11, sha256WithRSAEncryption.
    private static final byte[] SHA256_WITH_RSA = {
        0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x0b
    };

    /// 2.5.4.3, commonName.
    private static final byte[] COMMON_NAME = {0x55, 0x04, 0x03};

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int LINE_CHARACTERS = 64;

    private SelfSignedCertificate() {}

    /// The certificate's DER.
    static byte[] create(
            KeyPair keys, String commonName, long serial, Instant notBefore, Instant notAfter)
            throws GeneralSecurityException {
        byte[] algorithm =
                der(SEQUENCE, der(OBJECT_IDENTIFIER, SHA256_WITH_RSA), der(NULL, NOTHING));
        byte[] name =
                der(
                        SEQUENCE,
                        der(
                                SET,
                                der(
                                        SEQUENCE,
                                        der(OBJECT_IDENTIFIER, COMMON_NAME),
                                        der(
                                                UTF8_STRING,
                                                commonName.getBytes(StandardCharsets.UTF_8)))));
        byte[] toBeSigned =
                der(
                        SEQUENCE,
                        der(EXPLICIT_0, der(INTEGER, new byte[] {2})), // version 3
                        der(INTEGER, BigInteger.valueOf(serial).toByteArray()),
                        algorithm,
                        name,
                        der(SEQUENCE, time(notBefore), time(notAfter)),
                        name,
                        keys.getPublic().getEncoded());
        Signature signer = Signature.getInstance("SHA256withRSA");
        signer.initSign(keys.getPrivate());
        signer.update(toBeSigned);
        return der(
                SEQUENCE,
                toBeSigned,
                algorithm,
                der(BIT_STRING, new byte[] {0}, signer.sign())); // no unused bits
    }

    static String pem(byte[] der) {
        String text = Base64.getMimeEncoder(LINE_CHARACTERS, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n";
    }

    private static byte[] time(Instant instant) {
        return der(GENERALIZED_TIME, TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] der(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            byte[] bytes = BigInteger.valueOf(length).toByteArray();
            int from = bytes[0] == 0 ? 1 : 0;
            out.write(0x80 | bytes.length - from);
            out.write(bytes, from, bytes.length - from);
        }
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
