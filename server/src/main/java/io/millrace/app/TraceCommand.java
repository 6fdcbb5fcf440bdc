package io.millrace.app;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Callable;

/// `millrace trace`: what became of an event; without an id, what came last.
@Command(
        name = "trace",
        mixinStandardHelpOptions = true,
        description =
                "Tell what became of an event, by its id or that of a message or a stream record;"
                        + " without an id, list what came last.")
final class TraceCommand implements Callable<Integer> {
    private static final int OK = 200;
    private static final int CLOCK_FROM = 11; // behind the date and the T
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @ParentCommand private @Nullable Main main;
    @Spec private @Nullable CommandSpec spec;
    @Mixin private ServerArguments server = new ServerArguments();

    @Parameters(paramLabel = "ID", arity = "0..1", description = "of an event, a message, a record")
    private @Nullable String id;

    @Option(names = "--bus", paramLabel = "NAME", description = "what came onto this bus last")
    private @Nullable String bus;

    @Option(names = "--limit", paramLabel = "COUNT", description = "how many to list (20)")
    private @Nullable Integer limit;

    @Option(names = "--json", description = "print the answer as JSON")
    private boolean json;

    @Override
    public Integer call() throws StartException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        ServerCall call = server.call(Objects.requireNonNull(main).environment());
        ServerCall.Answer answer =
                id == null
                        ? call.send("events", "/_millrace/trace", query(), "")
                        : call.send("events", "/_millrace/trace/" + encoded(id), "", "");
        if (answer.status() != OK) {
            throw new StartException(ExplainCommand.message(answer));
        }
        if (json) {
            out.print(answer.body());
        } else {
            print(out, MAPPER.readTree(answer.body()));
        }
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    /// Sorted, as a signature wants it.
    private String query() {
        String busPart = bus == null ? "" : "bus=" + encoded(bus);
        String limitPart = limit == null ? "" : "limit=" + limit;
        return busPart.isEmpty() || limitPart.isEmpty()
                ? busPart + limitPart
                : busPart + "&" + limitPart;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static void print(PrintWriter out, JsonNode answer) {
        JsonNode hops = answer.has("hops") ? answer.path("hops") : answer.path("events");
        boolean list = answer.has("events");
        for (JsonNode hop : hops) {
            String time = hop.path("time").asString();
            out.println(
                    (list ? time + "  " + hop.path("id").asString() : time.substring(CLOCK_FROM))
                            + "  "
                            + hop.path("text").asString());
        }
        if (hops.isEmpty()) {
            out.println("nothing came here lately");
        }
        if (answer.has("complete") && !answer.path("complete").asBoolean()) {
            out.println("… and more than can be shown");
        }
    }
}
