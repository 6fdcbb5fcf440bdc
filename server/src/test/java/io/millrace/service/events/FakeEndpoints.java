package io.millrace.service.events;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/// HTTP endpoints that answer what they are told to, in order, and 200 after that.
final class FakeEndpoints implements HttpCaller {

    final List<Request> requests = new ArrayList<>();
    final Deque<Answer> answers = new ArrayDeque<>();
    boolean isDown;

    @Override
    public Answer call(Request request) throws IOException {
        if (isDown) {
            throw new IOException("down");
        }
        requests.add(request);
        return answers.isEmpty() ? answer(200, "ok") : answers.removeFirst();
    }

    void answers(int status, String body) {
        answers.add(answer(status, body));
    }

    static Answer answer(int status, String body) {
        return new Answer(status, Map.of(), body.getBytes(StandardCharsets.UTF_8));
    }

    Request last() {
        return requests.getLast();
    }

    static String body(Request request) {
        return new String(request.body(), StandardCharsets.UTF_8);
    }
}
