package io.millrace.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Sends the log of a server process to stderr, a line per record. Libraries are heard only when
/// they are in trouble.
final class Logging {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private static final Logger ROOT = Logger.getLogger("");
    private static final Logger OURS = Logger.getLogger("io.millrace");

    private Logging() {}

    static void install() {
        LogManager.getLogManager().reset();
        Handler handler = new ConsoleHandler();
        handler.setFormatter(new Line());
        ROOT.addHandler(handler);
        ROOT.setLevel(Level.WARNING);
        OURS.setLevel(Level.INFO);
    }

    private static final class Line extends Formatter {

        @Override
        public String format(LogRecord record) {
            StringWriter out = new StringWriter();
            PrintWriter line = new PrintWriter(out);
            line.print(TIME.format(record.getInstant()));
            line.print(' ');
            line.print(record.getLevel().getName());
            line.print(' ');
            line.println(record.getMessage());
            if (record.getThrown() != null) {
                record.getThrown().printStackTrace(line);
            }
            return out.toString();
        }
    }
}
