package io.millrace.audit;

import io.millrace.engine.KeyReader;
import io.millrace.engine.KeyWriter;

/// All durable keys of the audit log.
///
/// | prefix | key | value | lives |
/// |---|---|---|---|
/// | `b4` record | account, milliseconds, request id | the record as JSON | the retention |
final class AuditKeys {
    private static final int RECORD = 0xb4;

    private AuditKeys() {}

    static byte[] records() {
        return new KeyWriter(RECORD).toBytes();
    }

    static byte[] records(String accountId) {
        return new KeyWriter(RECORD).string(accountId).toBytes();
    }

    static byte[] from(String accountId, long millis) {
        return new KeyWriter(RECORD).string(accountId).uint64(millis).toBytes();
    }

    static byte[] record(String accountId, long millis, String requestId) {
        return new KeyWriter(RECORD).string(accountId).uint64(millis).string(requestId).toBytes();
    }

    static String readAccount(byte[] key) {
        return new KeyReader(key).string();
    }
}
