package io.millrace.log;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// Writes lines for the operator: `text key=value key=value`. The text is constant, so that it can
/// be searched for. A line for which there is no memory is not written, and who logs goes on.
/// Thread-safe.
public final class Log {
    private final Logger logger;

    private Log(Logger logger) {
        this.logger = logger;
    }

    public static Log of(Class<?> source) {
        return new Log(System.getLogger(source.getName()));
    }

    /// What an operator is glad of.
    public void info(String text, @Nullable Object... pairs) {
        write(Level.INFO, text, null, pairs);
    }

    /// What an operator should look at when there is time.
    public void warning(String text, @Nullable Object... pairs) {
        write(Level.WARNING, text, null, pairs);
    }

    /// What an operator has to act on.
    public void error(String text, Throwable cause, @Nullable Object... pairs) {
        write(Level.ERROR, text, cause, pairs);
    }

    /// @param pairs keys and values in turn
    private void write(
            Level level, String text, @Nullable Throwable cause, @Nullable Object... pairs) {
        try {
            if (logger.isLoggable(level)) {
                writeLine(level, text, cause, pairs);
            }
        } catch (VirtualMachineError _) { // no memory to say it, or too deep in calls
        }
    }

    private void writeLine(
            Level level, String text, @Nullable Throwable cause, @Nullable Object... pairs) {
        StringBuilder line = new StringBuilder(text);
        for (int i = 0; i + 1 < pairs.length; i += 2) {
            line.append(' ').append(pairs[i]).append('=').append(quoted(pairs[i + 1]));
        }
        if (cause == null) {
            logger.log(level, line.toString());
        } else {
            logger.log(level, line.toString(), cause);
        }
    }

    /// One line stays one line, and a value with spaces stays one value.
    private static String quoted(@Nullable Object value) {
        String text = String.valueOf(value);
        boolean plain = !text.isEmpty();
        for (int i = 0; i < text.length() && plain; i++) {
            char c = text.charAt(i);
            plain = c > ' ' && c != '"' && c != 0x7f;
        }
        if (plain) {
            return text;
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == 0x7f) {
                quoted.append(' ');
            } else {
                quoted.append(c == '"' ? "\\\"" : String.valueOf(c));
            }
        }
        return quoted.append('"').toString();
    }
}
