package io.millrace.app;

import io.millrace.log.Log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/// The system's clock without its steps back. When it is put back, this one goes on at half of its
/// speed until the two meet, so that what ends at a time ends, at most, after double its time, and
/// not after the length of the step. What is further ahead than [#AHEAD_MAX] was set wrong, and is
/// left at once. What was shown within the last [#MARK_NANOS], or by a server that was killed while
/// this clock was ahead since its last look, may be shown again. Thread-safe.
///
/// What a killed server had reached is told by the newest file of its data directory; while this
/// clock is ahead, one of them is kept as new as it is.
///
/// Steps forward are followed, since nobody can tell them from a machine that slept; those who wait
/// for a time are told.
final class SteadyClock implements InstantSource, AutoCloseable {
    static final Duration AHEAD_MAX = Duration.ofHours(25);

    /// A step that whoever waits is told of.
    static final String FILE = "clock";

    private static final Duration STEP = Duration.ofSeconds(1);

    /// Nothing tells a process that the system's clock was set: it has to look.
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

    /// A mark is not taken anew for each reading.
    private static final long MARK_NANOS = Duration.ofMillis(10).toNanos();

    private static final Log LOG = Log.of(SteadyClock.class);

    private final InstantSource system;
    private final LongSupplier nanos;
    private final Path file;
    private final AtomicReference<Mark> mark;
    private Duration offset; // of the system's clock to the other one, by the looking thread only
    private volatile boolean closed;
    private final Thread looking;
    private volatile List<Runnable> waiting = List.of();

    /// What this clock showed at a time.
    private record Mark(long nanos, Instant time) {

        /// The least that it shows now.
        Instant floor(long now) {
            return time.plusNanos((now - nanos) / 2);
        }
    }

    /// @param nanos of a clock that is never put back, as [System#nanoTime]
    /// @param data the data directory
    SteadyClock(InstantSource system, LongSupplier nanos, Path data) {
        this.system = system;
        this.nanos = nanos;
        this.file = data.resolve(FILE);
        long now = nanos.getAsLong();
        this.mark = new AtomicReference<>(new Mark(now, reached(data, system.instant())));
        this.offset = offset();
        this.looking = Thread.ofVirtual().name("clock").unstarted(this::lookAgainAndAgain);
    }

    /// What the newest file tells, or the system's clock when that is later, or much earlier.
    private static Instant reached(Path data, Instant system) {
        try (Stream<Path> files = Files.list(data)) {
            Instant newest =
                    files.map(SteadyClock::modified).max(Instant::compareTo).orElse(Instant.MIN);
            return newest.isAfter(system) && newest.isBefore(system.plus(AHEAD_MAX))
                    ? newest
                    : system;
        } catch (IOException | UncheckedIOException _) {
            return system; // no directory yet
        }
    }

    private static Instant modified(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Instant instant() {
        long now = nanos.getAsLong();
        Instant wall = system.instant();
        Mark last = mark.get();
        Instant floor = last.floor(now);
        boolean ahead = floor.isAfter(wall) && floor.isBefore(wall.plus(AHEAD_MAX));
        Instant time = ahead ? floor : wall;
        if (now - last.nanos() >= MARK_NANOS) {
            mark.compareAndSet(last, new Mark(now, time)); // or another reader has just done it
        }
        return time;
    }

    /// Begins to look for steps.
    ///
    /// @param told when the clock was put forward
    void start(List<Runnable> told) {
        waiting = List.copyOf(told);
        looking.start();
    }

    private void lookAgainAndAgain() {
        while (!closed) {
            try {
                look();
            } catch (RuntimeException e) { // the next look is in a moment
                LOG.error("Those who wait for a time were not all told", e);
            }
            try {
                Thread.sleep(LOOK_EVERY);
            } catch (InterruptedException _) {
                return; // close() asks to end
            }
        }
    }

    /// Tells of a step since the last look, and keeps the file as new as this clock.
    void look() {
        Duration now = offset();
        Duration step = now.minus(offset);
        offset = now;
        if (step.abs().compareTo(STEP) > 0) {
            LOG.warning("The system's clock was put", "forwardSeconds", step.toSeconds());
        }
        if (step.compareTo(STEP) > 0) {
            waiting.forEach(Runnable::run);
        }
        Instant time = instant();
        if (time.isAfter(system.instant().plus(STEP))) {
            try {
                note(time);
            } catch (IOException e) {
                LOG.warning("Cannot note the time", "error", String.valueOf(e.getMessage()));
            }
        }
    }

    private void note(Instant time) throws IOException {
        boolean isNew = !Files.exists(file);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            Files.setLastModifiedTime(file, FileTime.from(time));
            channel.force(true);
        }
        if (isNew) {
            try (FileChannel directory = FileChannel.open(file.resolveSibling(""))) {
                directory.force(true);
            }
        }
    }

    private Duration offset() {
        return Duration.between(Instant.EPOCH.plusNanos(nanos.getAsLong()), system.instant());
    }

    @Override
    public void close() {
        closed = true;
        looking.interrupt();
        try {
            looking.join(CLOSE_MAX);
        } catch (InterruptedException _) { // the caller wants out
            Thread.currentThread().interrupt();
        }
    }
}
