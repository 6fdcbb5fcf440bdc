package io.millrace.bench;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// One keep-alive HTTP/1.1 connection, as thin as it can be, so that the load generator takes as
/// little of the machine as possible from the server that it measures: of a head it looks at what
/// tells where the answer ends, in the bytes as they came, and of a body that nobody wants at
/// nothing. For one thread at a time.
final class Connection implements AutoCloseable {

    private static final int SOCKET_TIMEOUT_MILLIS = 40_000;
    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int CHUNKED = -1;
    private static final int TO_THE_END = -2;

    private static final byte[] OK = ascii(" 200");
    private static final byte[] ZERO = ascii("0"); // of HTTP/1.0
    private static final byte[] CONTENT_LENGTH = ascii("content-length:");
    private static final byte[] TRANSFER_ENCODING = ascii("transfer-encoding:");
    private static final byte[] CONNECTION = ascii("connection:");

    private final InetSocketAddress address;
    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private boolean ended;

    private byte[] buffer = new byte[BUFFER_BYTES];
    private int from; // what was read and not yet looked at begins here,
    private int to; // and ends here
    private int line; // where the line begins that was looked at last
    private int lineEnd;

    Connection(int port) throws IOException {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    Connection(InetSocketAddress address) throws IOException {
        this.address = address;
        this.socket = open(address);
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    private static Socket open(InetSocketAddress address) throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(SOCKET_TIMEOUT_MILLIS);
        return socket;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /// For servers that end a connection with each answer.
    private void openAgain() throws IOException {
        socket.close();
        socket = open(address);
        in = socket.getInputStream();
        out = socket.getOutputStream();
        from = 0;
        to = 0;
        ended = false;
    }

    /// Sends one request, and reads its answer without keeping it.
    ///
    /// @throws IOException when the status is not 200
    void send(Request request) throws IOException {
        exchange(request, null);
    }

    /// Sends one request and returns the body of its answer.
    ///
    /// @throws IOException when the status is not 200
    String ask(Request request) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream(1024);
        exchange(request, body);
        return body.toString(StandardCharsets.UTF_8);
    }

    private void exchange(Request request, @Nullable ByteArrayOutputStream wanted)
            throws IOException {
        if (ended) {
            openAgain();
        }
        out.write(request.bytes());
        readLine();
        int versionEnd = line + "HTTP/1.1".length();
        String failure = isAt(versionEnd, OK) ? null : lineText();
        ended = isAt(versionEnd - 1, ZERO);
        int length = readHead();
        ByteArrayOutputStream body = failure == null ? wanted : new ByteArrayOutputStream();
        switch (length) {
            case CHUNKED -> readChunks(body);
            case TO_THE_END -> readToTheEnd(body);
            default -> readBody(length, body);
        }
        if (failure != null) {
            throw new IOException(failure + " for " + request.name() + ": " + body);
        }
    }

    /// The length of the body, or how its end is told.
    private int readHead() throws IOException {
        int length = TO_THE_END;
        for (readLine(); line < lineEnd; readLine()) { // ends with the head
            if (isAt(line, CONTENT_LENGTH) && length != CHUNKED) {
                length = number(line + CONTENT_LENGTH.length, 10);
            } else if (isAt(line, TRANSFER_ENCODING)) {
                length = CHUNKED;
            } else if (isAt(line, CONNECTION)) {
                ended = lineText().toLowerCase(Locale.ROOT).contains("close");
            }
        }
        return length == TO_THE_END && !ended ? 0 : length;
    }

    private void readChunks(@Nullable ByteArrayOutputStream body) throws IOException {
        for (int size = chunkSize(); size > 0; size = chunkSize()) { // ends with the last chunk
            readBody(size, body);
            readLine();
        }
        do {
            readLine();
        } while (line < lineEnd); // ends with the trailer
    }

    private int chunkSize() throws IOException {
        readLine();
        return number(line, 16);
    }

    private void readBody(int length, @Nullable ByteArrayOutputStream body) throws IOException {
        int left = length;
        while (left > 0) { // ends, or fill() does
            if (from == to) {
                fill();
            }
            int count = Math.min(left, to - from);
            if (body != null) {
                body.write(buffer, from, count);
            }
            from += count;
            left -= count;
        }
    }

    private void readToTheEnd(@Nullable ByteArrayOutputStream body) throws IOException {
        readBody(to - from, body);
        in.transferTo(body == null ? OutputStream.nullOutputStream() : body);
    }

    /// Reads up to the end of a line, which then stands between `line` and `lineEnd`.
    private void readLine() throws IOException {
        int at = from;
        while (at == to || buffer[at] != '\n') { // ends, or fill() does
            if (at == to) {
                at -= from;
                fill();
                at += from;
            } else {
                at++;
            }
        }
        line = from;
        lineEnd = at > from && buffer[at - 1] == '\r' ? at - 1 : at;
        from = at + 1;
    }

    /// Reads more behind what is not yet looked at, which it moves to the buffer's begin.
    private void fill() throws IOException {
        System.arraycopy(buffer, from, buffer, 0, to - from);
        to -= from;
        from = 0;
        if (to == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * buffer.length); // a long line
        }
        int count = in.read(buffer, to, buffer.length - to);
        if (count < 0) {
            throw new EOFException("the server closed the connection");
        }
        to += count;
    }

    private String lineText() {
        return new String(buffer, line, lineEnd - line, StandardCharsets.ISO_8859_1);
    }

    /// Whether these bytes, in lower case, stand there in the line in whatever case.
    private boolean isAt(int begin, byte[] text) {
        if (lineEnd - begin < text.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            byte b = buffer[begin + i];
            if ((b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b) != text[i]) {
                return false;
            }
        }
        return true;
    }

    /// The number there in the line, behind blanks.
    private int number(int begin, int radix) throws IOException {
        int at = begin;
        while (at < lineEnd && buffer[at] == ' ') {
            at++;
        }
        int number = -1;
        for (; at < lineEnd; at++) {
            int digit = Character.digit(buffer[at], radix);
            if (digit < 0) {
                break;
            }
            number = Math.addExact(Math.multiplyExact(Math.max(number, 0), radix), digit);
        }
        if (number < 0) {
            throw new IOException("no length: " + lineText());
        }
        return number;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
