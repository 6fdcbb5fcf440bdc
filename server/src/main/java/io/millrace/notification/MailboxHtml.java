package io.millrace.notification;

import io.millrace.http.Response;

import org.jspecify.annotations.Nullable;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;

/// The mailbox as a page to read: links in texts can be followed, nothing else in them is believed.
final class MailboxHtml {
    private static final String HEAD =
            """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>Mailbox</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <style>
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto;
              padding: 0 1rem; color: #222; background: #fff; }
            nav a, nav b { margin-right: 1rem; }
            article { border: 1px solid #ccc; border-radius: 6px; padding: .5rem 1rem;
              margin: 1rem 0; }
            h2 { font-size: 1.1rem; margin: .3rem 0; }
            pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .9rem; }
            small { color: #555; overflow-wrap: anywhere; }
            @media (prefers-color-scheme: dark) {
              body { color: #ddd; background: #1b1b1b; } small { color: #aaa; }
              a { color: #8bf; } article { border-color: #444; } }
            </style></head><body><h1>Mailbox</h1>
            """;
    private static final String[] KINDS = {"", "mail", "sms", "push"};

    private MailboxHtml() {}

    static Response response(Mailbox.Listing listing, Map<String, String> asked) {
        StringBuilder page = new StringBuilder(HEAD);
        navigation(page, asked.getOrDefault("kind", ""));
        if (listing.entries().isEmpty()) {
            page.append("<p>Nothing was sent.</p>\n");
        }
        listing.entries().forEach(entry -> entry(page, entry));
        String next = listing.nextToken();
        if (next != null) {
            page.append("<p><a href=\"").append(link(asked, next)).append("\">older</a></p>\n");
        }
        page.append("</body></html>\n");
        return new Response(
                200,
                Map.of(
                        "Content-Type",
                        "text/html; charset=utf-8",
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
                        "Referrer-Policy",
                        "no-referrer"),
                page.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void navigation(StringBuilder page, String current) {
        page.append("<nav>");
        for (String kind : KINDS) {
            String name = kind.isEmpty() ? "all" : kind;
            if (kind.equals(current)) {
                page.append("<b>").append(name).append("</b>");
            } else {
                page.append("<a href=\"?format=html")
                        .append(kind.isEmpty() ? "" : "&amp;kind=" + kind)
                        .append("\">")
                        .append(name)
                        .append("</a>");
            }
        }
        page.append("</nav>\n");
    }

    private static void entry(StringBuilder page, MailboxEntry entry) {
        page.append("<article><small>")
                .append(Instant.ofEpochMilli(entry.timeMillis()))
                .append(" · ")
                .append(EntryJson.name(entry.kind()))
                .append(" to ")
                .append(escaped(entry.address()));
        if (entry.from() != null) {
            page.append(" from ").append(escaped(entry.from()));
        }
        page.append("</small>\n");
        if (entry.subject() != null) {
            page.append("<h2>").append(escaped(entry.subject())).append("</h2>\n");
        }
        page.append("<pre>").append(linked(entry.text())).append("</pre>\n");
        if (!entry.attributes().isEmpty()) {
            page.append("<small>")
                    .append(escaped(entry.attributes().toString()))
                    .append("</small>\n");
        }
        if (entry.kind() == MailboxEntry.Kind.SMS) {
            reply(page, entry);
        }
        page.append("</article>\n");
    }

    /// What the telephone's owner can do.
    private static void reply(StringBuilder page, MailboxEntry entry) {
        page.append("<form method=\"post\" action=\"").append(InboundText.PATH).append("\">");
        Map.of("from", entry.address(), "account", entry.accountId(), "region", entry.region())
                .forEach((name, value) ->
                        page.append("<input type=\"hidden\" name=\"")
                                .append(name)
                                .append("\" value=\"")
                                .append(escaped(value))
                                .append("\">"));
        page.append("<input name=\"text\" value=\"STOP\"><button>Reply</button></form>\n");
    }

    private static String link(Map<String, String> asked, String token) {
        Map<String, String> parameters = new LinkedHashMap<>(asked);
        parameters.put("token", token);
        StringBuilder link = new StringBuilder();
        parameters.forEach((name, value) ->
                link.append(link.isEmpty() ? "?" : "&")
                        .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                        .append('=')
                        .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return escaped(link.toString());
    }

    private static String linked(String text) {
        StringBuilder out = new StringBuilder();
        Matcher links = EntryJson.LINK.matcher(text);
        int from = 0;
        while (links.find()) {
            String link = escaped(links.group());
            out.append(escaped(text.substring(from, links.start())));
            out.append("<a rel=\"noreferrer\" href=\"").append(link).append("\">");
            out.append(link).append("</a>");
            from = links.end();
        }
        return out.append(escaped(text.substring(from))).toString();
    }

    static String escaped(@Nullable String text) {
        return String.valueOf(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
