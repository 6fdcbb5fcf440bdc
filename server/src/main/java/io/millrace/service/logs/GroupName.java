package io.millrace.service.logs;

import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/// The name of a log group, in its account and region.
record GroupName(String accountId, String region, String name) {
    private static final String LOG_GROUP = "log-group:";
    private static final String LOG_STREAM = ":log-stream:";
    private static final String EVERYTHING = ":*";

    /// What an ARN names: a group, or a stream of it.
    record Named(GroupName group, @Nullable String stream) {}

    static GroupName of(Caller caller, String name) {
        return new GroupName(caller.accountId(), caller.region(), name);
    }

    /// The caller's group that a request means, which tells its name or an identifier: a name or an
    /// ARN.
    static GroupName of(Caller caller, @Nullable String name, @Nullable String identifier) {
        if (name != null && identifier != null) {
            throw LogsErrors.invalidParameter(
                    "LogGroup name and LogGroup identifier are mutually exclusive parameters.");
        }
        if (name != null) {
            return of(caller, name);
        }
        if (identifier == null) {
            throw LogsErrors.invalidParameter(
                    "Exactly one of logGroupName or logGroupIdentifier must be specified.");
        }
        GroupName group = identified(caller, identifier);
        if (!group.accountId.equals(caller.accountId())) {
            throw LogsErrors.groupNotFound();
        }
        return group;
    }

    /// What an identifier says, a name or an ARN, which may be another account's.
    static GroupName identified(Caller caller, String identifier) {
        if (!identifier.startsWith("arn:")) {
            return of(caller, identifier);
        }
        return parse(identifier)
                .filter(named -> named.stream() == null)
                .map(Named::group)
                .orElseThrow(() -> LogsErrors.invalidParameter("Invalid ARN: " + identifier));
    }

    /// Empty when it is not the ARN of a group or a stream.
    static Optional<Named> parse(String arn) {
        return Arn.parse(arn).flatMap(GroupName::of);
    }

    /// The group of its own ARN or of any that begins with it; empty when it is none of these.
    static Optional<GroupName> groupOf(String arn) {
        return Arn.parse(arn).flatMap(GroupName::groupOf);
    }

    private static Optional<GroupName> groupOf(Arn arn) {
        if (!arn.service().equals("logs") || !arn.resource().startsWith(LOG_GROUP)) {
            return Optional.empty();
        }
        String name = arn.resource().substring(LOG_GROUP.length()).split(":", 2)[0];
        return name.isEmpty()
                ? Optional.empty()
                : Optional.of(new GroupName(arn.accountId(), arn.region(), name));
    }

    /// Empty when it is not the ARN of a group or a stream.
    static Optional<Named> of(Arn arn) {
        GroupName group = groupOf(arn).orElse(null);
        if (group == null) {
            return Optional.empty();
        }
        String after = arn.resource().substring(LOG_GROUP.length() + group.name.length());
        if (after.isEmpty() || after.equals(EVERYTHING)) {
            return Optional.of(new Named(group, null));
        }
        String stream = after.substring(Math.min(LOG_STREAM.length(), after.length()));
        return after.startsWith(LOG_STREAM) && StreamName.isValid(stream)
                ? Optional.of(new Named(group, stream))
                : Optional.empty();
    }

    /// `arn:aws:logs:us-east-1:000000000000:log-group:name`.
    Arn arn() {
        return Arn.of("logs", region, accountId, LOG_GROUP + name);
    }

    /// As most answers write it, for the group and all its streams: with `:*` at its end.
    String arnOfEverything() {
        return arn() + EVERYTHING;
    }

    String streamArn(String stream) {
        return arn() + LOG_STREAM + stream;
    }
}
