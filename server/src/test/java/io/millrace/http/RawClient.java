package io.millrace.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// One connection on which a test writes what it likes.
public final class RawClient implements AutoCloseable {

    /// An answer. Header names are in lower case.
    public record Answer(int status, Map<String, String> headers, byte[] body) {
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    private final Socket socket;
    private final InputStream in;

    public RawClient(int port) throws IOException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /// Sends text, with `\n` as CRLF.
    public RawClient send(String text) throws IOException {
        return send(text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /// Reads one answer; an interim answer (100) counts as one.
    public Answer receive() throws IOException {
        return receive(true);
    }

    /// Reads an answer to `HEAD`.
    public Answer receiveHead() throws IOException {
        return receive(false);
    }

    private Answer receive(boolean withBody) throws IOException {
        String statusLine = line();
        int status = Integer.parseInt(statusLine.split(" ", 3)[1]);
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Answer(status, headers, in.readNBytes(withBody ? length : 0));
    }

    /// Whether the server has closed the connection.
    public boolean closed() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException _) {
            return true; // reset
        }
    }

    /// Whether the server answered with an error, or nothing, and then closed the connection.
    public boolean closedOrRefused() throws IOException {
        try {
            return receive().status() >= 400 && closed();
        } catch (IOException _) {
            return true;
        }
    }

    /// Sends nothing more, and still reads.
    public void endInput() throws IOException {
        socket.shutdownOutput();
    }

    /// The status of the first answer; 0 when the connection ended without one.
    public int statusOrClosed() {
        try {
            return receive().status();
        } catch (IOException _) {
            return 0;
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("connection closed after: " + line);
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
