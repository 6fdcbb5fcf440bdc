package io.millrace.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.ErrorModel;
import io.millrace.api.secretsmanager.CreateSecretRequest;
import io.millrace.api.secretsmanager.SecretsmanagerApi;
import io.millrace.api.sqs.CreateQueueRequest;
import io.millrace.api.sqs.CreateQueueResult;
import io.millrace.api.sqs.SqsApi;
import io.millrace.api.sts.AssumeRoleWithWebIdentityRequest;
import io.millrace.api.sts.AssumeRoleWithWebIdentityResponse;
import io.millrace.api.sts.AssumedRoleUser;
import io.millrace.api.sts.StsApi;
import io.millrace.callrecord.UnsignedCalls;
import io.millrace.engine.Cursor;
import io.millrace.engine.MemoryStore;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.CallObserver;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

final class AuditLogTest {
    private static final String ACCOUNT = "000000000000";
    private static final ErrorModel DENIED = ErrorModel.of("AccessDenied", 403);

    private static final AssumeRoleWithWebIdentityResponse LOGIN =
            AssumeRoleWithWebIdentityResponse.builder()
                    .subjectFromWebIdentityToken("ann")
                    .audience("app")
                    .provider("arn:aws:iam::111122223333:oidc-provider/idp")
                    .assumedRoleUser(
                            AssumedRoleUser.builder()
                                    .assumedRoleId("AROA:s")
                                    .arn("arn:aws:sts::111122223333:assumed-role/web/s")
                                    .build())
                    .build();

    private final Store store = new MemoryStore();
    private Instant now = Instant.parse("2026-03-04T05:06:07Z");
    private final AuditLog log = log(AuditOptions.MANAGEMENT);
    private int requests;

    private AuditLog log(AuditOptions options) {
        return new AuditLog(options, store, () -> now, new Ids(new Random(1)));
    }

    @Test
    void tellsTheNewestFirstInPages() {
        for (int i = 0; i < 5; i++) {
            log.answered(created(ACCOUNT, "q" + i));
        }
        log.answered(created("111122223333", "other"));

        List<String> seen = new ArrayList<>();
        AuditLog.Page page = log.page(ACCOUNT, null, null, 2, null, _ -> true);
        seen.addAll(page.records());
        while (page.nextToken() != null) {
            page = log.page(ACCOUNT, null, null, 2, page.nextToken(), _ -> true);
            seen.addAll(page.records());
        }

        assertThat(seen).hasSize(5).noneMatch(record -> record.contains("other"));
        assertThat(seen.getFirst()).contains("\"queueName\":\"q4\"");
        assertThat(seen.getLast()).contains("\"queueName\":\"q0\"");
    }

    @Test
    void tellsWhatWasCalledSinceAndUntil() {
        Instant start = now;
        for (int i = 0; i < 5; i++) {
            log.answered(created(ACCOUNT, "q" + i));
        }

        assertThat(
                        log.page(
                                        ACCOUNT,
                                        start.plusSeconds(1),
                                        start.plusSeconds(3),
                                        10,
                                        null,
                                        _ -> true)
                                .records())
                .hasSize(3);
        assertThat(log.page(ACCOUNT, now, start, 10, null, _ -> true).records()).isEmpty();
    }

    @Test
    void recordsGoAfterTheRetention() {
        log.answered(created(ACCOUNT, "old"));
        log.answered(created("111122223333", "old"));
        now = now.plus(Duration.ofDays(89));
        log.answered(created(ACCOUNT, "new"));
        now = now.plus(Duration.ofDays(2));

        assertThat(log.page(ACCOUNT, null, null, 10, null, _ -> true).records()).hasSize(1);
        assertThat(log.sweep()).isTrue();
        assertThat(store.<Integer>read(AuditLogTest::count)).isOne();
    }

    @Test
    void hidesWhatIsSecret() {
        log.answered(
                new CallObserver.Call(
                        SecretsmanagerApi.MODEL,
                        "CreateSecret",
                        caller(ACCOUNT),
                        "AKID",
                        null,
                        CreateSecretRequest.builder().name("s").secretString("planted").build(),
                        null,
                        DENIED,
                        "no"));

        assertThat(log.page(ACCOUNT, null, null, 10, null, _ -> true).records())
                .singleElement()
                .asString()
                .contains("\"name\":\"s\"", "\"errorCode\":\"AccessDenied\"")
                .doesNotContain("planted");
    }

