package io.millrace.notification;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A notification in JSON, the same in the mailbox and for gateways.
final class EntryJson {

    /// A link in a text; what closes a sentence is not part of it.
    static final Pattern LINK = Pattern.compile("https?://[^\\s\"<>]*[^\\s\"<>.,;:)]");

    private EntryJson() {}

    static void write(MailboxEntry entry, ObjectNode out) {
        out.put("id", entry.id());
        out.put("kind", name(entry.kind()));
        out.put("time", Instant.ofEpochMilli(entry.timeMillis()).toString());
        out.put("account", entry.accountId());
        out.put("region", entry.region());
        out.put("to", entry.address());
        out.put("from", entry.from());
        out.put("subject", entry.subject());
        out.put("text", entry.text());
        ArrayNode links = out.putArray("links");
        Matcher matcher = LINK.matcher(entry.text());
        while (matcher.find()) {
            links.add(matcher.group());
        }
        ObjectNode attributes = out.putObject("attributes");
        entry.attributes().forEach(attributes::put);
    }

    static String name(MailboxEntry.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
