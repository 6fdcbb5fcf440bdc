import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Generates the `api` module's records from the tables in `api/models`: one package per table.
/// Started by the build as a source file:
///
///     java -cp jackson-core.jar generator/Generate.java models generator OUTPUT
///
/// Does nothing when the output is newer than the tables and this program; files whose content
/// stays the same are not touched, and files that no longer belong are deleted.
final class Generate {
    private static final String STAMP = ".generated";

    private final Path output;
    private final Set<Path> written = new HashSet<>();

    private Generate(Path output) {
        this.output = output;
    }

    public static void main(String[] args) throws IOException {
        Path models = Path.of(args[0]);
        Path output = Path.of(args[2]);
        Path stamp = output.resolve(STAMP);
        FileTime newest = newest(files(models), files(Path.of(args[1])));
        if (Files.exists(stamp) && Files.getLastModifiedTime(stamp).compareTo(newest) > 0) {
            return;
        }
        Generate generate = new Generate(output);
        for (Path file : files(models)) {
            if (file.toString().endsWith(".json")) {
                generate.service(Table.read(file));
            }
        }
        generate.deleteTheRest();
        Files.writeString(stamp, "");
        Files.setLastModifiedTime(stamp, FileTime.fromMillis(System.currentTimeMillis()));
    }

    private void service(Table table) throws IOException {
        for (String shape : table.shapes().keySet()) {
            if (table.type(shape).equals("structure") && !Names.isAttributeValue(shape)) {
                write(table, Names.type(shape), Structures.source(table, shape));
            }
        }
        write(table, Names.apiClass(table.id()), Services.source(table));
        write(table, "package-info", Services.packageInfo(table));
    }

    private void write(Table table, String name, String source) throws IOException {
        Path file =
                output.resolve(Names.packageName(table.id()).replace('.', '/'))
                        .resolve(name + ".java");
        if (!written.add(file)) {
            throw new IllegalStateException("two shapes become " + file);
        }
        Files.createDirectories(file.getParent());
        if (!Files.exists(file) || !Files.readString(file).equals(source)) {
            Files.writeString(file, source);
        }
    }

    private void deleteTheRest() throws IOException {
        for (Path file : files(output)) {
            if (!written.contains(file)) {
                Files.delete(file);
            }
        }
    }

    @SafeVarargs
    private static FileTime newest(List<Path>... inputs) throws IOException {
        FileTime newest = FileTime.fromMillis(0);
        for (List<Path> files : inputs) {
            for (Path file : files) {
                FileTime time = Files.getLastModifiedTime(file);
                newest = time.compareTo(newest) > 0 ? time : newest;
            }
        }
        return newest;
    }

    private static List<Path> files(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            return new ArrayList<>(paths.filter(Files::isRegularFile).sorted().toList());
        }
    }
}
