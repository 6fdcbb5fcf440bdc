package io.millrace.bench;

import java.io.IOException;
import java.util.List;

/// Messages that wait in a queue.
final class MessageGrowth implements GrowthSeries {
    private static final String BODY = "x".repeat(100);
    private static final String QUEUE = "growth";

    private final int connections;

    MessageGrowth(int connections) {
        this.connections = connections;
    }

    @Override
    public String name() {
        return "messages";
    }

    @Override
    public String things() {
        return "messages waiting in a queue";
    }

    @Override
    public void prepare(ServerUnderTest server) throws IOException {
        url(server);
    }

    private static String url(ServerUnderTest server) throws IOException {
        try (Connection connection = new Connection(server.port())) {
            return QueueCalls.create(connection, QUEUE);
        }
    }

    @Override
    public void grow(ServerUnderTest server, long from, long to)
            throws IOException, InterruptedException {
        Request batch = QueueCalls.sendBatch(url(server), BODY);
        Load.each(
                server.port(),
                connections,
                from,
                to,
                QueueCalls.BATCH,
                (connection, _) -> connection.send(batch));
    }

    @Override
    public List<Operation> operations(ServerUnderTest server, long size) throws IOException {
        String url = url(server);
        Request send = QueueCalls.send(url, BODY);
        Request receive = QueueCalls.receive(url, 1, 0);
        return List.of(
                new Operation(
                        "SendMessage, ReceiveMessage, DeleteMessage",
                        (connection, _, _) -> {
                            connection.send(send);
                            for (String handle : QueueCalls.handles(connection.send(receive))) {
                                connection.send(QueueCalls.delete(url, handle));
                            }
                        }));
    }
}