    @Test
    void aFloodOfRequestsWithoutASignatureIsCounted() {
        Caller nobody =
                new Caller(
                        ACCOUNT, "us-east-1", Caller.ANONYMOUS, Caller.ANONYMOUS, "r", "http://x");
        for (int i = 0; i < UnsignedCalls.A_MINUTE + 7; i++) {
            log.denied(refused(nobody, i));
        }
        assertThat(store.<Integer>read(AuditLogTest::count)).isEqualTo(UnsignedCalls.A_MINUTE);
        assertThat(log.omittedCount()).isEqualTo(7);

        now = now.plusSeconds(60);
        log.denied(refused(nobody, 0));
        assertThat(store.<Integer>read(AuditLogTest::count)).isEqualTo(UnsignedCalls.A_MINUTE + 1);
    }

    @Test
    void aFloodOfRefusedLoginsWithoutASignatureIsCountedAndEachIsShort() {
        for (int i = 0; i < UnsignedCalls.A_MINUTE + 7; i++) {
            now = now.plusMillis(1);
            log.answered(login(i, null, ErrorModel.of("ValidationError", 400)));
        }
        log.answered(login(200, LOGIN, null));

        List<String> records = log.page(ACCOUNT, null, null, 1_000, null, _ -> true).records();
        assertThat(records).hasSize(UnsignedCalls.A_MINUTE);
        assertThat(records.getLast()).hasSizeLessThan(4_000);
        assertThat(log.omittedCount()).isEqualTo(7);
    }

    @Test
    void aLoginWithATokenIsInTheAccountOfTheRoleAndSaysWhose() {
        log.answered(login(1, LOGIN, null));

        assertThat(log.page(ACCOUNT, null, null, 10, null, _ -> true).records()).isEmpty();
        assertThat(log.page("111122223333", null, null, 10, null, _ -> true).records())
                .singleElement()
                .asString()
                .contains(
                        "\"userIdentity\":{\"type\":\"WebIdentityUser\",\"principalId\":"
                                + "\"arn:aws:iam::111122223333:oidc-provider/idp:app:ann\","
                                + "\"userName\":\"ann\",\"identityProvider\":"
                                + "\"arn:aws:iam::111122223333:oidc-provider/idp\"}",
                        "\"recipientAccountId\":\"111122223333\"");
    }

    private static CallObserver.Call login(
            int request,
            @Nullable AssumeRoleWithWebIdentityResponse output,
            @Nullable ErrorModel error) {
        String nobody = Caller.ANONYMOUS;
        String id = String.format("%03d", request);
        return new CallObserver.Call(
                StsApi.MODEL,
                "AssumeRoleWithWebIdentity",
                new Caller(ACCOUNT, "us-east-1", nobody, nobody, id, "http://x"),
                null,
                "agent".repeat(10_000),
                AssumeRoleWithWebIdentityRequest.builder().roleArn("a".repeat(60_000)).build(),
                output,
                error,
                error == null ? null : "no: " + "a".repeat(60_000));
    }

    @Test
    void callsOfDataAreObservedOnlyWhenAllAre() {
        assertThat(log.observes("sqs", "SendMessage")).isFalse();
        assertThat(log.observes("sqs", "CreateQueue")).isTrue();
        assertThat(log.observesDenials()).isTrue();
        assertThat(
                        log(new AuditOptions(AuditOptions.Mode.ALL, AuditOptions.RETENTION))
                                .observes("sqs", "SendMessage"))
                .isTrue();
        assertThat(log(AuditOptions.OFF).observes("sqs", "CreateQueue")).isFalse();
        assertThat(log(AuditOptions.OFF).observesDenials()).isFalse();
    }

    private static int count(Snapshot snapshot) {
        int count = 0;
        try (Cursor cursor = snapshot.prefix(AuditKeys.records())) {
            while (cursor.next()) {
                count++;
            }
        }
        return count;
    }

    private CallObserver.Call created(String account, String queue) {
        Caller caller = caller(account);
        now = now.plusSeconds(1);
        return new CallObserver.Call(
                SqsApi.MODEL,
                "CreateQueue",
                caller,
                "AKID",
                "test",
                CreateQueueRequest.builder().queueName(queue).build(),
                new CreateQueueResult("http://x/" + queue),
                null,
                null);
    }

    private CallObserver.Call refused(Caller nobody, int number) {
        Caller caller =
                new Caller(
                        nobody.accountId(),
                        nobody.region(),
                        nobody.principalArn(),
                        nobody.userId(),
                        "r" + number,
                        nobody.endpoint());
        return new CallObserver.Call(
                SqsApi.MODEL, "SendMessage", caller, "AKID", null, null, null, DENIED, "no");
    }

    private Caller caller(String account) {
        requests++;
        String root = "arn:aws:iam::" + account + ":root";
        return new Caller(account, "us-east-1", root, account, "request-" + requests, "http://x");
    }
}
