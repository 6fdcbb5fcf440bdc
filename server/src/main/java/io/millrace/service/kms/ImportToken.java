package io.millrace.service.kms;

import io.millrace.secret.SecretException;
import io.millrace.secret.Secrets;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// What an import needs later: the private key that opens it, sealed, so that nothing is kept here.
///
/// Eight bytes for the time until which it is good, a byte for the length of the wrapping
/// algorithm's name, the name, and the private key in PKCS 8; sealed with the ARN of its key.
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
record ImportToken(long expiresMillis, String algorithm, byte[] privateKey) {
    private static final String CONTEXT = "kms-import:";

    byte[] seal(Secrets secrets, KeyName key) {
        byte[] name = algorithm.getBytes(StandardCharsets.US_ASCII);
        byte[] plain =
                ByteBuffer.allocate(Long.BYTES + 1 + name.length + privateKey.length)
                        .putLong(expiresMillis)
                        .put((byte) name.length)
                        .put(name)
                        .put(privateKey)
                        .array();
        return secrets.seal(plain, CONTEXT + key.arn());
    }

    /// @throws io.millrace.wire.ServiceException `InvalidImportTokenException`,
    ///   `ExpiredImportTokenException`
    static ImportToken open(Secrets secrets, KeyName key, byte[] sealed, long nowMillis) {
        byte[] plain;
        try {
            plain = secrets.open(sealed, CONTEXT + key.arn());
        } catch (SecretException _) {
            throw KmsErrors.invalidImportToken();
        }
        ByteBuffer parts = ByteBuffer.wrap(plain);
        long expires = parts.getLong();
        byte[] name = new byte[parts.get()];
        parts.get(name);
        byte[] privateKey = new byte[parts.remaining()];
        parts.get(privateKey);
        if (expires <= nowMillis) {
            throw KmsErrors.expiredImportToken();
        }
        return new ImportToken(expires, new String(name, StandardCharsets.US_ASCII), privateKey);
    }
}
