package io.millrace.conformance.faults;

import io.millrace.service.sqs.QueueHistory;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// The server's clock, as far from ours as it was moved: forward by the server's own page, which
/// forgets it at a restart, and by steps of the system's clock, back too, which the preloaded
/// library makes.
final class FaultyClock implements InstantSource {
    private final Path file;
    private final List<QueueHistory> histories = new ArrayList<>();
    private final AtomicLong systemMillis = new AtomicLong();
    private final AtomicLong pageMillis = new AtomicLong();
    private volatile Duration back = Duration.ZERO;

    private interface Move {
        void run() throws IOException, InterruptedException;
    }

    /// @param file which the preloaded library reads
    FaultyClock(Path file) throws IOException {
        this.file = file;
        write();
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public long millis() {
        return InstantSource.system().millis() + systemMillis.get() + pageMillis.get();
    }

    /// Before the calls begin: while one of this history's calls is on its way, time is not moved.
    void guard(QueueHistory history) {
        histories.add(history);
    }

    /// The most that the server's clock may show: as if it never went back.
    InstantSource most() {
        return () -> instant().plus(back);
    }

    /// Moves the server's clock by its own page.
    synchronized void forward(URI server, Duration time) throws IOException, InterruptedException {
        whileNobodyCalls(
                0,
                () -> {
                    post(server, time);
                    pageMillis.addAndGet(time.toMillis());
                });
    }

    private static void post(URI server, Duration time) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(server.resolve("/_millrace/clock"))
                        .timeout(Duration.ofSeconds(10))
                        .POST(HttpRequest.BodyPublishers.ofString(time.toString()))
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<Void> answer =
                    client.send(request, HttpResponse.BodyHandlers.discarding());
            if (answer.statusCode() != 200) {
                throw new IOException("the clock's page answered " + answer.statusCode());
            }
        }
    }

    /// The system's clock goes back.
    synchronized void back(Duration time) throws IOException, InterruptedException {
        whileNobodyCalls(
                0,
                () -> {
                    systemMillis.addAndGet(-time.toMillis());
                    back = back.plus(time);
                    write();
                });
    }

    /// While there is no server: what its page moved, the system keeps; then the file that says how
    /// far the server's clock was ahead of the system's says it of the moved one.
    synchronized void keep() throws IOException {
        Path note = file.resolveSibling("data").resolve("clock");
        if (pageMillis.get() > 0 && Files.exists(note)) {
            long noted = Files.getLastModifiedTime(note).toMillis();
            Files.setLastModifiedTime(note, FileTime.fromMillis(noted + pageMillis.get()));
        }
        systemMillis.addAndGet(pageMillis.getAndSet(0));
        write();
    }

    private void whileNobodyCalls(int index, Move move) throws IOException, InterruptedException {
        if (index == histories.size()) {
            move.run();
            return;
        }
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        histories
                .get(index)
                .whileNobodyCalls(() -> {
                    try {
                        whileNobodyCalls(index + 1, move);
                    } catch (IOException | InterruptedException e) {
                        failure.set(e);
                    }
                });
        switch (failure.get()) {
            case null -> {}
            case IOException e -> throw e;
            case InterruptedException e -> throw e;
            case Exception e -> throw new IllegalStateException(e);
        }
    }

    private void write() throws IOException {
        ByteBuffer bytes =
                ByteBuffer.allocate(Long.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .putLong(0, systemMillis.get());
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(bytes, 0);
        }
    }
}
