package io.millrace.app;

import io.millrace.engine.RocksStore;
import io.millrace.engine.StoreBackups;
import io.millrace.engine.StoreException;
import io.millrace.identity.Administrators;
import io.millrace.identity.NewKey;
import io.millrace.log.Log;
import io.millrace.secret.SecretException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// How commands reach the server that uses a data directory: a socket in it, which only the owner
/// may open. Whoever can read the data may ask for a backup of it; no network and no key is
/// involved.
///
/// Whoever can read the data may also become its administrator.
///
/// A command is one line, words separated by tabs; so is its answer, which begins with `ok` or
/// `error`. One is carried out at a time; who has not yet asked keeps nobody waiting.
final class ControlSocket implements AutoCloseable {
    private static final Log LOG = Log.of(ControlSocket.class);
    private static final String NAME = "MILLRACE.socket";
    private static final int LINE_BYTES_MAX = 8 * 1024;
    private static final long REST_SECONDS = 1;
    private static final String BACKUP = "backup";

    private final Path path;
    private final RocksStore store;
    private final Administrators administrators;
    private final @Nullable ServerSocketChannel listening;
    private final Set<SocketChannel> asking = ConcurrentHashMap.newKeySet();

    /// Of the system: a backup is one long call into native code, which would keep a carrier of
    /// virtual threads, and with one processor the whole server.
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("control-", 0).factory());

    private final CountDownLatch ended = new CountDownLatch(1);
    private final ReentrantLock carryingOut = new ReentrantLock();

    private ControlSocket(
            Path path,
            RocksStore store,
            Administrators administrators,
            @Nullable ServerSocketChannel listening) {
        this.path = path;
        this.store = store;
        this.administrators = administrators;
        this.listening = listening;
    }

    /// Without a socket the server runs as well, and says so; the directory's name may be too long.
    static ControlSocket open(Path data, RocksStore store, Administrators administrators) {
        Path path = data.toAbsolutePath().resolve(NAME);
        ServerSocketChannel channel = null;
        try {
            Files.deleteIfExists(path); // of a server that was killed: this one has the lock
            channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            channel.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException | UnsupportedOperationException e) {
            LOG.warning("no backups while the server runs", "socket", path, "reason", e);
            channel = null;
        }
        return new ControlSocket(path, store, administrators, channel);
    }

    void start() {
        if (listening != null) {
            threads.execute(() -> accept(listening));
        }
    }

    /// Asks the server that uses `data` for a backup. Returns its answer; null when there is no
    /// server.
    static @Nullable String backup(Path data, Path directory, int keepCount) throws StartException {
        return ask(data, BACKUP + "\t" + keepCount + "\t" + directory.toAbsolutePath());
    }

    /// Sends a command to the server that uses `data`. Returns its answer; null when there is no
    /// server.
    static @Nullable String ask(Path data, String command) throws StartException {
        UnixDomainSocketAddress address;
        try {
            address = UnixDomainSocketAddress.of(data.toAbsolutePath().resolve(NAME));
        } catch (IllegalArgumentException _) {
            return null;
        }
        SocketChannel channel;
        try {
            channel = SocketChannel.open(address);
        } catch (IOException _) {
            return null; // nobody listens
        }
        try (channel) {
            write(channel, command);
            String answer = read(channel);
            if (answer.startsWith("ok\t")) {
                return answer.substring("ok\t".length());
            }
            throw new StartException(
                    answer.isEmpty()
                            ? "the server ended before it answered"
                            : answer.substring(answer.indexOf('\t') + 1));
        } catch (IOException e) {
            throw new StartException("the server did not answer: " + e.getMessage(), e);
        }
    }

    /// What is told of a backup that was made.
    static String text(StoreBackups.Backup backup) {
        return "backup %d: %d files, %.1f MB"
                .formatted(backup.number(), backup.fileCount(), backup.bytes() / 1e6);
    }

    private void accept(ServerSocketChannel from) {
        while (from.isOpen()) { // ends when it is closed
            try {
                SocketChannel channel = from.accept();
                asking.add(channel);
                threads.execute(() -> serve(channel));
                if (!from.isOpen()) { // close() may have come too early to see it
                    endQuestion(channel);
                }
            } catch (ClosedChannelException | RejectedExecutionException _) {
                // the server ends: the loop knows
            } catch (IOException e) {
                LOG.warning("a command was not heard", "reason", e);
                rest();
            } catch (RuntimeException | Error e) { // such as want of memory
                LOG.error("A command was not heard by our own fault", e);
                rest();
            }
        }
    }

    /// Gives others the time to let go of what is short, such as open files; until the end at most.
    private void rest() {
        try {
            boolean _ = ended.await(REST_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            // nobody interrupts: the loop goes on
        }
    }

    private void serve(SocketChannel asked) {
        try (SocketChannel channel = asked) {
            write(channel, carriedOut(read(channel)));
        } catch (ClosedChannelException _) {
            // whoever asked has gone
        } catch (IOException e) {
            LOG.warning("a command was not answered", "reason", e);
        } finally {
            asking.remove(asked);
        }
    }

    private String carriedOut(String line) {
        carryingOut.lock();
        try {
            return answer(line);
        } finally {
            carryingOut.unlock();
        }
    }

    private static void endQuestion(SocketChannel channel) {
        try {
            channel.shutdownInput();
        } catch (IOException _) {
            // it has ended
        }
    }

    private String answer(String line) {
        String[] words = line.split("\t", 3);
        try {
            if (words.length == 3 && words[0].equals(BACKUP)) {
                Path directory = Path.of(words[2]);
                StoreBackups.Backup backup = store.backup(directory, Integer.parseInt(words[1]));
                LOG.info("backed up", "number", backup.number(), "directory", directory);
                return "ok\t" + text(backup);
            }
            if (words.length == 3 && words[0].equals(CreateAdminCommand.WORD)) {
                NewKey key = administrators.create(words[1], words[2]);
                LOG.info(
                        "an administrator has a new access key", "user", words[2], "key", key.id());
                return "ok\t" + CreateAdminCommand.text(key);
            }
            return "error\tunknown command";
        } catch (StoreException | SecretException | IllegalArgumentException e) {
            LOG.warning("a command failed", "command", words[0], "reason", e);
            return "error\t" + String.valueOf(e.getMessage()).replace('\n', ' ');
        } catch (RuntimeException | Error e) { // the next command must not wait for ever
            LOG.error("A command failed by our own fault", e, "command", words[0]);
            return "error\tthe server failed by its own fault; its log tells more";
        }
    }

    /// A line without its end; empty when there is none.
    private static String read(SocketChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LINE_BYTES_MAX);
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) { // ends: it fills, or they do
            int end = bytes.position();
            if (end > 0 && bytes.get(end - 1) == '\n') {
                return new String(bytes.array(), 0, end - 1, StandardCharsets.UTF_8);
            }
        }
        return "";
    }

    private static void write(SocketChannel channel, String line) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(line + "\n");
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /// Waits for a command that is being carried out.
    @Override
    public void close() {
        if (listening == null) {
            return;
        }
        try {
            listening.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.warning("the socket for commands is left", "socket", path, "reason", e);
        }
        ended.countDown();
        asking.forEach(ControlSocket::endQuestion); // who asks nothing waits no longer
        threads.close();
    }
}
