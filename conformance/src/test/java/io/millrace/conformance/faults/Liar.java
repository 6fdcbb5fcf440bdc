package io.millrace.conformance.faults;

import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Stands between the callers and the server, and plants a bug of its own for each checker: it
/// drops, doubles, delays, alters and replays some calls, so that the server seems to break its
/// promises.
final class Liar implements SdkHttpClient {

    /// The bugs, and in which calls they are.
    enum Lie {
        LOST_PUT("PutItem", "\"registers\""),
        DOUBLED_ADDITION("UpdateItem", "\"ADD n :one\""),
        LOST_TRANSFER("TransactWriteItems", "\"accounts\""),
        STALE_READ("TransactGetItems", "\"lists\""),
        REPEATED_PAGE("GetRecords", ""),
        FORGOTTEN_DELETION("DeleteMessage", "/queue\""),
        NO_DEDUPLICATION("SendMessage", "/queue.fifo\""),
        DOUBLED_PUBLISH("Publish", "topic&"),
        LATE_PUBLISH("Publish", "topic.fifo&"),
        LOST_EVENT("PutEvents", "\"bus\""),
        LOST_ARCHIVING("PutEvents", "\"archived\""),
        LOST_LOG("PutLogEvents", ""),
        DOUBLED_MESSAGE("SendMessage", "/piped\""),
        LOST_CHANGE("PutItem", "\"piped\""),
        DOUBLED_MOVE("SendMessage", "/moved\""),
        LOST_PUBLISH("Publish", "wide&"),
        LOST_SECRET("PutSecretValue", ""),
        CONFUSED_CIPHERTEXT("Encrypt", ""),
        LOST_PERMISSION("PutUserPolicy", ""),
        ALTERED_ITEM("GetItem", "\"registers\""),
        DOUBLED_RECURRENCE("schedules", "cron("),
        DOUBLED_SCHEDULE("schedules", "\"Input\"");

        private final String action;
        private final String mark;

        Lie(String action, String mark) {
            this.action = action;
            this.mark = mark;
        }
    }

    /// Every so-manieth call is lied about.
    private static final int EVERY = 5;

    private final SdkHttpClient real;
    private final Map<Lie, AtomicInteger> counts = new ConcurrentHashMap<>();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Map<String, Call> held = new ConcurrentHashMap<>();

    private record Call(SdkHttpRequest request, String body) {

        boolean concerns(Lie lie) {
            String target = request.firstMatchingHeader("X-Amz-Target").orElse("");
            return body.contains(lie.mark)
                    && (target.endsWith("." + lie.action)
                            || body.contains("Action=" + lie.action + "&")
                            || request.encodedPath().startsWith("/" + lie.action));
        }

        Call with(SdkHttpRequest.Builder changed, String other) {
            byte[] bytes = other.getBytes(StandardCharsets.UTF_8);
            return new Call(
                    changed.putHeader("Content-Length", Integer.toString(bytes.length)).build(),
                    other);
        }

        Call with(String other) {
            return with(request.toBuilder(), other);
        }
    }

    private record Answer(SdkHttpResponse head, byte[] body) {

        HttpExecuteResponse response() {
            return HttpExecuteResponse.builder()
                    .response(head)
                    .responseBody(AbortableInputStream.create(new ByteArrayInputStream(body)))
                    .build();
        }

        static Answer of(String body) {
            return new Answer(
                    SdkHttpResponse.builder().statusCode(200).build(),
                    body.getBytes(StandardCharsets.UTF_8));
        }
    }

    Liar(SdkHttpClient real) {
        this.real = real;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                return answer(new Call(request.httpRequest(), body(request))).response();
            }

