package io.millrace.app;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// `millrace audit`: who called what, the newest first.
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Tell who called what, from where, and how it ended, the newest first.")
final class AuditCommand implements Callable<Integer> {
    private static final int OK = 200;
    private static final int VALUE_LENGTH = 80;
    private static final Pattern NAMES = Pattern.compile(".*(Name|Arn|ARN|Url|Id|Key)|name|arn");
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @ParentCommand private @Nullable Main main;
    @Spec private @Nullable CommandSpec spec;
    @Mixin private ServerArguments server = new ServerArguments();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "not before: 2026-11-26T03:00:00Z, or so long ago: PT1H, P2D")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "not after; as --since")
    private @Nullable String until;

    @Option(names = "--user", paramLabel = "TEXT", description = "part of the ARN or access key")
    private @Nullable String user;

    @Option(
            names = "--action",
            paramLabel = "TEXT",
            description = "an action, or a part of it: CreateQueue, sqs:")
    private @Nullable String action;

    @Option(
            names = "--error",
            paramLabel = "CODE",
            arity = "0..1",
            fallbackValue = "any",
            description = "what was refused, with this code or with any")
    private @Nullable String error;

    @Option(names = "--limit", paramLabel = "COUNT", description = "how many (50)")
    private @Nullable Integer limit;

    @Option(names = "--json", description = "print the whole records, as JSON lines")
    private boolean json;

    @Override
    public Integer call() throws StartException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        ServerCall call = server.call(Objects.requireNonNull(main).environment());
        ServerCall.Answer answer = call.send("events", "/_millrace/audit", query(), "");
        if (answer.status() != OK) {
            throw new StartException(ExplainCommand.message(answer));
        }
        JsonNode told = MAPPER.readTree(answer.body());
        for (JsonNode record : told.path("records")) {
            out.println(json ? record.toString() : line(record));
        }
        long omitted = told.path("unsignedOmitted").asLong();
        if (omitted > 0 && !json) {
            out.println("… and " + omitted + " requests without a valid signature, not recorded");
        }
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    /// Sorted, as a signature wants it.
    private String query() throws StartException {
        Map<String, String> parameters = new TreeMap<>();
        put(parameters, "since", instant(since));
        put(parameters, "until", instant(until));
        put(parameters, "user", user);
        put(parameters, "action", action);
        put(parameters, "error", error);
        put(parameters, "limit", limit == null ? null : limit.toString());
        return parameters.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining("&"));
    }

    private static void put(Map<String, String> parameters, String name, @Nullable String value) {
        if (value != null) {
            String encoded = URLEncoder.encode(value, StandardCharsets.UTF_8);
            parameters.put(name, encoded.replace("+", "%20").replace("*", "%2A"));
        }
    }

    private static @Nullable String instant(@Nullable String text) throws StartException {
        if (text == null) {
            return null;
        }
        try {
            return text.startsWith("P")
                    ? Instant.now().minus(Duration.parse(text)).toString()
                    : Instant.parse(text).toString();
        } catch (DateTimeException e) {
            throw new StartException(text + " is neither a time nor a duration", e);
        }
    }

    private static String line(JsonNode record) {
        JsonNode identity = record.path("userIdentity");
        String who = identity.path("arn").asString(identity.path("type").asString("nobody"));
        String code = record.path("errorCode").asString("");
        return String.join(
                "  ",
                record.path("eventTime").asString(),
                who,
                record.path("eventSource").asString("").replace(".amazonaws.com", "")
                        + ":"
                        + record.path("eventName").asString(),
                resources(record.path("requestParameters")),
                "from " + record.path("sourceIPAddress").asString("?"),
                code.isEmpty() ? "ok" : code,
                record.path("requestID").asString());
    }

    /// The members that name what a call is about.
    private static String resources(JsonNode parameters) {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, JsonNode> entry : parameters.properties()) {
            if (entry.getValue().isString() && NAMES.matcher(entry.getKey()).matches()) {
                String value = entry.getValue().stringValue();
                boolean isLong = value.length() > VALUE_LENGTH;
                text.append(text.isEmpty() ? "" : " ")
                        .append(entry.getKey())
                        .append('=')
                        .append(isLong ? value.substring(0, VALUE_LENGTH) + "…" : value);
            }
        }
        return text.isEmpty() ? "-" : text.toString();
    }
}
