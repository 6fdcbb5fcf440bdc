package io.millrace.service.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.OperationModel;
import io.millrace.api.Shape;
import io.millrace.api.logs.CreateLogGroupRequest;
import io.millrace.api.logs.CreateLogStreamRequest;
import io.millrace.api.logs.GetLogEventsRequest;
import io.millrace.api.logs.GetLogEventsResponse;
import io.millrace.api.logs.InputLogEvent;
import io.millrace.api.logs.LogsApi;
import io.millrace.api.logs.OutputLogEvent;
import io.millrace.api.logs.PutLogEventsRequest;
import io.millrace.api.logs.PutLogEventsResponse;
import io.millrace.delivery.Message;
import io.millrace.delivery.StoreTarget.Outcome;
import io.millrace.engine.MemoryStore;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.secret.CustomerKeys;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;
import io.millrace.wire.ServiceException;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/// CloudWatch Logs over a store in memory, with a clock by hand and short forms of requests.
final class LogsFixture {
    static final String ACCOUNT = "000000000000";
    static final String GROUP = "group";
    static final String GROUP_ARN = "arn:aws:logs:us-east-1:000000000000:log-group:group";

    final Store store;
    final Caller caller = caller(ACCOUNT);
    Instant now = Instant.parse("2026-03-04T05:06:07.890Z");
    final Logs logs;

    LogsFixture() {
        this(new MemoryStore(), false);
    }

    LogsFixture(Store store, boolean strict) {
        this.store = store;
        this.logs = new Logs(store, () -> now, new Ids(new Random(1)), strict, CustomerKeys.ANY);
    }

    static Caller caller(String account) {
        String root = "arn:aws:iam::" + account + ":root";
        return new Caller(account, "us-east-1", root, account, "r", "http://localhost:4566");
    }

    <I extends Shape, O extends Shape> O call(OperationModel<I, O> operation, I request) {
        Operation<I, O> handler = Objects.requireNonNull(logs.service().operation(operation));
        return handler.handle(caller, request);
    }

    void group(String name) {
        call(LogsApi.CREATE_LOG_GROUP, CreateLogGroupRequest.builder().logGroupName(name).build());
    }

    void stream(String group, String name) {
        call(
                LogsApi.CREATE_LOG_STREAM,
                CreateLogStreamRequest.builder().logGroupName(group).logStreamName(name).build());
    }

    long millis() {
        return now.toEpochMilli();
    }

    void later(Duration duration) {
        now = now.plus(duration);
    }

    InputLogEvent event(long millisFromNow, String message) {
        return new InputLogEvent(millis() + millisFromNow, message);
    }

    /// Puts events of this very moment.
    void put(String stream, String... messages) {
        List<InputLogEvent> events = new ArrayList<>();
        for (String message : messages) {
            events.add(event(0, message));
        }
        putEvents(stream, events.toArray(InputLogEvent[]::new));
    }

    PutLogEventsResponse putEvents(String stream, InputLogEvent... events) {
        return call(
                LogsApi.PUT_LOG_EVENTS,
                PutLogEventsRequest.builder()
                        .logGroupName(GROUP)
                        .logStreamName(stream)
                        .logEvents(List.of(events))
                        .build());
    }

    static GetLogEventsRequest.Builder reading(String stream) {
        return GetLogEventsRequest.builder().logGroupName(GROUP).logStreamName(stream);
    }

    GetLogEventsResponse get(GetLogEventsRequest.Builder request) {
        return call(LogsApi.GET_LOG_EVENTS, request.build());
    }

    List<String> messages(String stream) {
        return messages(get(reading(stream)));
    }

    static List<String> messages(GetLogEventsResponse response) {
        return Objects.requireNonNull(response.events()).stream()
                .map(OutputLogEvent::message)
                .toList();
    }

    Outcome deliver(String arn, Message message) {
        Arn target = Arn.parse(arn).orElseThrow();
        return store.write(tx -> logs.target().deliver(tx, target, message));
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
