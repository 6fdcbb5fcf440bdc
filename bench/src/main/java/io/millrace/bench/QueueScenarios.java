package io.millrace.bench;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/// What the load benchmark does with queues.
final class QueueScenarios {

    private static final String PAYLOAD = "x".repeat(900);
    private static final int FIFO_GROUPS = 100;

    private QueueScenarios() {}

    static List<Scenario> all() {
        Set<Scenario.Api> queues = Set.of(Scenario.Api.SQS);
        return List.of(
                new Scenario("sqs-send", queues, QueueScenarios::send),
                new Scenario("sqs-cycle", queues, QueueScenarios::cycle),
                new Scenario("sqs-send-batch-10", queues, QueueScenarios::sendBatch),
                new Scenario("sqs-cycle-batch-10", queues, QueueScenarios::cycleBatch),
                new Scenario("sqs-send-fifo", queues, QueueScenarios::sendFifo));
    }

    private static Scenario.Round send(Connection setup) throws IOException {
        Request request = QueueCalls.send(QueueCalls.create(setup, "bench-send"), PAYLOAD);
        return (connection, worker, number) -> connection.send(request);
    }

    private static Scenario.Round sendBatch(Connection setup) throws IOException {
        Request request =
                QueueCalls.sendBatch(QueueCalls.create(setup, "bench-send-batch"), PAYLOAD);
        return (connection, worker, number) -> connection.send(request);
    }

    private static Scenario.Round sendFifo(Connection setup) throws IOException {
        String url = QueueCalls.create(setup, "bench-send.fifo");
        long run = System.nanoTime(); // ids of a round before must not be taken for repetitions
        return (connection, worker, number) ->
                connection.send(fifo(url, worker, run + "-" + System.nanoTime()));
    }

    private static Request fifo(String url, int worker, String id) {
        return QueueCalls.send(url, PAYLOAD, "g" + worker % FIFO_GROUPS, worker + "-" + id);
    }

    private static Scenario.Round cycle(Connection setup) throws IOException {
        return cycle(QueueCalls.create(setup, "bench-cycle"), PAYLOAD);
    }

    /// Sends, receives and deletes one message.
    static Scenario.Round cycle(String url, String body) {
        Request send = QueueCalls.send(url, body);
        Request receive = QueueCalls.receive(url, 1, 0);
        return (connection, worker, number) -> {
            connection.send(send);
            for (String handle : QueueCalls.handles(connection.ask(receive))) {
                connection.send(QueueCalls.delete(url, handle));
            }
        };
    }

    /// The same by tens.
    private static Scenario.Round cycleBatch(Connection setup) throws IOException {
        String url = QueueCalls.create(setup, "bench-cycle-batch");
        Request send = QueueCalls.sendBatch(url, PAYLOAD);
        Request receive = QueueCalls.receive(url, QueueCalls.BATCH, 0);
        return (connection, worker, number) -> {
            connection.send(send);
            List<String> handles = QueueCalls.handles(connection.ask(receive));
            if (!handles.isEmpty()) {
                connection.send(QueueCalls.deleteBatch(url, handles));
            }
        };
    }
}
