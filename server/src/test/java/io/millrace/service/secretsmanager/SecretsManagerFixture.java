package io.millrace.service.secretsmanager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.OperationModel;
import io.millrace.api.Shape;
import io.millrace.api.secretsmanager.CreateSecretRequest;
import io.millrace.api.secretsmanager.CreateSecretResponse;
import io.millrace.api.secretsmanager.DescribeSecretRequest;
import io.millrace.api.secretsmanager.DescribeSecretResponse;
import io.millrace.api.secretsmanager.GetSecretValueRequest;
import io.millrace.api.secretsmanager.GetSecretValueResponse;
import io.millrace.api.secretsmanager.PutSecretValueRequest;
import io.millrace.api.secretsmanager.PutSecretValueResponse;
import io.millrace.api.secretsmanager.SecretsmanagerApi;
import io.millrace.delivery.Message;
import io.millrace.delivery.StoreTarget;
import io.millrace.delivery.Targets;
import io.millrace.engine.MemoryStore;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.secret.MasterKey;
import io.millrace.secret.Secrets;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;
import io.millrace.wire.ServiceException;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/// Secrets Manager over a store in memory, with a clock that is moved, queues that record, and
/// short forms of requests.
final class SecretsManagerFixture {
    static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:rotations";
    static final String MISSING_QUEUE = "arn:aws:sqs:us-east-1:000000000000:missing";

    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    final Store store = new MemoryStore();
    final Ids ids = new Ids(new Random(3));
    final List<String> told = new ArrayList<>();
    Instant now = Instant.parse("2026-03-04T05:06:07Z");
    private final Secrets secrets =
            new Secrets(store, new Random(1), MasterKey.of(KEY, Path.of("none")));
    private final Random random = new Random(5);
    private SecretsManager manager = start();

    /// A new process on the same store.
    void restart() {
        manager = start();
    }

    private SecretsManager start() {
        return new SecretsManager(
                store, () -> now, ids, random, secrets, new Targets(Map.of("sqs", this::deliver)));
    }

    private StoreTarget.Outcome deliver(Transaction tx, Arn target, Message message) {
        if (target.resource().equals("missing")) {
            return new StoreTarget.Outcome.Refused("NonExistentQueue", "It does not exist.");
        }
        tx.afterCommit(() -> told.add(message.body()));
        return new StoreTarget.Outcome.Delivered("id");
    }

    int after(String duration) {
        now = now.plus(Duration.parse(duration));
        return manager.fireDue();
    }

    static Caller caller(String account, String region) {
        String root = "arn:aws:iam::" + account + ":root";
        return new Caller(account, region, root, account, "r", "http://x");
    }

    <I extends Shape, O extends Shape> O call(OperationModel<I, O> operation, I request) {
        return call(caller("000000000000", "us-east-1"), operation, request);
    }

    <I extends Shape, O extends Shape> O call(
            Caller caller, OperationModel<I, O> operation, I request) {
        Operation<I, O> handler = Objects.requireNonNull(manager.service().operation(operation));
        return handler.handle(caller.calling(operation.name()), request);
    }

    CreateSecretResponse create(String name, @Nullable String value) {
        return call(
                SecretsmanagerApi.CREATE_SECRET,
                CreateSecretRequest.builder()
                        .name(name)
                        .secretString(value)
                        .clientRequestToken(ids.uuid())
                        .build());
    }

    PutSecretValueResponse put(String id, String token, String value, String... labels) {
        return call(
                SecretsmanagerApi.PUT_SECRET_VALUE,
                PutSecretValueRequest.builder()
                        .secretId(id)
                        .clientRequestToken(token)
                        .secretString(value)
                        .versionStages(labels.length == 0 ? null : List.of(labels))
                        .build());
    }

    @Nullable String value(String id, @Nullable String label) {
        return get(id, null, label).secretString();
    }

    GetSecretValueResponse get(String id, @Nullable String versionId, @Nullable String label) {
        return call(
                SecretsmanagerApi.GET_SECRET_VALUE,
                new GetSecretValueRequest(id, versionId, label));
    }

    DescribeSecretResponse describe(String id) {
        return call(SecretsmanagerApi.DESCRIBE_SECRET, new DescribeSecretRequest(id));
    }

    static void assertRefused(ThrowingCallable call, String code, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ServiceException.class,
                        e -> {
                            assertThat(e.message()).isEqualTo(message);
                            assertThat(e.error().code()).isEqualTo(code);
                        });
    }
}
