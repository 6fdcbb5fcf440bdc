package io.millrace.bench;

import java.io.IOException;
import java.util.List;

/// Rules of a bus, of which one matches: thresholds, values and beginnings, each of its own.
final class RuleGrowth implements GrowthSeries {
    private static final String TEXT = "x".repeat(300);

    private final int connections;

    RuleGrowth(int connections) {
        this.connections = connections;
    }

    @Override
    public String name() {
        return "rules";
    }

    @Override
    public String things() {
        return "rules on a bus";
    }

    @Override
    public void prepare(ServerUnderTest server) throws IOException {
        try (Connection connection = new Connection(server.port())) {
            String arn = QueueCalls.arn(connection, QueueCalls.create(connection, "q"));
            RulesBenchmark.rule(
                    connection, "matched", "{\"source\":[\"bench\"],\"detail\":{\"kind\":[0]}}");
            connection.send(
                    Request.events(
                            "PutTargets",
                            "{\"Rule\":\"matched\",\"Targets\":[{\"Id\":\"t\",\"Arn\":\""
                                    + arn
                                    + "\"}]}"));
        }
    }

    @Override
    public void grow(ServerUnderTest server, long from, long to)
            throws IOException, InterruptedException {
        Load.each(
                server.port(),
                connections,
                from + 1,
                to + 1,
                1,
                (connection, n) ->
                        RulesBenchmark.rule(connection, "r" + n, RulesBenchmark.pattern(n)));
    }

    @Override
    public List<Operation> operations(ServerUnderTest server, long size) {
        Request put =
                Request.events(
                        "PutEvents",
                        "{\"Entries\":[{\"Source\":\"bench\",\"DetailType\":\"t\",\"Detail\":"
                                + "\"{\\\"kind\\\":0,\\\"total\\\":-1,\\\"text\\\":\\\""
                                + TEXT
                                + "\\\"}\"}]}");
        return List.of(new Operation("PutEvents, one rule matches", (c, _, _) -> c.send(put)));
    }
}
