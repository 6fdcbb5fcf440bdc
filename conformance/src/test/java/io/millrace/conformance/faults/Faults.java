package io.millrace.conformance.faults;

import io.millrace.conformance.ServerProcess;
import io.millrace.engine.Disk;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/// Breaks something, waits, and mends it: one fault at a time. Not thread-safe.
final class Faults {
    private static final Duration CLOCK_BACK_MAX = Duration.ofHours(1);
    private static final int CLOCK_FORWARD_SECONDS_MAX = 60;
    private static final int PAUSE_MILLIS_MAX = 6000;
    private static final int SOCKETS = 30;

    /// After so long the log says of what was answered that it is durable, so that it is missed.
    private static final Duration LOG_MARK = Duration.ofMillis(100);

    private static final Duration ANSWERS_TIMEOUT = Duration.ofSeconds(15);
    private static final int NAME_CHANGES_MAX = 6;
    private static final Duration TROUBLE = Duration.ofMillis(1500);

    private final ServerProcess server;
    private final Calls calls;
    private final Disk disk;
    private final FaultyClock clock;
    private final Targets targets;
    private final BitFlips flips;
    private final SplittableRandom random;
    private final Map<FaultKind, Integer> counts = new EnumMap<>(FaultKind.class);
    private long bytesLost;
    private int kills;
    private int powerLosses;
    private Duration startTime = Duration.ofSeconds(1);

    Faults(
            ServerProcess server,
            Calls calls,
            Disk disk,
            FaultyClock clock,
            Targets targets,
            BitFlips flips,
            SplittableRandom random) {
        this.server = server;
        this.calls = calls;
        this.disk = disk;
        this.clock = clock;
        this.targets = targets;
        this.flips = flips;
        this.random = random;
    }

    void inject(FaultKind kind) throws IOException, InterruptedException {
        switch (kind) {
            case KILL -> kill();
            case KILL_AT_FIRST_ANSWER -> {
                kill();
                restart();
                calls.spans().awaitAnswer(ANSWERS_TIMEOUT);
                killOnPurposeSoon();
            }
            case KILL_IN_RECOVERY -> {
                kill();
                killInRecovery();
            }
            case POWER_LOSS -> losePower();
            case POWER_LOSS_IN_RECOVERY -> {
                kill();
                killInRecovery();
                cutPower();
            }
            case PAUSE -> pause();
            case SLOW_SYNC -> {
                disk.begin(Disk.Trouble.SLOW_SYNC);
                sleep(TROUBLE.multipliedBy(2));
                disk.end(Disk.Trouble.SLOW_SYNC);
            }
            case FAILED_SYNC -> {
                disk.begin(Disk.Trouble.FAILED_SYNC);
                sleep(TROUBLE);
                losePower();
                disk.end(Disk.Trouble.FAILED_SYNC);
            }
            case FULL_DISK -> {
                disk.begin(Disk.Trouble.FULL);
                sleep(TROUBLE);
                kill();
                disk.end(Disk.Trouble.FULL);
            }
            case BIT_FLIP -> {
                flips.rememberAcknowledged();
                sleep(LOG_MARK);
                kill();
                flips.copy(disk.data());
            }
            case CLOCK_FORWARD ->
                    clock.forward(
                            server.endpoint(),
                            Duration.ofSeconds(1 + random.nextInt(CLOCK_FORWARD_SECONDS_MAX)));
            case CLOCK_BACK ->
                    clock.back(
                            Duration.ofMillis(
                                    random.nextBoolean()
                                            ? 1 + random.nextInt(1500)
                                            : random.nextLong(CLOCK_BACK_MAX.toMillis())));
            case SLOW_TARGET -> targets.behave(Targets.Mood.SLOW, TROUBLE.multipliedBy(2));
            case DEAD_TARGET -> targets.behave(Targets.Mood.DEAD, TROUBLE.multipliedBy(2));
            case HALF_OPEN_CLIENTS -> halfOpenClients();
        }
        if (kind.killsInTheEnd) {
            restart();
            awaitAnswers();
        }
        if (kind == FaultKind.BIT_FLIP) {
            flips.flipAndLook(random);
        }
        counts.merge(kind, 1, Integer::sum);
    }

    /// Until each service has answered a write.
    void awaitAnswers() throws InterruptedException {
        calls.spans().awaitEach(ANSWERS_TIMEOUT);
    }

    private void kill() throws InterruptedException {
        die();
        calls.spans().end(true);
    }

    private void killOnPurposeSoon() throws InterruptedException {
        die();
        calls.spans().end(false);
    }

    private void die() throws InterruptedException {
        server.kill();
        calls.setAway(true);
        kills++;
    }

    /// At any time of a start, or after some file has come or gone.
    private void killInRecovery() throws IOException, InterruptedException {
        clock.keep();
        long end = System.nanoTime() + startTime.toNanos();
        int changes = random.nextInt(2 * NAME_CHANGES_MAX);
        Duration time = Duration.ofNanos(random.nextLong(startTime.toNanos()));
        server.beginRestart();
        if (changes >= NAME_CHANGES_MAX) {
            sleep(time);
        } else {
            awaitNames(changes, end);
        }
        killOnPurposeSoon();
    }

    private void awaitNames(int changes, long end) throws IOException {
        Set<String> names = disk.names();
        for (int seen = 0; seen <= changes && System.nanoTime() < end; ) {
            Set<String> now = disk.names();
            if (!now.equals(names)) {
                names = now;
                seen++;
            }
        }
    }

    private void losePower() throws IOException, InterruptedException {
        kill();
        cutPower();
    }

    private void cutPower() throws IOException {
        bytesLost += disk.strike(random);
        disk.begin();
        powerLosses++;
    }

    private void restart() throws IOException, InterruptedException {
        clock.keep();
        long begun = System.nanoTime();
        server.restart();
        startTime = Duration.ofNanos(System.nanoTime() - begun);
        calls.setAway(false);
    }

    private void pause() throws IOException, InterruptedException {
        signal("STOP");
        sleep(Duration.ofMillis(1 + random.nextInt(PAUSE_MILLIS_MAX)));
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int status =
                new ProcessBuilder("kill", "-" + name, Long.toString(server.pid()))
                        .inheritIO()
                        .start()
                        .waitFor();
        if (status != 0) {
            throw new IOException("kill -" + name + " failed");
        }
    }

    /// Some send half a request, some ask again and again and never read.
    private void halfOpenClients() throws IOException {
        URI endpoint = server.endpoint();
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < SOCKETS; i++) {
                Socket socket = new Socket(endpoint.getHost(), endpoint.getPort());
                sockets.add(socket);
                String request =
                        i % 2 == 0
                                ? "POST / HTTP/1.1\r\nHost: half\r\nContent-Length: 1000\r\n"
                                        + (i % 4 == 0 ? "" : "\r\n{\"half\":")
                                : "GET /_millrace/health HTTP/1.1\r\nHost: deaf\r\n\r\n".repeat(50);
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            }
            sleep(TROUBLE);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    static void sleep(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    /// How often each fault was there.
    Map<FaultKind, Integer> counts() {
        return counts;
    }

    /// How many processes were killed, those whose power went among them.
    int kills() {
        return kills;
    }

    int powerLosses() {
        return powerLosses;
    }

    /// How many unsynced bytes the power losses took.
    long bytesLost() {
        return bytesLost;
    }
}
