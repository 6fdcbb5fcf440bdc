package io.millrace.notification;

import io.millrace.http.Request;
import io.millrace.http.Response;
import io.millrace.wire.Credential;
import io.millrace.wire.Page;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What a telephone answered, told by the gateway: `POST /_millrace/sns/sms/inbound` with `from`
/// and `text`, as JSON or as a form (also with the names `From` and `Body`), and `account` and
/// `region` of whoever had texted it; without them those of this server's default.
///
/// One word counts: `STOP` and its like opt the number out, `START` and `UNSTOP` opt it in again.
/// Source: [user
/// guide](https://docs.aws.amazon.com/sns/latest/dg/sms_manage.html#sms_manage_optout).
public final class InboundText {
    static final String PATH = "/_millrace/sns/sms/inbound";

    /// Who remembers.
    public interface Receiver {

        /// Durable when it returns.
        ///
        /// @throws IllegalArgumentException when it is no number
        void optOut(String accountId, String region, String number, boolean optedOut);
    }

    private static final Set<String> STOP =
            Set.of(
                    "ARRET",
                    "CANCEL",
                    "END",
                    "OPT-OUT",
                    "OPTOUT",
                    "QUIT",
                    "REMOVE",
                    "STOP",
                    "STOPALL",
                    "TD",
                    "UNSUBSCRIBE");
    private static final Set<String> START = Set.of("START", "UNSTOP");
    private static final JsonMapper JSON = new JsonMapper();

    private final Receiver receiver;
    private final PageAccess access;
    private final String region;

    /// @param region of messages that name none
    public InboundText(Receiver receiver, PageAccess access, String region) {
        this.receiver = receiver;
        this.access = access;
        this.region = region;
    }

    public Page page() {
        return new Page(PATH, Set.of("POST"), this::answer);
    }

    private Response answer(Request request) {
        Response refusal = access.refusal(request);
        if (refusal != null) {
            return refusal;
        }
        byte[] body = request.body(NotificationLimits.INBOUND_BYTES).content();
        ObjectNode told = JSON.createObjectNode();
        try {
            Map<String, String> message = message(request, body);
            String from = message.getOrDefault("from", message.getOrDefault("From", ""));
            String text = message.getOrDefault("text", message.getOrDefault("Body", ""));
            String word = text.strip().toUpperCase(Locale.ROOT);
            boolean isStop = STOP.contains(word);
            boolean counts = isStop || START.contains(word);
            if (counts) {
                receiver.optOut(
                        message.getOrDefault("account", Credential.DEFAULT_ACCOUNT_ID),
                        message.getOrDefault("region", region),
                        from,
                        isStop);
            }
            told.put("understood", counts).put("optedOut", isStop);
            return Response.of(200, "application/json", JSON.writeValueAsString(told) + "\n");
        } catch (IllegalArgumentException | JacksonException e) {
            told.put("message", String.valueOf(e.getMessage()));
            return Response.of(400, "application/json", JSON.writeValueAsString(told) + "\n");
        }
    }

    private static Map<String, String> message(Request request, byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        String type = String.valueOf(request.header("content-type"));
        if (!type.startsWith("application/json")) {
            return MailboxPage.parameters(text);
        }
        Map<String, String> message = new HashMap<>();
        JSON.readTree(text)
                .properties()
                .forEach(member -> message.put(member.getKey(), member.getValue().asString("")));
        return message;
    }
}
