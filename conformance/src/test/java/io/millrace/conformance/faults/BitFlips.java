package io.millrace.conformance.faults;

import io.millrace.conformance.Clients;
import io.millrace.conformance.ServerProcess;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Turns a bit in a copy of a server's data directory and starts a second server there: it refuses
/// to start, or answers with an error, or with what was written. The directory itself stays as it
/// is: the last good copy.
final class BitFlips {
    private static final int READS_MAX = 300;

    private final String table;
    private final Supplier<Map<String, String>> written;
    private final UnaryOperator<SdkHttpClient> wire;
    private final Path launcher;
    private final Path folder;
    private final List<String> violations = new ArrayList<>();
    private final Map<String, Integer> outcomes = new HashMap<>();
    private Map<String, String> acknowledged = Map.of();

    /// @param written what is written for good by now: who wrote each item of the table
    /// @param wire what stands between the readers and the server
    /// @param folder for the copies
    BitFlips(
            String table,
            Supplier<Map<String, String>> written,
            UnaryOperator<SdkHttpClient> wire,
            Path launcher,
            Path folder)
            throws IOException {
        this.table = table;
        this.written = written;
        this.wire = wire;
        this.launcher = launcher;
        this.folder = Files.createDirectories(folder);
    }

    /// Before the server is killed: all this must be in the copy.
    void rememberAcknowledged() {
        acknowledged = written.get();
    }

    void copy(Path data) throws IOException {
        Path copy = Files.createDirectories(folder.resolve("data"));
        for (Path file : list(copy)) {
            Files.delete(file);
        }
        for (Path file : list(data)) {
            Files.copy(file, copy.resolve(file.getFileName().toString()));
        }
    }

    void flipAndLook(SplittableRandom random) throws IOException, InterruptedException {
        look(flip(random));
    }

    /// What a server on the copy answers.
    void look(String flipped) throws InterruptedException {
        try (ServerProcess server =
                        new ServerProcess(folder, launcher, folder.resolve("data"), Map.of());
                Clients aws =
                        new Clients(
                                server.endpoint(),
                                FaultRun.ACCOUNT,
                                wire.apply(UrlConnectionHttpClient.create()),
                                1)) {
            look(aws, flipped);
        } catch (IOException _) {
            outcomes.merge("refused to start", 1, Integer::sum);
        }
    }

    private String flip(SplittableRandom random) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path file : list(folder.resolve("data"))) {
            if (Files.size(file) > 0) {
                files.add(file);
            }
        }
        Path chosen = files.get(random.nextInt(files.size()));
        try (RandomAccessFile file = new RandomAccessFile(chosen.toFile(), "rw")) {
            long offset = random.nextLong(file.length());
            file.seek(offset);
            int before = file.read();
            file.seek(offset);
            file.write(before ^ 1 << random.nextInt(8));
            return "a bit of byte %d of %d of %s"
                    .formatted(offset, file.length(), chosen.getFileName());
        }
    }

    private void look(Clients aws, String flipped) {
        int reads = 0;
        int missing = 0;
        for (Map.Entry<String, String> each : acknowledged.entrySet()) {
            if (++reads > READS_MAX) {
                break;
            }
            try {
                Map<String, AttributeValue> item =
                        aws.dynamodb
                                .getItem(request ->
                                        request.tableName(table)
                                                .consistentRead(true)
                                                .key(Tables.key(each.getKey())))
                                .item();
                if (item.isEmpty()) {
                    missing++;
                } else if (!Clients.attribute(item, "by").s().equals(each.getValue())) {
                    violations.add("wrong answer after " + flipped + ": " + item);
                }
            } catch (SdkException _) {
                outcomes.merge("answered with an error", 1, Integer::sum);
                return;
            }
        }
        if (missing > 0) {
            violations.add("missing after %s: %d of %d items".formatted(flipped, missing, reads));
        } else {
            outcomes.merge("served what was written", 1, Integer::sum);
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    List<String> violations() {
        return violations;
    }

    Map<String, Integer> outcomes() {
        return outcomes;
    }
}
