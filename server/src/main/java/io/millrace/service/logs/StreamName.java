package io.millrace.service.logs;

import io.millrace.pattern.Arn;

import org.jspecify.annotations.Nullable;

/// What log streams may be called, and how those are called that services write to.
final class StreamName {
    private static final int LENGTH_MAX = 512;

    private StreamName() {}

    static boolean isValid(String name) {
        return !name.isEmpty()
                && name.length() <= LENGTH_MAX
                && name.indexOf(':') < 0
                && name.indexOf('*') < 0;
    }

    /// The stream of a service that did not say which: one for each resource on whose behalf it
    /// writes, as `rule/orders/audit`, or one for the service itself.
    static String of(@Nullable String sourceArn, String senderId) {
        String name =
                sourceArn == null
                        ? senderId
                        : Arn.parse(sourceArn).map(Arn::resource).orElse(sourceArn);
        String allowed = name.replace(':', '/').replace('*', '_');
        return allowed.isEmpty()
                ? "default"
                : allowed.substring(0, Math.min(allowed.length(), LENGTH_MAX));
    }
}
