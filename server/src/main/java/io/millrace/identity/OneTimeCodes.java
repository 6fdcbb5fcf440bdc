package io.millrace.identity;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// One-time codes of six digits, one for each 30 seconds. Source: [RFC
/// 6238](https://www.rfc-editor.org/rfc/rfc6238).
final class OneTimeCodes {
    private static final long STEP_MILLIS = 30_000;
    private static final int CODES = 1_000_000;

    private OneTimeCodes() {}

    static long step(long millis) {
        return Math.floorDiv(millis, STEP_MILLIS);
    }

    static String code(byte[] seed, long step) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(seed, "HmacSHA1"));
            byte[] hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
            int offset = hash[hash.length - 1] & 0xf;
            int number = ByteBuffer.wrap(hash).getInt(offset) & 0x7fffffff;
            return "%06d".formatted(number % CODES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
