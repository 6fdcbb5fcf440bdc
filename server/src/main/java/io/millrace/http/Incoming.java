package io.millrace.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Predicate;

/// What a client sends on one connection. While it waits for an answer, the beginning of its next
/// request can be read ahead: that is how its hanging up is noticed, without asking again and
/// again.
///
/// For the connection's thread; what is read ahead comes from another one, of which the connection
/// waits for the result before it reads on.
final class Incoming implements Client {

    /// What comes on the connection whose thread this is.
    static final ScopedValue<Incoming> CURRENT = ScopedValue.newInstance();

    /// So much of a head is nothing to count: it lies in the buffers that a connection has anyway.
    private static final int HEAD_BYTES_FREE = 8 << 10;

    private final ConnectionContext connection;
    private final Deadline deadline;
    private final MemoryBudget.Share memory;
    private final Turnstile.Visitor visitor;
    private Predicate<byte[]> refusal = _ -> false;
    private boolean inHead = true;
    private boolean refused;
    private int headBytes;
    private @Nullable FutureTask<byte[]> ahead;
    private volatile @Nullable Runnable action;
    private volatile boolean hungUp;

    Incoming(
            ConnectionContext connection,
            Deadline deadline,
            MemoryBudget.Share memory,
            Turnstile.Visitor visitor) {
        this.connection = connection;
        this.deadline = deadline;
        this.memory = memory;
        this.visitor = visitor;
    }

    /// @param refusal refuses a request that begins with these bytes, or does not
    void refuseExcess(Predicate<byte[]> refusal) {
        this.refusal = refusal;
    }

    /// The deadline of the connection.
    Deadline deadline() {
        return deadline;
    }

    /// The next bytes; ends with the library's exceptions when there are none.
    byte[] next() {
        visitor.leave();
        byte[] bytes = nextUncounted();
        while (inHead && headBytes == 0 && refusal.test(bytes)) { // ends when there is time for one
            bytes = nextUncounted();
        }
        visitor.enter();
        if (inHead) {
            headBytes += bytes.length;
            if (headBytes > HEAD_BYTES_FREE && !memory.take(bytes.length)) {
                throw new CloseConnectionException("no memory for a long head");
            }
        }
        return bytes;
    }

    /// What comes next goes on with a head.
    void lineEnded() {
        headBytes++;
    }

    /// What comes next is a body, or nothing.
    void headEnded() {
        inHead = false;
        headBytes = 0;
        memory.giveBack();
    }

    /// The handler has the request, or the connection is at its end.
    void passed() {
        visitor.leave();
    }

    /// Whether a head is being read.
    boolean inHead() {
        return inHead;
    }

    /// What comes next is a head.
    void headBegins() {
        inHead = true;
    }

    private byte[] nextUncounted() {
        FutureTask<byte[]> pending = ahead;
        if (pending == null) {
            return read();
        }
        try {
            byte[] bytes = pending.get();
            ahead = null;
            return bytes;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            connection.serverSocket().close(); // as the interrupt of a reading thread does
            throw new CloseConnectionException("interrupted between requests", e);
        } catch (ExecutionException e) {
            throw new CloseConnectionException("the client hung up", e.getCause());
        }
    }

    @Override
    public void watch(Runnable hangUp) {
        action = hangUp;
        if (ahead == null) {
            ahead = new FutureTask<>(this::readAhead);
            Thread.ofVirtual().name("http-read-ahead").start(ahead);
        } else if (hungUp) {
            hangUp.run();
        }
    }

    @Override
    public boolean isSecure() {
        return connection.isSecure();
    }

    @Override
    public boolean hasHungUp() {
        return hungUp;
    }

    @Override
    public void refused() {
        refused = true;
    }

    /// Whether the request was refused, asked once.
    boolean takeRefused() {
        boolean was = refused;
        refused = false;
        return was;
    }

    /// The answer is there: nobody wants to know any more.
    void answered() {
        action = null;
    }

    private byte[] readAhead() {
        try {
            return read();
        } catch (RuntimeException e) { // the end of the stream, or a broken connection
            hungUp = true;
            Runnable told = action;
            if (told != null) {
                told.run();
            }
            throw e;
        }
    }

    private byte[] read() {
        DataReader reader = connection.dataReader();
        reader.ensureAvailable();
        return reader.readBytes(reader.available());
    }
}
