package io.millrace.bench;

import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/// Requests that come at a rate, whether or not earlier ones are answered, over very many
/// connections, from one thread: what clients do that know nothing of each other. A request that is
/// due while every connection waits for an answer is not sent, and counted.
final class OpenLoad implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final long SELECT_MILLIS = 1;
    private static final int CONNECTS_AT_A_TIME = 500;

    /// What came of a phase; latencies from sending, in microseconds.
    ///
    /// @param seconds how long it took
    /// @param unsent due while no connection was free
    /// @param throttled answers that SDKs take for one to try again
    /// @param failed other answers, and connections that broke
    record Result(
            double seconds,
            long sent,
            long unsent,
            long ok,
            long throttled,
            long failed,
            String failure,
            Histogram okMicros,
            Histogram throttledMicros) {

        double goodput() {
            return ok / seconds;
        }
    }

    private static final class Peer {
        private final int number;
        private final SocketChannel channel;
        private final SelectionKey key;
        private ByteBuffer out = ByteBuffer.allocate(0);
        private byte[] in = {};
        private long sentNanos;
        private long freeNanos; // when it asks again after it was refused
        private boolean busy;

        Peer(int number, SocketChannel channel, Selector selector) throws IOException {
            this.number = number;
            this.channel = channel;
            this.key = channel.register(selector, SelectionKey.OP_READ, this);
        }
    }

    private final int port;
    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final List<Peer> peers = new ArrayList<>();
    private final ArrayDeque<Peer> idle = new ArrayDeque<>();
    private final PriorityQueue<Peer> backingOff =
            new PriorityQueue<>(Comparator.comparingLong(peer -> peer.freeNanos));
    private final RandomGenerator random = new SplittableRandom(1);
    private final long backOffNanos;
    private int made;
    private long sent;
    private long unsent;
    private long ok;
    private long throttled;
    private long failed;
    private String failure = "";
    private Histogram okMicros = new Histogram(3);
    private Histogram throttledMicros = new Histogram(3);

    /// @param backOffSeconds how long a connection waits at most that was refused; a random part of
    ///   it, as SDKs do
    OpenLoad(int port, int connections, double backOffSeconds) throws IOException {
        this.port = port;
        this.backOffNanos = (long) (backOffSeconds * 1e9);
        this.selector = Selector.open();
        for (int i = 0; i < connections; i++) {
            connect();
            if (i % CONNECTS_AT_A_TIME == CONNECTS_AT_A_TIME - 1) {
                selector.selectNow(); // lets the server take part in it
            }
        }
    }

    private void connect() throws IOException {
        SocketChannel channel =
                SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        Peer peer = new Peer(made++, channel, selector);
        peers.add(peer);
        idle.add(peer);
    }

    /// Sends for a time.
    ///
    /// @param perSecond the rate; infinite for as many as there are connections
    /// @param connectionsMax how many are used at a time
    /// @param requests by the number of the connection
    Result run(double perSecond, int connectionsMax, double seconds, IntFunction<Request> requests)
            throws IOException {
        sent = 0;
        unsent = 0;
        ok = 0;
        throttled = 0;
        failed = 0;
        failure = "";
        okMicros = new Histogram(3);
        throttledMicros = new Histogram(3);
        long begin = System.nanoTime();
        long end = begin + (long) (seconds * 1e9);
        double gapNanos = 1e9 / perSecond;
        long due = 0;
        for (long now = begin; now < end; now = System.nanoTime()) {
            while (!backingOff.isEmpty() && backingOff.peek().freeNanos <= now) {
                idle.add(backingOff.poll());
            }
            int free = connectionsMax - (peers.size() - idle.size());
            while (begin + due * gapNanos <= now) { // ends: gaps add up, or the idle run out
                Peer peer = free-- > 0 ? idle.poll() : null;
                if (peer == null) {
                    if (gapNanos == 0) {
                        break;
                    }
                    unsent++;
                } else {
                    send(peer, requests.apply(peer.number));
                }
                due++;
            }
            selector.select(this::ready, SELECT_MILLIS);
        }
        double took = (System.nanoTime() - begin) / 1e9;
        return new Result(
                took, sent, unsent, ok, throttled, failed, failure, okMicros, throttledMicros);
    }

    /// Waits until all that was sent is answered, at most for a time; tells how long it took.
    double drain(double secondsMax) throws IOException {
        long begin = System.nanoTime();
        while (idle.size() + backingOff.size() < peers.size()
                && System.nanoTime() - begin < secondsMax * 1e9) {
            selector.select(this::ready, SELECT_MILLIS);
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    private void send(Peer peer, Request request) {
        peer.out = ByteBuffer.wrap(request.bytes());
        peer.sentNanos = System.nanoTime();
        peer.busy = true;
        sent++;
        try {
            write(peer);
        } catch (IOException e) {
            broken(peer, e.toString());
        }
    }

    private static void write(Peer peer) throws IOException {
        peer.channel.write(peer.out);
        peer.key.interestOps(
                peer.out.hasRemaining()
                        ? SelectionKey.OP_WRITE | SelectionKey.OP_READ
                        : SelectionKey.OP_READ);
    }

    private void ready(SelectionKey key) {
        Peer peer = (Peer) key.attachment();
        try {
            if (key.isWritable()) {
                write(peer);
            }
            if (key.isReadable()) {
                read(peer);
            }
        } catch (IOException e) {
            broken(peer, e.toString());
        }
    }

    private void read(Peer peer) throws IOException {
        buffer.clear();
        int count = peer.channel.read(buffer);
        if (count < 0) {
            throw new IOException("the server closed the connection");
        }
        byte[] all = new byte[peer.in.length + count];
        System.arraycopy(peer.in, 0, all, 0, peer.in.length);
        buffer.flip().get(all, peer.in.length, count);
        String text = new String(all, StandardCharsets.ISO_8859_1);
        int head = text.indexOf("\r\n\r\n");
        if (head < 0 || all.length < head + 4 + length(text.substring(0, head))) {
            peer.in = all;
            return;
        }
        peer.in = new byte[0];
        answered(peer, text, head);
    }

    private static int length(String head) {
        String lower = head.toLowerCase(Locale.ROOT);
        int at = lower.indexOf("content-length:");
        if (at < 0) {
            return 0;
        }
        int end = lower.indexOf('\r', at);
        String value =
                lower.substring(at + "content-length:".length(), end < 0 ? lower.length() : end);
        return Integer.parseInt(value.strip());
    }

    private void answered(Peer peer, String text, int head) throws IOException {
        long micros = (System.nanoTime() - peer.sentNanos) / 1000;
        boolean refused = false;
        if (text.startsWith("HTTP/1.1 200")) {
            ok++;
            okMicros.recordValue(micros);
        } else if (text.contains("hrottl") || text.startsWith("HTTP/1.1 503")) {
            throttled++;
            refused = true;
            throttledMicros.recordValue(micros);
        } else {
            failed++;
            failure = text.substring(0, Math.min(text.length(), 400));
        }
        peer.busy = false;
        if (text.substring(0, head).toLowerCase(Locale.ROOT).contains("connection: close")) {
            replace(peer);
        } else if (refused && backOffNanos > 0) {
            peer.freeNanos = System.nanoTime() + random.nextLong(backOffNanos);
            backingOff.add(peer);
        } else {
            idle.add(peer);
        }
    }

    private void broken(Peer peer, String why) {
        if (peer.busy) {
            failed++;
            failure = why;
        }
        try {
            replace(peer);
        } catch (IOException e) {
            failure = e.toString();
        }
    }

    private void replace(Peer peer) throws IOException {
        peers.remove(peer);
        idle.remove(peer);
        backingOff.remove(peer);
        peer.channel.close();
        connect();
    }

    @Override
    public void close() throws IOException {
        for (Peer peer : peers) {
            peer.channel.close();
        }
        selector.close();
    }
}
