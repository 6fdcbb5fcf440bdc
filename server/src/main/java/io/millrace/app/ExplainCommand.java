package io.millrace.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.pattern.EventJson;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;

/// `millrace explain`: why rules match an event, or do not.
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description =
                "Tell for each rule of a bus whether it matches an event, and why not: the nearest"
                        + " misses first.")
final class ExplainCommand implements Callable<Integer> {
    private static final int OK = 200;
    private static final JsonMapper MAPPER = EventJson.MAPPER;

    @ParentCommand private @Nullable Main main;
    @Spec private @Nullable CommandSpec spec;
    @Mixin private ServerArguments server = new ServerArguments();

    @Option(names = "--bus", paramLabel = "NAME", description = "the bus (default)")
    private @Nullable String bus;

    @Option(
            names = "--event",
            paramLabel = "FILE",
            required = true,
            description = "an event, or an entry of PutEvents, in JSON; - for the standard input")
    private @Nullable Path event;

    @Option(names = "--rule", paramLabel = "NAME", description = "only this rule")
    private @Nullable String rule;

    @Option(names = "--limit", paramLabel = "COUNT", description = "how many rules to show (20)")
    private @Nullable Integer limit;

    @Option(names = "--json", description = "print the answer as JSON")
    private boolean json;

    @Override
    public Integer call() throws StartException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        ObjectNode question = MAPPER.createObjectNode();
        question.set("Event", event());
        if (bus != null) {
            question.put("EventBusName", bus);
        }
        if (rule != null) {
            question.put("Rule", rule);
        }
        if (limit != null) {
            question.put("Limit", limit);
        }
        ServerCall.Answer answer =
                server.call(Objects.requireNonNull(main).environment())
                        .inRegion()
                        .send("events", "/_millrace/events/explain", "", question.toString());
        if (answer.status() != OK) {
            throw new StartException(message(answer));
        }
        if (json) {
            out.print(answer.body());
        } else {
            print(out, MAPPER.readTree(answer.body()));
        }
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private JsonNode event() throws StartException {
        Path file = Objects.requireNonNull(event);
        try {
            String text =
                    file.toString().equals("-")
                            ? new String(System.in.readAllBytes(), UTF_8)
                            : Files.readString(file);
            return MAPPER.readTree(text);
        } catch (IOException e) {
            throw new StartException("cannot read " + file, e);
        } catch (JacksonException e) {
            String what = e.getOriginalMessage().replaceFirst(" \\(start marker at .*", "");
            TokenStreamLocation place = e.getLocation();
            if (place == null) { // JSON, but too deep, or with too long a number
                throw new StartException("%s cannot be read: %s".formatted(file, what), e);
            }
            String where = "line %d, column %d".formatted(place.getLineNr(), place.getColumnNr());
            throw new StartException("%s is not JSON: %s (%s)".formatted(file, what, where), e);
        }
    }

    /// What the server says of a refusal.
    static String message(ServerCall.Answer answer) {
        try {
            String text = MAPPER.readTree(answer.body()).path("message").asString("");
            return text.isEmpty() ? "the server answered " + answer.status() : text;
        } catch (JacksonException _) {
            return "the server answered " + answer.status() + ": " + answer.body();
        }
    }

    private static void print(PrintWriter out, JsonNode answer) {
        for (JsonNode rule : answer.path("Matched")) {
            out.println("+ " + rule.path("Rule").asString() + ": matches");
        }
        for (JsonNode rule : answer.path("NotMatched")) {
            out.println("- " + rule.path("Rule").asString() + ": " + rule.path("Text").asString());
        }
        JsonNode all = answer.path("RuleCount");
        int shown = answer.path("Matched").size() + answer.path("NotMatched").size();
        if (all.isNumber() && all.asLong() > shown) {
            out.println("… and " + (all.asLong() - shown) + " more; see --limit and --rule");
        } else if (shown == 0) {
            out.println("the bus has no rules");
        }
    }
}
