package io.millrace.service.dynamodb;

import io.millrace.objects.ObjectStorage;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/// The objects of an export, laid out as AWS lays them out: `_started`, data files, two manifests
/// and their checksums. An object has the same key and content whenever it is written again.
/// Source: [table export output
/// format](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html).
final class ExportFiles {
    static final String SUMMARY = "manifest-summary.json";

    private static final String FILES = "manifest-files.json";
    private static final String VERSION_FULL = "2020-06-30";
    private static final String VERSION_INCREMENTAL = "2023-08-01";
    private static final int NAME_LENGTH = 26;
    private static final int NAME_RADIX = 32;
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /// A data file that has been written.
    ///
    /// @param md5 of the file as it lies there
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record DataFile(String key, long itemCount, byte[] md5) {}

    private final ObjectStorage objects;
    private final Export export;

    ExportFiles(ObjectStorage objects, Export export) {
        this.objects = objects;
        this.export = export;
    }

    /// Says that the bucket can be written to.
    void started() {
        put(export.key("_started"), new byte[0]);
    }

    /// @param index which of the data files
    DataFile data(int index, List<byte[]> lines) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            for (byte[] line : lines) {
                zip.write(line);
                zip.write('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] content = out.toByteArray();
        String key = export.dataKey(name(index));
        put(key, content);
        return new DataFile(key, lines.size(), digest("MD5", content));
    }

    private String name(int index) {
        String seed = export.name().arn() + "/" + index;
        byte[] hash = digest("SHA-256", seed.getBytes(StandardCharsets.UTF_8));
        return new BigInteger(1, hash).toString(NAME_RADIX).substring(0, NAME_LENGTH);
    }

    void manifests(List<DataFile> files, Instant ended) {
        StringBuilder lines = new StringBuilder();
        for (DataFile file : files) {
            ObjectNode line = MAPPER.createObjectNode();
            line.put("itemCount", file.itemCount());
            line.put("md5Checksum", Base64.getEncoder().encodeToString(file.md5()));
            line.put("etag", HexFormat.of().formatHex(file.md5()));
            line.put("dataFileS3Key", file.key());
            lines.append(line).append('\n');
        }
        manifest(FILES, lines.toString());
        manifest(SUMMARY, summary(ended).toString());
    }

    private void manifest(String name, String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        put(export.key(name), content);
        String checksum = Base64.getEncoder().encodeToString(digest("MD5", content));
        put(
                export.key(name.replace(".json", ".md5")),
                checksum.getBytes(StandardCharsets.US_ASCII));
    }

    private ObjectNode summary(Instant ended) {
        Export.Request request = export.request();
        Instant until = Instant.ofEpochMilli(export.untilMillis());
        ObjectNode summary = MAPPER.createObjectNode();
        summary.put("version", request.incremental() ? VERSION_INCREMENTAL : VERSION_FULL);
        summary.put("exportArn", export.name().arn());
        summary.put("startTime", TIME.format(Instant.ofEpochMilli(export.startedMillis())));
        summary.put("endTime", TIME.format(ended));
        summary.put("tableArn", export.source().arn());
        summary.put("tableId", export.source().id());
        if (request.incremental()) {
            Instant from = Instant.ofEpochMilli(export.fromMillis());
            summary.put("exportFromTime", TIME.format(from));
            summary.put("exportToTime", TIME.format(until));
        } else {
            summary.put("exportTime", TIME.format(until));
        }
        summary.put("s3Bucket", request.bucket());
        summary.put("s3Prefix", request.prefix());
        summary.put(
                "s3SseAlgorithm",
                request.sseAlgorithm() == null ? "AES256" : request.sseAlgorithm());
        summary.put("s3SseKmsKeyId", request.sseKmsKeyId());
        summary.put("manifestFilesS3Key", export.key(FILES));
        summary.put("billedSizeBytes", export.billedSizeBytes());
        summary.put("itemCount", export.itemCount());
        summary.put("outputFormat", request.format());
        if (request.incremental()) {
            summary.put("outputView", request.viewType());
            summary.put("exportType", "INCREMENTAL_EXPORT");
        }
        return summary;
    }

    private void put(String key, byte[] content) {
        objects.put(export.request().bucket(), key, content);
    }

    private static byte[] digest(String algorithm, byte[] content) {
        try {
            return MessageDigest.getInstance(algorithm).digest(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }
}
