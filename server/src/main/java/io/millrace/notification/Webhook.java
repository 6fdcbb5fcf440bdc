package io.millrace.notification;

import io.millrace.http.CappedBody;
import io.millrace.http.OutboundClient;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A gateway that notifications are posted to, as JSON.
///
/// With a secret, `X-Millrace-Signature` is `sha256=` and the HMAC, in hexadecimal, of
/// `X-Millrace-Timestamp` (seconds), a dot and the body. The gateway answers 2xx when it has taken
/// the notification; 410, or a 2xx with `{"status": "gone"}`, when the receiver wants nothing more;
/// 429 and 5xx to be asked again; any other status refuses for good.
final class Webhook implements Provider<MailboxEntry>, AutoCloseable {
    private static final String GONE = "gone";
    private static final int HTTP_GONE = 410;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final JsonMapper JSON = new JsonMapper();

    private final URI url;
    private final @Nullable String secret;
    private final InstantSource clock;
    private final OutboundClient client = new OutboundClient(NotificationLimits.WEBHOOK_TIMEOUT);

    Webhook(String url, @Nullable String secret, InstantSource clock) {
        this.url = URI.create(url);
        this.secret = secret;
        this.clock = clock;
    }

    @Override
    public Answer send(MailboxEntry notification) throws InterruptedException {
        ObjectNode told = JSON.createObjectNode();
        EntryJson.write(notification, told);
        byte[] body = JSON.writeValueAsBytes(told);
        String timestamp = Long.toString(clock.instant().getEpochSecond());
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url)
                        .header("Content-Type", "application/json")
                        .header("X-Millrace-Timestamp", timestamp)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (secret != null) {
            request.header("X-Millrace-Signature", "sha256=" + hmac(secret, timestamp, body));
        }
        try {
            HttpResponse<byte[]> response =
                    client.send(request, CappedBody.handler(NotificationLimits.ANSWER_BYTES));
            return answer(response.statusCode(), response.body());
        } catch (IOException e) {
            String why = "The gateway could not be reached: " + e.getMessage();
            return new Answer.Refused(e.getClass().getSimpleName(), why, true);
        }
    }

    private static Answer answer(int status, byte[] body) {
        boolean taken = status >= 200 && status < 300;
        if (status == HTTP_GONE || (taken && status(body).equals(GONE))) {
            return new Answer.Gone("The gateway says that the receiver is gone.");
        }
        return taken
                ? new Answer.Taken()
                : new Answer.Refused(
                        Integer.toString(status),
                        "The gateway answered with HTTP status " + status + ".",
                        status < 400 || status >= 500 || status == TOO_MANY_REQUESTS);
    }

    /// Whatever else a gateway answers means nothing.
    private static String status(byte[] body) {
        try {
            return body.length == 0 ? "" : JSON.readTree(body).path("status").asString("");
        } catch (JacksonException _) { // not JSON
            return "";
        }
    }

    private static String hmac(String secret, String timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
