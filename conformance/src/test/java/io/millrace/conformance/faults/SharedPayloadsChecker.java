package io.millrace.conformance.faults;

import io.millrace.conformance.ServerProcess;
import io.millrace.delivery.SharedPayloadsLeftBehind;
import io.millrace.engine.RocksStore;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Judges what a server leaves in its store when all is delivered: of the texts that recipients
/// share, none is there that nobody holds any more.
///
/// The server looks for such texts when its clock is moved. What it gives up by that, as deliveries
/// that are too old, leaves some behind, until the next time. Whatever else is found ends the
/// looking: what is held and gone would be forgotten with its holders.
final class SharedPayloadsChecker {

    /// Each past the next age at which the server looks at what is there.
    private static final List<Duration> STEPS =
            List.of(Duration.ofDays(30), Duration.ofDays(150), Duration.ofDays(750));

    private final ServerProcess server;
    private final FaultyClock clock;
    private final Path data;

    SharedPayloadsChecker(ServerProcess server, FaultyClock clock, Path data) {
        this.server = server;
        this.clock = clock;
        this.data = data;
    }

    /// When nobody calls any more. Ends the server.
    List<String> violations() throws IOException, InterruptedException {
        List<String> found = List.of();
        for (Duration step : STEPS) {
            clock.forward(server.endpoint(), step);
            server.close();
            found = look(data);
            if (!canHeal(found)) {
                break;
            }
            clock.keep();
            server.restart();
        }
        return found;
    }

    /// Whether something is wrong, and all of it may be gone when the server looks the next time.
    static boolean canHeal(List<String> found) {
        return !found.isEmpty() && found.stream().allMatch(each -> each.startsWith("left behind"));
    }

    /// What a directory that no server uses has of them.
    static List<String> look(Path data) {
        try (RocksStore store = RocksStore.open(data)) {
            return SharedPayloadsLeftBehind.in(store);
        }
    }
}
