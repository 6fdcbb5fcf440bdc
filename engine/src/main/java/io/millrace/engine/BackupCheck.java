package io.millrace.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/// Compares every file of backups with the checksum that it had when it was copied, and so finds a
/// shared file that rotted: RocksDB goes by its name when it makes the next backup.
///
/// A backup's list is `meta/NUMBER`, in lines: a time, a version, what we said of it, how many
/// files there are, and for each its path, `crc32` and the CRC-32C. Source:
/// `utilities/backup/backup_engine.cc`.
final class BackupCheck {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int HEAD_LINES = 3;

    private final Path directory;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    /// Of a file, the CRC-32C or why there is none: backups share files.
    private final Map<String, String> found = new HashMap<>();

    private BackupCheck(Path directory) {
        this.directory = directory;
    }

    static List<StoreBackups.Verified> of(Path directory) throws IOException {
        BackupCheck check = new BackupCheck(directory);
        List<StoreBackups.Verified> verified = new ArrayList<>();
        try (Stream<Path> lists = Files.list(directory.resolve("meta"))) {
            for (int number :
                    lists.map(list -> list.getFileName().toString())
                            .filter(name -> name.matches("[0-9]{1,9}"))
                            .map(Integer::valueOf)
                            .sorted()
                            .toList()) {
                verified.add(new StoreBackups.Verified(number, check.damages(number)));
            }
        } catch (NoSuchFileException _) { // none was made yet
        }
        return verified;
    }

    private List<String> damages(int number) throws IOException {
        Path list = directory.resolve("meta", String.valueOf(number));
        List<String> lines = Files.readString(list, StandardCharsets.ISO_8859_1).lines().toList();
        List<String> files = lines.subList(Math.min(lines.size(), HEAD_LINES + 1), lines.size());
        if (lines.size() <= HEAD_LINES || !lines.get(HEAD_LINES).equals("" + files.size())) {
            return List.of("meta/" + number + ", its list of files, is not whole");
        }
        List<String> damages = new ArrayList<>();
        for (String line : files) {
            String[] words = line.split(" ", 4);
            if (words.length < 3 || !words[1].equals("crc32")) {
                damages.add("meta/" + number + ", its list of files, has a line that is none");
                continue;
            }
            String is = found.computeIfAbsent(words[0], this::checksum);
            if (!is.equals(words[2])) {
                damages.add(words[0] + (is.matches("[0-9]+") ? " is not as it was written" : is));
            }
        }
        return damages;
    }

    private String checksum(String file) {
        CRC32C crc = new CRC32C();
        try (FileChannel channel =
                FileChannel.open(directory.resolve(file), StandardOpenOption.READ)) {
            while (channel.read(buffer.clear()) >= 0) {
                crc.update(buffer.flip());
            }
            return String.valueOf(crc.getValue());
        } catch (NoSuchFileException _) {
            return " is missing";
        } catch (IOException e) {
            return " cannot be read: " + e.getMessage();
        }
    }
}
