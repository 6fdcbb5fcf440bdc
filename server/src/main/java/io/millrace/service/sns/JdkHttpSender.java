package io.millrace.service.sns;

import io.millrace.http.OutboundClient;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Posts over the network; a login in the URL is given to a server that asks for it.
public final class JdkHttpSender implements HttpSender, AutoCloseable {
    private static final int UNAUTHORIZED = 401;

    private final OutboundClient client = new OutboundClient(SnsLimits.HTTP_TIMEOUT);

    @Override
    public int post(URI url, Map<String, String> headers, byte[] body)
            throws IOException, InterruptedException {
        URI bare = HttpLogin.without(url);
        HttpResponse<Void> response = send(bare, headers, body);
        Optional<HttpLogin> login = HttpLogin.of(url);
        if (response.statusCode() != UNAUTHORIZED || login.isEmpty()) {
            return response.statusCode();
        }
        Optional<String> answer =
                login.get().answer(response.headers().allValues("WWW-Authenticate"), "POST", bare);
        if (answer.isEmpty()) {
            return response.statusCode();
        }
        Map<String, String> withLogin = new LinkedHashMap<>(headers);
        withLogin.put("Authorization", answer.get());
        return send(bare, withLogin, body).statusCode();
    }

    private HttpResponse<Void> send(URI url, Map<String, String> headers, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return client.send(request, HttpResponse.BodyHandlers.discarding());
    }

    @Override
    public void close() {
        client.close();
    }
}
