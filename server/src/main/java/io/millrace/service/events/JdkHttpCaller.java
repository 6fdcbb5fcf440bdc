package io.millrace.service.events;

import io.millrace.http.CappedBody;
import io.millrace.http.OutboundClient;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// Calls over the network.
public final class JdkHttpCaller implements HttpCaller, AutoCloseable {
    private final OutboundClient client = new OutboundClient(EventsLimits.ENDPOINT_TIMEOUT);

    @Override
    public Answer call(Request request) throws IOException, InterruptedException {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(request.uri())
                        .method(
                                request.method(),
                                request.body().length == 0
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofByteArray(request.body()));
        request.headers().forEach(builder::setHeader);
        HttpResponse<byte[]> response =
                client.send(builder, CappedBody.handler(EventsLimits.ANSWER_BYTES_MAX));
        return new Answer(response.statusCode(), headers(response), response.body());
    }

    private static Map<String, String> headers(HttpResponse<?> response) {
        Map<String, String> headers = new HashMap<>();
        response.headers()
                .map()
                .forEach((name, values) ->
                        headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        return headers;
    }

    @Override
    public void close() {
        client.close();
    }
}
