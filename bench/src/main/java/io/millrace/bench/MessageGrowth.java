package io.millrace.bench;

import java.io.IOException;
import java.util.List;

/// Messages that wait in a queue.
final class MessageGrowth implements GrowthSeries {
    private static final String BODY = "x".repeat(100);
    private static final String QUEUE = "growth";
    private static final String URL = "http://localhost/000000000000/" + QUEUE;

    private final Request batch = QueueCalls.sendBatch(URL, BODY);

    @Override
    public String name() {
        return "messages";
    }

    @Override
    public String things() {
        return "messages waiting in a queue";
    }

    @Override
    public void prepare(Connection connection) throws IOException {
        QueueCalls.create(connection, QUEUE);
    }

    @Override
    public int batch() {
        return QueueCalls.BATCH;
    }

    @Override
    public void grow(Connection connection, long from, long to) throws IOException {
        connection.send(batch);
    }

    @Override
    public List<Operation> operations(long size) {
        Request send = QueueCalls.send(URL, BODY);
        Request receive = QueueCalls.receive(URL, 1, 0);
        return List.of(
                new Operation(
                        "SendMessage, ReceiveMessage, DeleteMessage",
                        (connection, _, _) -> {
                            connection.send(send);
                            for (String handle : QueueCalls.handles(connection.ask(receive))) {
                                connection.send(QueueCalls.delete(URL, handle));
                            }
                        }));
    }
}
