package io.millrace.trace;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Map;

/// One thing that happened to an event, or to a message or a record that became one. Immutable.
///
/// @param id what it happened to: the event's id, the message's, the stream record's
/// @param link another id under which the same thing came or goes on, as the id of the message that
///   a queue gave it, or the root of an X-Ray trace; both lead to one trace
/// @param millis when, by the server's clock
/// @param by who did it, as an ARN: a bus, a rule, a topic, a pipe
/// @param to where it went or was to go, as an ARN or a URL
/// @param details whatever else is to be told: [Detail] names what is common
public record Hop(
        String id,
        @Nullable String link,
        long millis,
        Kind kind,
        String by,
        @Nullable String to,
        Map<String, String> details) {

    /// What happened. The names are stored.
    public enum Kind {
        /// It came in, at a bus, a topic or a queue.
        ACCEPTED,
        /// A table's item was changed: what a record of the table's stream tells.
        WRITTEN,
        /// It came out of something that is traced under the id in `link`.
        CAME_FROM,
        ARCHIVED,
        /// A rule, a subscription or a pipe wants it.
        MATCHED,
        /// A filter did not want it.
        FILTERED,
        /// It was given another form.
        TRANSFORMED,
        /// A target outside the store was called.
        ATTEMPTED,
        DELIVERED,
        /// It is to be sent to a target outside the store.
        OWED,
        /// It is in the dead-letter queue `to`.
        DEAD_LETTERED,
        /// Nobody took it, and it is kept among what failed, to be seen and redriven.
        KEPT,
        /// It went no further, and is gone.
        DROPPED;

        private final String words = name().toLowerCase(Locale.ROOT).replace('_', ' ');

        String words() {
            return words;
        }
    }

    /// Names of details.
    public static final class Detail {
        public static final String SOURCE = "source";
        public static final String DETAIL_TYPE = "detailType";
        public static final String EVENT_NAME = "eventName";
        public static final String KEYS = "keys";
        public static final String SEQUENCE_NUMBER = "sequenceNumber";
        public static final String TARGET = "target";
        public static final String BODY = "body";
        public static final String ATTEMPT = "attempt";
        public static final String STATUS = "status";
        public static final String MILLISECONDS = "milliseconds";
        public static final String CODE = "code";
        public static final String WHY = "why";

        private Detail() {}
    }

    private static final String ROOT = "Root=";

    public Hop {
        details = Map.copyOf(details);
    }

    /// A hop that leads nowhere else.
    public static Hop of(String id, long millis, Kind kind, String by, Map<String, String> more) {
        return new Hop(id, null, millis, kind, by, null, more);
    }

    /// The root of the trace in an X-Ray header, as `1-5759e988-bd862e3fe1be46a994272793`; null
    /// when there is none. Source: [tracing
    /// header](https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html).
    public static @Nullable String root(@Nullable String traceHeader) {
        int from = traceHeader == null ? -1 : traceHeader.indexOf(ROOT);
        if (traceHeader == null || from < 0) {
            return null;
        }
        int to = traceHeader.indexOf(';', from);
        String root =
                traceHeader.substring(from + ROOT.length(), to < 0 ? traceHeader.length() : to);
        return root.isBlank() ? null : root.strip();
    }

    boolean isAbout(String any) {
        return id.equals(any) || any.equals(link);
    }
}
