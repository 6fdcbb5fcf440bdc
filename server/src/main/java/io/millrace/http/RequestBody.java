package io.millrace.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpException;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// The bytes of one request's body on the connection: opened when the handler asks for them, timed,
/// and brought to their end after it.
final class RequestBody implements Request.Source {

    private final ServerRequest request;
    private final Deadline deadline;
    private final ServerOptions options;
    private final MemoryBudget.Share memory;
    private InputStream stream = InputStream.nullInputStream();
    private boolean opened;
    private boolean broken;

    RequestBody(
            ServerRequest request,
            Deadline deadline,
            ServerOptions options,
            MemoryBudget.Share memory) {
        this.request = request;
        this.deadline = deadline;
        this.options = options;
        this.memory = memory;
    }

    @Override
    public InputStream open() {
        deadline.after(options.bodyTimeout());
        opened = true;
        stream = new TimedStream(request.content().inputStream());
        return new HeldStream(stream);
    }

    @Override
    public void reserve(long bytes) {
        if (!memory.take(bytes)) {
            throw new BodyException(
                    BodyException.Reason.OVERLOADED, "The server has no memory for the request.");
        }
    }

    /// Reads what the handler left, within bounds, so that the client, which may be still sending,
    /// comes to read the answer. Tells whether the connection can serve another request.
    boolean finish() {
        try {
            return request.content().consumed() || (!broken && drained());
        } catch (BodyException | IOException _) { // the answer goes out, then the connection ends
            return false;
        } finally {
            deadline.never();
            memory.giveBack();
        }
    }

    private boolean drained() throws IOException {
        if (!opened) {
            if (request.headers().containsToken(HeaderValues.EXPECT_100)) {
                return false; // it may send the body or not: nobody can tell where a request begins
            }
            open();
        }
        stream.skip(options.bodyBytesMax());
        return stream.read() < 0;
    }

    /// Whoever reads from it keeps what it read.
    private final class HeldStream extends FilterInputStream {

        HeldStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            return in.read(); // to look for the end only
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = in.read(bytes, offset, length);
            if (count > 0) {
                reserve(count);
            }
            return count;
        }
    }

    /// Tells failures as those of a body.
    private final class TimedStream extends FilterInputStream {

        TimedStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                int count = in.read(bytes, offset, length);
                if (count < 0) {
                    deadline.never();
                }
                return count;
            } catch (UncheckedIOException
                    | IOException
                    | CloseConnectionException
                    | DataReader.InsufficientDataAvailableException _) {
                throw failed(BodyException.Reason.ABORTED, "The request body ended too early.");
            } catch (RequestException e) {
                throw e.status().code() == Status.REQUEST_ENTITY_TOO_LARGE_413.code()
                        ? failed(BodyException.Reason.TOO_LARGE, "The request body is too large.")
                        : malformed();
            } catch (HttpException
                    | IllegalArgumentException
                    | DataReader.IncorrectNewLineException _) {
                throw malformed();
            }
        }

        @Override
        public long skip(long count) throws IOException {
            byte[] buffer = new byte[8192];
            long skipped = 0;
            while (skipped < count) {
                int read = read(buffer, 0, (int) Math.min(buffer.length, count - skipped));
                if (read < 0) {
                    break;
                }
                skipped += read;
            }
            return skipped;
        }

        private BodyException malformed() {
            return failed(BodyException.Reason.MALFORMED, "The request body is malformed.");
        }

        private BodyException failed(BodyException.Reason reason, String message) {
            broken = true;
            return new BodyException(reason, message);
        }
    }
}
