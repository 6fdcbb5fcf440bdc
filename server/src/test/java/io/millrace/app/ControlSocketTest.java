package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.RocksStore;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;

class ControlSocketTest {

    @TempDir private Path folder;

    /// Fails when nobody listens any more: the second command waits for ever.
    @Test
    @Timeout(60)
    @SuppressWarnings("NullAway") // the fault
    void aFaultIsAnsweredAndTheNextCommandHeard() throws StartException {
        Path data = folder.resolve("data");
        try (RocksStore store = RocksStore.open(data);
                ControlSocket socket = ControlSocket.open(data, store, null)) {
            socket.start();

            assertThatThrownBy(() -> ControlSocket.ask(data, "create-admin\t000000000000\tann"))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("failed by its own fault");
            assertThat(ControlSocket.backup(data, folder.resolve("backups"), 1))
                    .startsWith("backup 1: ");
        }
    }

    /// Fails when commands wait for whoever connected first.
    @Test
    @Timeout(60)
    @SuppressWarnings("NullAway") // nobody becomes an administrator
    void whoAsksNothingKeepsNobodyWaitingNorTheServerFromItsEnd()
            throws IOException, StartException {
        Path data = folder.resolve("data");
        try (RocksStore store = RocksStore.open(data);
                SocketChannel silent = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            try (ControlSocket socket = ControlSocket.open(data, store, null)) {
                socket.start();
                silent.connect(UnixDomainSocketAddress.of(data.resolve("MILLRACE.socket")));

                assertThat(ControlSocket.backup(data, folder.resolve("backups"), 1))
                        .startsWith("backup 1: ");
            }

            assertThat(silent.read(ByteBuffer.allocate(64))).isPositive(); // an answer to nothing
        }
    }

    /// Only threads of the system are told there.
    @Test
    @Timeout(60)
    @SuppressWarnings("NullAway") // nobody becomes an administrator
    void commandsAreCarriedOutOnThreadsOfTheSystem() throws IOException {
        Path data = folder.resolve("data");
        try (RocksStore store = RocksStore.open(data);
                SocketChannel silent = SocketChannel.open(StandardProtocolFamily.UNIX);
                ControlSocket socket = ControlSocket.open(data, store, null)) {
            socket.start();
            silent.connect(UnixDomainSocketAddress.of(data.resolve("MILLRACE.socket")));

            while (Thread.getAllStackTraces().values().stream()
                    .flatMap(Arrays::stream)
                    .noneMatch(frame ->
                            frame.getClassName().equals(ControlSocket.class.getName())
                                    && frame.getMethodName().equals("serve"))) {
                assertThat(Thread.currentThread().isInterrupted()).as("the time is over").isFalse();
            }
        }
    }
}
