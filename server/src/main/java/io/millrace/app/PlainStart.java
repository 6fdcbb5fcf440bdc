package io.millrace.app;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// A `start` with nothing but the plainest options, read by hand.
///
/// The library that reads all other command lines is compiled for Java 5, whose classes JDK 25's
/// start-up cache does not take: loading and verifying them was a third of a start. Whatever is not
/// as plain as can be, or wrong, is left to it.
record PlainStart(
        @Nullable Integer port,
        @Nullable String host,
        @Nullable Path data,
        @Nullable String region,
        boolean secure) {

    private static final String COMMAND = "start";
    private static final String PREFIX = "MILLRACE_";
    private static final String SECURE = "--secure";
    private static final Set<String> OPTIONS = Set.of("--port", "--host", "--data", "--region");
    private static final int PORT_DIGITS_MAX = 5;

    /// What is read from the environment without being an option.
    private static final Set<String> NO_OPTIONS =
            Set.of(
                    "MILLRACE_ACCESS_KEY_ID",
                    "MILLRACE_SECRET_ACCESS_KEY",
                    "MILLRACE_MASTER_KEY",
                    "MILLRACE_WEBHOOK_SECRET");

    /// Null when it is not plain.
    static @Nullable PlainStart of(List<String> arguments, Map<String, String> environment) {
        if (arguments.isEmpty() || !arguments.getFirst().equals(COMMAND)) {
            return null;
        }
        Map<String, String> given = new HashMap<>();
        if (!readEnvironment(environment, given) || !readArguments(arguments, given)) {
            return null;
        }
        String port = given.get("--port");
        if (port != null && !isPort(port)) {
            return null;
        }
        String data = given.get("--data");
        return new PlainStart(
                port == null ? null : Integer.valueOf(port),
                given.get("--host"),
                data == null ? null : Path.of(data),
                given.get("--region"),
                given.containsKey(SECURE));
    }

    private static boolean readEnvironment(
            Map<String, String> environment, Map<String, String> given) {
        for (Map.Entry<String, String> entry : environment.entrySet()) {
            String key = entry.getKey();
            if (!key.startsWith(PREFIX) || NO_OPTIONS.contains(key)) {
                continue;
            }
            String option =
                    "--"
                            + key.substring(PREFIX.length())
                                    .toLowerCase(Locale.ROOT)
                                    .replace('_', '-');
            if (!OPTIONS.contains(option) || !isPlain(entry.getValue())) {
                return false;
            }
            given.put(option, entry.getValue());
        }
        return true;
    }

    /// An argument wins over the environment; none is there twice.
    private static boolean readArguments(List<String> arguments, Map<String, String> given) {
        Map<String, String> read = new HashMap<>();
        for (int i = 1; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            boolean flag = argument.equals(SECURE);
            if (!flag && (!OPTIONS.contains(argument) || ++i == arguments.size())) {
                return false;
            }
            String value = flag ? "true" : arguments.get(i);
            if (!isPlain(value) || read.put(argument, value) != null) {
                return false;
            }
        }
        given.putAll(read);
        return true;
    }

    /// No value that a reader of command lines could take for something else.
    private static boolean isPlain(String value) {
        return !value.isEmpty() && "-@\"'".indexOf(value.charAt(0)) < 0;
    }

    private static boolean isPort(String text) {
        return text.length() <= PORT_DIGITS_MAX && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
