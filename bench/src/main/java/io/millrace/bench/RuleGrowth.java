package io.millrace.bench;

import java.io.IOException;
import java.util.List;

/// Rules of a bus, of which one matches: thresholds, values and beginnings, each of its own.
final class RuleGrowth implements GrowthSeries {
    private static final String TEXT = "x".repeat(300);

    @Override
    public String name() {
        return "rules";
    }

    @Override
    public String things() {
        return "rules on a bus";
    }

    @Override
    public void prepare(Connection connection) throws IOException {
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

    @Override
    public void grow(Connection connection, long from, long to) throws IOException {
        long number = from + 1;
        RulesBenchmark.rule(connection, "r" + number, RulesBenchmark.pattern(number));
    }

    @Override
    public List<Operation> operations(long size) {
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
