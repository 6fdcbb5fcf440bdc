package io.millrace.service.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.OperationModel;
import io.millrace.api.Shape;
import io.millrace.api.kms.CreateKeyRequest;
import io.millrace.api.kms.DecryptRequest;
import io.millrace.api.kms.DescribeKeyRequest;
import io.millrace.api.kms.EncryptRequest;
import io.millrace.api.kms.KeyMetadata;
import io.millrace.api.kms.KmsApi;
import io.millrace.engine.Cursor;
import io.millrace.engine.MemoryStore;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.secret.MasterKey;
import io.millrace.secret.Secrets;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;
import io.millrace.wire.Service;
import io.millrace.wire.ServiceException;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/// KMS over a store in memory, with a clock that is moved by hand, and short forms of requests.
final class KmsFixture {
    static final String ACCOUNT = "111122223333";
    static final String REGION = "us-east-1";
    static final String ROOT = "arn:aws:iam::111122223333:root";

    final Store store = new MemoryStore();
    private final Random random = new Random(7);
    Instant now = Instant.parse("2026-03-04T05:06:07Z");
    private Kms kms = start();

    /// A new process on the same store.
    void restart() {
        kms = start();
    }

    private Kms start() {
        MasterKey master =
                MasterKey.of("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", Path.of("none"));
        Secrets secrets = new Secrets(store, random, master);
        secrets.check();
        return new Kms(store, () -> now, new Ids(random), random, secrets);
    }

    Service service() {
        return kms.service();
    }

    /// Moves the clock, and does what is due then; tells how much that was.
    int after(Duration duration) {
        now = now.plus(duration);
        return kms.fireDue();
    }

    static Caller caller(String region, String principalArn) {
        String account = Arn.parse(principalArn).orElseThrow().accountId();
        return new Caller(account, region, principalArn, account, "r", "http://x");
    }

    static Caller caller() {
        return caller(REGION, ROOT);
    }

    <I extends Shape, O extends Shape> O call(OperationModel<I, O> operation, I request) {
        return call(caller(), operation, request);
    }

    <I extends Shape, O extends Shape> O call(
            Caller caller, OperationModel<I, O> operation, I request) {
        Operation<I, O> handler = Objects.requireNonNull(kms.service().operation(operation));
        return handler.handle(caller, request);
    }

    KeyMetadata create(CreateKeyRequest.Builder request) {
        return Objects.requireNonNull(call(KmsApi.CREATE_KEY, request.build()).keyMetadata());
    }

    String createKey() {
        return create(CreateKeyRequest.builder()).keyId();
    }

    String createKey(String spec, String usage) {
        return create(CreateKeyRequest.builder().keySpec(spec).keyUsage(usage)).keyId();
    }

    KeyMetadata describe(String keyId) {
        return Objects.requireNonNull(
                call(KmsApi.DESCRIBE_KEY, DescribeKeyRequest.builder().keyId(keyId).build())
                        .keyMetadata());
    }

    byte[] encrypt(String keyId, String text) {
        return encrypt(caller(), keyId, text, null);
    }

    byte[] encrypt(
            Caller caller, String keyId, String text, @Nullable Map<String, String> context) {
        EncryptRequest request =
                EncryptRequest.builder()
                        .keyId(keyId)
                        .plaintext(text.getBytes(StandardCharsets.UTF_8))
                        .encryptionContext(context)
                        .build();
        return Objects.requireNonNull(call(caller, KmsApi.ENCRYPT, request).ciphertextBlob());
    }

    String decrypt(byte[] ciphertext) {
        return decrypt(caller(), ciphertext, null);
    }

    String decrypt(Caller caller, byte[] ciphertext, @Nullable Map<String, String> context) {
        DecryptRequest request =
                DecryptRequest.builder()
                        .ciphertextBlob(ciphertext)
                        .encryptionContext(context)
                        .build();
        return new String(
                Objects.requireNonNull(call(caller, KmsApi.DECRYPT, request).plaintext()),
                StandardCharsets.UTF_8);
    }

    /// How many entries KMS has in the store.
    int entries() {
        return store.read(snapshot -> {
            int count = 0;
            try (Cursor cursor =
                    snapshot.range(
                            new byte[] {(byte) 0xa8},
                            new byte[] {(byte) 0xb0},
                            Snapshot.Direction.FORWARD)) {
                while (cursor.next()) {
                    count++;
                }
            }
            return count;
        });
    }

    static void assertRefused(ThrowingCallable call, String code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ServiceException.class, e -> assertThat(e.error().code()).isEqualTo(code));
    }

    static void assertRefused(ThrowingCallable call, String code, String message) {
        assertRefused(call, code);
        assertThatThrownBy(call).hasMessage(message);
    }
}
