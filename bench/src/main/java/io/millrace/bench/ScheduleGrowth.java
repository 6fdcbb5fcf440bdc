package io.millrace.bench;

import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Schedules that wait for a day to come.
final class ScheduleGrowth implements GrowthSeries {
    private static final String ROLE = "arn:aws:iam::000000000000:role/growth";
    private static final String ARN = "arn:aws:sqs:us-east-1:000000000000:";
    private static final String QUEUE = "growth-";
    private static final int DAYS = 300;
    private static final int FIRED = 16;
    private static final int REST_SECONDS = 4;
    private static final int AHEAD_SECONDS = 2;

    private final Instant first = Instant.now().plus(2, ChronoUnit.DAYS);

    @Override
    public String name() {
        return "schedules";
    }

    @Override
    public String things() {
        return "schedules waiting";
    }

    @Override
    public void prepare(Connection connection) throws IOException {
        for (int i = 0; i < FIRED; i++) {
            QueueCalls.create(connection, QUEUE + i);
        }
    }

    @Override
    public void grow(Connection connection, long from, long to) throws IOException {
        Instant due = first.plusSeconds(from * 7919 % Duration.ofDays(DAYS).toSeconds());
        connection.send(create("s" + from, due, ARN + QUEUE + 0));
    }

    private static Request create(String name, Instant due, String target) {
        return Request.rest(
                "POST",
                "/schedules/" + name,
                "scheduler",
                """
                {"ScheduleExpression":"at(%s)","FlexibleTimeWindow":{"Mode":"OFF"},\
                "ActionAfterCompletion":"DELETE",\
                "Target":{"Arn":"%s","RoleArn":"%s","Input":"{}"}}\
                """
                        .formatted(
                                due.truncatedTo(ChronoUnit.SECONDS).toString().replace("Z", ""),
                                target,
                                ROLE));
    }

    @Override
    public List<Operation> operations(long size) {
        Instant due = Instant.now().plus(DAYS, ChronoUnit.DAYS);
        return List.of(
                new Operation(
                        "CreateSchedule, DeleteSchedule",
                        (connection, worker, number) -> {
                            String name = "x" + worker + "-" + number;
                            connection.send(create(name, due, ARN + QUEUE + 0));
                            connection.send(
                                    Request.rest("DELETE", "/schedules/" + name, "scheduler", ""));
                        }));
    }

    @Override
    public Map<String, Double> figures(ServerUnderTest server)
            throws IOException, InterruptedException {
        Map<String, Double> figures = new LinkedHashMap<>();
        Duration before = server.cpu();
        Thread.sleep(Duration.ofSeconds(REST_SECONDS));
        double used = server.cpu().minus(before).toNanos() / 1e9;
        figures.put("idle, % of a core", 100 * used / REST_SECONDS);
        Histogram millis = new ConcurrentHistogram(3);
        Load.each(
                server.port(),
                FIRED,
                0,
                FIRED,
                1,
                (connection, n) -> {
                    String url = QueueCalls.create(connection, QUEUE + n);
                    Instant due =
                            Instant.now()
                                    .truncatedTo(ChronoUnit.SECONDS)
                                    .plusSeconds(AHEAD_SECONDS + n % 2);
                    connection.send(create("due-" + n, due, ARN + QUEUE + n));
                    List<String> handles =
                            QueueCalls.handles(connection.ask(QueueCalls.receive(url, 1, 15)));
                    millis.recordValue(Duration.between(due, Instant.now()).toMillis());
                    if (handles.isEmpty()) {
                        throw new IOException("a schedule did not fire");
                    }
                    connection.send(QueueCalls.delete(url, handles.getFirst()));
                });
        figures.put("from due to received, ms", (double) millis.getValueAtPercentile(50));
        return figures;
    }
}
