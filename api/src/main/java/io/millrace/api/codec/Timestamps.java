package io.millrace.api.codec;

import io.millrace.api.SerializationFailure;
import io.millrace.api.TimestampFormat;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Moments on the wire, always to the millisecond.
final class Timestamps {
    private static final double SECONDS_MAX = 253_402_300_799.999; // the end of the year 9999
    private static final DateTimeFormatter ISO8601 =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter RFC822 =
            DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private Timestamps() {}

    static Instant ofEpochSeconds(double seconds) {
        if (!(Math.abs(seconds) <= SECONDS_MAX)) {
            throw new SerializationFailure("");
        }
        return Instant.ofEpochMilli(Math.round(seconds * 1000));
    }

    /// Understands ISO 8601 with any offset, RFC 822, and seconds since the epoch.
    static Instant parse(String text) {
        try {
            if (!text.isEmpty() && Character.isAlphabetic(text.charAt(0))) {
                return Instant.from(RFC822.parse(text));
            }
            if (text.indexOf('T') > 0) {
                return Instant.from(DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text));
            }
            return ofEpochSeconds(Double.parseDouble(text));
        } catch (DateTimeException | NumberFormatException _) {
            throw new SerializationFailure(text + " can not be converted to a Timestamp");
        }
    }

    /// Seconds since the epoch: `1363729002.358`, without trailing zeros.
    static String epochSeconds(Instant moment) {
        long millis = moment.toEpochMilli();
        long seconds = Math.absExact(millis) / 1000;
        int fraction = (int) (Math.absExact(millis) % 1000);
        StringBuilder text = new StringBuilder(16);
        if (millis < 0) {
            text.append('-');
        }
        text.append(seconds);
        if (fraction != 0) {
            text.append('.').append(fraction / 100);
            if (fraction % 100 != 0) {
                text.append(fraction / 10 % 10);
            }
            if (fraction % 10 != 0) {
                text.append(fraction % 10);
            }
        }
        return text.toString();
    }

    static String text(Instant moment, TimestampFormat format) {
        return switch (format) {
            case UNIX -> epochSeconds(moment);
            case RFC822 -> RFC822.format(moment);
            case ISO8601, PROTOCOL -> ISO8601.format(moment);
        };
    }
}