            @Override
            public void abort() {
                // a call ends by its timeout
            }
        };
    }

    private static String body(HttpExecuteRequest request) {
        return request.contentStreamProvider()
                .map(content -> {
                    try {
                        return new String(
                                content.newStream().readAllBytes(), StandardCharsets.UTF_8);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .orElse("");
    }

    private Answer answer(Call call) throws IOException {
        for (Lie lie : Lie.values()) {
            if (call.concerns(lie)) {
                int count = counts.computeIfAbsent(lie, _ -> new AtomicInteger()).incrementAndGet();
                return lie(lie, call, count % EVERY == 0, count);
            }
        }
        return send(call);
    }

    private Answer lie(Lie lie, Call call, boolean now, int count) throws IOException {
        return switch (lie) {
            case LOST_PUT, LOST_TRANSFER, FORGOTTEN_DELETION, LOST_CHANGE, LOST_SECRET, LOST_LOG ->
                    now ? Answer.of("{}") : send(call);
            case DOUBLED_ADDITION, DOUBLED_PUBLISH, DOUBLED_MESSAGE, DOUBLED_MOVE -> {
                if (now) {
                    send(call);
                }
                yield send(call);
            }
            case LOST_PUBLISH ->
                    now
                            ? Answer.of(
                                    "<PublishResponse><PublishResult><MessageId>lost</MessageId>"
                                            + "</PublishResult></PublishResponse>")
                            : send(call);
            case LOST_PERMISSION -> now ? Answer.of("<PutUserPolicyResponse/>") : send(call);
            case CONFUSED_CIPHERTEXT -> {
                Answer fresh = send(call);
                Answer first = answers.putIfAbsent("ciphertext", fresh);
                yield now && first != null ? first : fresh;
            }
            case ALTERED_ITEM -> {
                Answer answer = send(call);
                String body = new String(answer.body(), StandardCharsets.UTF_8);
                yield now ? Answer.of(body.replace("\"S\":\"a\"", "\"S\":\"z\"")) : answer;
            }
            case STALE_READ -> {
                Answer fresh = send(call);
                Answer stale = answers.putIfAbsent(call.body(), fresh);
                yield now && stale != null ? stale : fresh;
            }
            case REPEATED_PAGE -> {
                Answer page = send(call);
                Answer first = answers.putIfAbsent("page", page);
                yield count == 2 && first != null ? first : page;
            }
            case NO_DEDUPLICATION -> {
                if (now) {
                    String id = "\"MessageDeduplicationId\":\"";
                    send(call.with(call.body().replace(id, id + "other-")));
                }
                yield send(call);
            }
            case LATE_PUBLISH -> latePublish(call, now);
            case LOST_EVENT, LOST_ARCHIVING ->
                    send(now ? call.with(call.body().replace("\"flow\"", "\"flew\"")) : call);
            case DOUBLED_RECURRENCE, DOUBLED_SCHEDULE -> {
                if (now || lie == Lie.DOUBLED_RECURRENCE) {
                    SdkHttpRequest.Builder other = call.request().toBuilder();
                    String token = "\"ClientToken\":\"";
                    send(
                            call.with(
                                    other.encodedPath(other.encodedPath() + "-again"),
                                    call.body().replace(token, token + "again-")));
                }
                yield send(call);
            }
        };
    }

    /// Answers at once, and sends only after the next of the group.
    private Answer latePublish(Call call, boolean now) throws IOException {
        String group = call.body().contains("MessageGroupId=s0") ? "s0" : "s1";
        if (now && held.putIfAbsent(group, call) == null) {
            return Answer.of(
                    "<PublishResponse><PublishResult><MessageId>late</MessageId></PublishResult>"
                            + "</PublishResponse>");
        }
        Answer answer = send(call);
        Call late = held.remove(group);
        if (late != null) {
            send(late);
        }
        return answer;
    }

    private Answer send(Call call) throws IOException {
        HttpExecuteRequest.Builder execution = HttpExecuteRequest.builder().request(call.request());
        if (!call.body().isEmpty()) {
            execution.contentStreamProvider(ContentStreamProvider.fromUtf8String(call.body()));
        }
        HttpExecuteResponse response = real.prepareRequest(execution.build()).call();
        byte[] body = new byte[0];
        if (response.responseBody().isPresent()) {
            try (AbortableInputStream content = response.responseBody().get()) {
                body = content.readAllBytes();
            }
        }
        return new Answer(response.httpResponse(), body);
    }

    @Override
    public void close() {
        real.close();
    }
}
