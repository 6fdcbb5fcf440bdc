package io.millrace.notification;

import io.millrace.http.Request;
import io.millrace.http.Response;
import io.millrace.wire.Page;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The mailbox, the newest entries first, at `/_millrace/sns/mailbox`: as a page for people where a
/// browser asks (`format=html`), otherwise as JSON.
///
/// Parameters: `kind` (`mail`, `sms` or `push`), `address`, `account`, `limit` and `token`, the
/// `nextToken` of an earlier answer. `DELETE` empties it.
public final class MailboxPage {
    static final String PATH = "/_millrace/sns/mailbox";

    private static final JsonMapper JSON = new JsonMapper();

    private final Mailbox mailbox;
    private final PageAccess access;

    public MailboxPage(Mailbox mailbox, PageAccess access) {
        this.mailbox = mailbox;
        this.access = access;
    }

    public Page page() {
        return new Page(PATH, Set.of("GET", "HEAD", "DELETE"), this::answer);
    }

    private Response answer(Request request) {
        Response refusal = access.refusal(request);
        if (refusal != null) {
            return refusal;
        }
        if (request.method().equals("DELETE")) {
            mailbox.empty();
            return new Response(204, Map.of(), new byte[0]);
        }
        Map<String, String> asked = parameters(request.query());
        try {
            Mailbox.Filter filter =
                    new Mailbox.Filter(
                            kind(asked.get("kind")), asked.get("address"), asked.get("account"));
            Mailbox.Listing listing =
                    mailbox.list(filter, asked.get("token"), limit(asked.get("limit")));
            return wantsHtml(request, asked)
                    ? MailboxHtml.response(listing, asked)
                    : Response.of(200, "application/json", json(listing));
        } catch (IllegalArgumentException e) {
            ObjectNode told =
                    JSON.createObjectNode().put("message", String.valueOf(e.getMessage()));
            return Response.of(400, "application/json", JSON.writeValueAsString(told) + "\n");
        }
    }

    private static boolean wantsHtml(Request request, Map<String, String> asked) {
        String format = asked.get("format");
        String accept = request.header("accept");
        return format == null
                ? accept != null && accept.contains("text/html")
                : format.equals("html");
    }

    private static MailboxEntry.@Nullable Kind kind(@Nullable String name) {
        try {
            return name == null ? null : MailboxEntry.Kind.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException _) { // said in other words
            throw new IllegalArgumentException("kind is not mail, sms or push: " + name);
        }
    }

    private static int limit(@Nullable String text) {
        if (text == null) {
            return NotificationLimits.PAGE_ENTRIES;
        }
        int limit = text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > NotificationLimits.PAGE_ENTRIES_MAX) {
            throw new IllegalArgumentException(
                    "limit is not between 1 and " + NotificationLimits.PAGE_ENTRIES_MAX);
        }
        return limit;
    }

    private static String json(Mailbox.Listing listing) {
        ObjectNode told = JSON.createObjectNode();
        ArrayNode messages = told.putArray("messages");
        for (MailboxEntry entry : listing.entries()) {
            EntryJson.write(entry, messages.addObject());
        }
        told.put("nextToken", listing.nextToken());
        return JSON.writeValueAsString(told) + "\n";
    }

    /// The parameters of a query, decoded.
    static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return parameters;
    }
}
