package io.millrace.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.objects.ObjectStorage.StoredObject;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class FolderStorageTest {
    @TempDir private Path root;
    private FolderStorage storage;

    @BeforeEach
    void open() throws IOException {
        Files.createDirectories(root.resolve("bucket"));
        storage = new FolderStorage(root);
    }

    private List<String> keys(String prefix, @Nullable String after, int count) {
        return storage.list("bucket", prefix, after, count).stream()
                .map(StoredObject::key)
                .toList();
    }

    @Test
    void putsReplacesAndReads() throws IOException {
        storage.put("bucket", "a/b.txt", "one".getBytes(UTF_8));
        storage.put("bucket", "a/b.txt", "two".getBytes(UTF_8));

        assertThat(storage.get("bucket", "a/b.txt").readAllBytes()).asString().isEqualTo("two");
        assertThat(root.resolve("bucket/a/b.txt")).hasContent("two");
        assertThat(root.resolve("bucket/a")).isDirectoryContaining("glob:**b.txt");
        assertThat(storage.list("bucket", "", null, 10))
                .containsExactly(new StoredObject("a/b.txt", 3));
    }

    @Test
    void listsByPrefixInTheOrderOfKeysInPages() {
        for (String key : List.of("a/1", "a-b", "a/2", "b", "a/10")) {
            storage.put("bucket", key, new byte[1]);
        }

        assertThat(keys("a", null, 10)).containsExactly("a-b", "a/1", "a/10", "a/2");
        assertThat(keys("a/", null, 2)).containsExactly("a/1", "a/10");
        assertThat(keys("a/", "a/10", 2)).containsExactly("a/2");
        assertThat(keys("c", null, 2)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../out", "a/../../out", "/etc/passwd", "a//b", "", "a/", ".", "a\\..\\b"})
    void refusesKeysThatAreNoFilesInside(String key) {
        assertThatThrownBy(() -> storage.put("bucket", key, new byte[1]))
                .isInstanceOf(ObjectStorageException.class)
                .hasMessageContaining("a folder cannot hold");
        assertThatThrownBy(() -> storage.get("bucket", key))
                .isInstanceOf(ObjectStorageException.class);
        assertThat(root.resolve("out")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"absent", "..", ".", "", "bucket/../bucket", "../bucket"})
    void refusesBucketsThatAreNotThere(String bucket) {
        assertThatThrownBy(() -> storage.put(bucket, "key", new byte[1]))
                .hasMessageContaining("The specified bucket does not exist");
        assertThatThrownBy(() -> storage.list(bucket, "", null, 1))
                .hasMessageContaining("The specified bucket does not exist");
    }
}
