package io.millrace.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.http.DateTime;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/// Refuses what comes while the handler is full, as soon as it has been read and before anything
/// else is done with it, for a part of what the whole way would cost. What did not come in one
/// piece goes the whole way. Thread-safe.
final class Excess {
    private final Handler handler;
    private final Rests rests;
    private final ServerOptions options;

    Excess(Handler handler, Rests rests, ServerOptions options) {
        this.handler = handler;
        this.rests = rests;
        this.options = options;
    }

    /// Refuses a request, if it is to be refused, and lets its connection rest.
    ///
    /// @param bytes the first that came after the end of the request before
    /// @return whether it was, so that what comes next is another request
    boolean refuse(byte[] bytes, ConnectionContext connection, Deadline deadline) {
        if (!handler.isFull()) {
            return false;
        }
        long begin = System.nanoTime();
        Request request = WholeRequest.of(bytes, connection.remotePeer().host());
        Response response = request == null ? null : handler.refuse(request);
        if (response == null) {
            return false;
        }
        deadline.after(options.answerTimeout());
        try {
            connection.dataWriter().writeNow(BufferData.create(bytes(response, "keep-alive")));
        } catch (UncheckedIOException e) {
            throw new CloseConnectionException("the client hung up", e);
        }
        deadline.never();
        rests.rest(System.nanoTime() - begin);
        deadline.after(options.idleTimeout());
        return true;
    }

    /// An answer as it is sent.
    ///
    /// @param connection what becomes of the connection
    static byte[] bytes(Response response, String connection) {
        Status status = Status.create(response.status());
        StringBuilder head = new StringBuilder(512);
        head.append("HTTP/1.1 ").append(status.codeText()).append(' ');
        head.append(status.reasonPhrase()).append("\r\nDate: ").append(DateTime.rfc1123String());
        for (Map.Entry<String, String> header : response.headers().entrySet()) {
            head.append("\r\n").append(header.getKey()).append(": ").append(header.getValue());
        }
        head.append("\r\nConnection: ").append(connection).append("\r\nContent-Length: ");
        head.append(response.body().length).append("\r\n\r\n");
        byte[] start = head.toString().getBytes(StandardCharsets.ISO_8859_1);
        byte[] bytes = Arrays.copyOf(start, start.length + response.body().length);
        System.arraycopy(response.body(), 0, bytes, start.length, response.body().length);
        return bytes;
    }
}
