package io.millrace.service.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.airlift.compress.v3.zstd.ZstdOutputStream;
import io.millrace.objects.FolderStorage;
import io.millrace.objects.NoStorage;
import io.millrace.objects.ObjectStorage.StoredObject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

class ExportImportTest {
    private static final String ALL_TYPES =
            """
            {'p': {'S': 'all'}, 's': {'N': '-1.5'}, 'g': {'S': 'g0'},
             'b': {'B': 'AAEC'}, 'yes': {'BOOL': true}, 'nothing': {'NULL': true},
             'ss': {'SS': ['a', 'b']}, 'ns': {'NS': ['1', '2.5']}, 'bs': {'BS': ['AA==', 'AQ==']},
             'big': {'N': '12345678901234567890123456789012345678'},
             'huge': {'N': '100000000000000000000000000000000000000000000'},
             'l': {'L': [{'S': 'x'}, {'L': []}, {'M': {}}]},
             'm': {'M': {'k': {'N': '7'}, 'e': {'S': ''}, 'unicode': {'S': 'ä\\n\\u20ac'}}}}
            """;

    @TempDir private Path directory;
    private Path buckets;
    private DynamoDbFixture dynamoDb;

    @BeforeEach
    void open() throws IOException {
        buckets = directory.resolve("buckets");
        Files.createDirectories(buckets.resolve("bucket"));
        dynamoDb = DynamoDbFixture.onDisk(directory.resolve("data"));
        dynamoDb.restart(new FolderStorage(buckets));
    }

    @AfterEach
    void close() {
        dynamoDb.close();
    }

    private RandomTable table(long seed) {
        RandomTable table = new RandomTable(dynamoDb, "orders", seed);
        dynamoDb.call(
                "UpdateContinuousBackups",
                "{'TableName': 'orders', 'PointInTimeRecoverySpecification':"
                        + " {'PointInTimeRecoveryEnabled': true}}");
        return table;
    }

    private JsonNode export(String more) {
        return dynamoDb.call(
                        "ExportTableToPointInTime",
                        "{'TableArn': 'arn:aws:dynamodb:us-east-1:000000000000:table/orders',"
                                + " 'S3Bucket': 'bucket'"
                                + more
                                + "}")
                .get("ExportDescription");
    }

    private JsonNode describeExport(JsonNode export) {
        String arn = export.get("ExportArn").asString();
        return dynamoDb.call("DescribeExport", "{'ExportArn': '" + arn + "'}")
                .get("ExportDescription");
    }

    private static String importing(String table, String prefix, String format, String more) {
        return """
        {'S3BucketSource': {'S3Bucket': 'bucket', 'S3KeyPrefix': '%s'},
         'InputFormat': '%s' %s, 'TableCreationParameters': {'TableName': '%s',
          'BillingMode': 'PAY_PER_REQUEST',
          'AttributeDefinitions': [{'AttributeName': 'p', 'AttributeType': 'S'},
                                   {'AttributeName': 's', 'AttributeType': 'N'},
                                   {'AttributeName': 'g', 'AttributeType': 'S'}],
          'KeySchema': [{'AttributeName': 'p', 'KeyType': 'HASH'},
                        {'AttributeName': 's', 'KeyType': 'RANGE'}],
          'GlobalSecondaryIndexes': [{'IndexName': 'byG',
             'KeySchema': [{'AttributeName': 'g', 'KeyType': 'HASH'}],
             'Projection': {'ProjectionType': 'ALL'}}]}}
        """
                .formatted(prefix, format, more, table);
    }

    private JsonNode imported(String request) {
        JsonNode begun = dynamoDb.call("ImportTable", request).get("ImportTableDescription");
        dynamoDb.finishJobs();
        return describeImport(begun);
    }

    private JsonNode describeImport(JsonNode begun) {
        return dynamoDb.call(
                        "DescribeImport",
                        "{'ImportArn': '" + begun.get("ImportArn").asString() + "'}")
                .get("ImportTableDescription");
    }

    private void write(String key, byte[] content) {
        new FolderStorage(buckets).put("bucket", key, content);
    }

    private String read(String key) throws IOException {
        return Files.readString(buckets.resolve("bucket").resolve(key));
    }

    private List<JsonNode> lines(String prefix) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        FolderStorage storage = new FolderStorage(buckets);
        for (StoredObject object : storage.list("bucket", prefix, null, 1000)) {
            try (var in = new GZIPInputStream(storage.get("bucket", object.key()))) {
                new String(in.readAllBytes(), UTF_8)
                        .lines()
                        .map(DynamoDbFixture::json)
                        .forEach(lines::add);
            }
        }
        return lines;
    }

    @ParameterizedTest
    @CsvSource({"DYNAMODB_JSON, 1", "DYNAMODB_JSON, 2", "ION, 3"})
    void whatIsExportedAndImportedIsTheTableAtThatMomentHoweverOftenItCrashes(
            String format, long seed) {
        RandomTable table = table(seed);
        dynamoDb.put("orders", ALL_TYPES);
        table.write(150);
        Map<String, JsonNode> expected = RandomTable.contents(dynamoDb, "orders", "");
        Instant moment = dynamoDb.clock().instant();
        dynamoDb.clock().advance(Duration.ofSeconds(1));
        table.write(50);

        JsonNode export =
                export(
                        ", 'S3Prefix': 'out', 'ExportFormat': '%s', 'ExportTime': %d.%03d"
                                .formatted(
                                        format,
                                        moment.getEpochSecond(),
                                        moment.getNano() / 1_000_000));
        while (describeExport(export).get("ExportStatus").asString().equals("IN_PROGRESS")) {
            table.write(5);
            dynamoDb.stepJobs();
            dynamoDb.restart();
        }
        JsonNode described = describeExport(export);
        String id = described.get("ExportManifest").asString().split("/", -1)[2];
        JsonNode begun =
                dynamoDb.call(
                                "ImportTable",
                                importing(
                                        "imported",
                                        "out/AWSDynamoDB/" + id + "/data/",
                                        format,
                                        ", 'InputCompressionType': 'GZIP'"))
                        .get("ImportTableDescription");
        while (describeImport(begun).get("ImportStatus").asString().equals("IN_PROGRESS")) {
            dynamoDb.stepJobs();
            dynamoDb.restart();
        }
        JsonNode imported = describeImport(begun);

        assertThat(described.get("ExportStatus").asString()).isEqualTo("COMPLETED");
        assertThat(described.get("ItemCount").asInt()).isEqualTo(expected.size());
        assertThat(imported.get("ImportStatus").asString()).isEqualTo("COMPLETED");
        assertThat(imported.get("ProcessedItemCount").asInt()).isEqualTo(expected.size());
        assertThat(imported.get("ImportedItemCount").asInt()).isEqualTo(expected.size());
        assertThat(RandomTable.contents(dynamoDb, "imported", "")).isEqualTo(expected);
        assertThat(RandomTable.contents(dynamoDb, "imported", "byG")).isEqualTo(expected);
    }

    @Test
    void anExportHasTheLayoutOfAws() throws IOException {
        table(1).write(10);

        JsonNode export = export(", 'S3Prefix': 'out'");
        dynamoDb.finishJobs();
        String arn = export.get("ExportArn").asString();
        String folder = "out/AWSDynamoDB/" + arn.substring(arn.lastIndexOf('/') + 1) + "/";
        List<String> keys =
                new FolderStorage(buckets)
                        .list("bucket", "", null, 100).stream().map(StoredObject::key).toList();
        JsonNode summary = DynamoDbFixture.json(read(folder + "manifest-summary.json"));
        String manifest = read(folder + "manifest-files.json");
        JsonNode file = DynamoDbFixture.json(manifest);
        byte[] data =
                Files.readAllBytes(
                        buckets.resolve("bucket").resolve(file.get("dataFileS3Key").asString()));

        assertThat(export.get("ExportStatus").asString()).isEqualTo("IN_PROGRESS");
        assertThat(keys)
                .containsExactly(
                        folder + "_started",
                        file.get("dataFileS3Key").asString(),
                        folder + "manifest-files.json",
                        folder + "manifest-files.md5",
                        folder + "manifest-summary.json",
                        folder + "manifest-summary.md5");
        assertThat(file.get("dataFileS3Key").asString())
                .matches(folder + "data/[a-z0-9]{26}\\.json\\.gz");
        assertThat(file.get("md5Checksum").asString())
                .isEqualTo(Base64.getEncoder().encodeToString(md5(data)));
        assertThat(file.get("etag").asString()).isEqualTo(HexFormat.of().formatHex(md5(data)));
        assertThat(read(folder + "manifest-files.md5"))
                .isEqualTo(Base64.getEncoder().encodeToString(md5(manifest.getBytes(UTF_8))));
        assertThat(summary.get("version").asString()).isEqualTo("2020-06-30");
        assertThat(summary.get("exportArn").asString()).isEqualTo(arn);
        assertThat(summary.get("exportTime").asString()).isEqualTo("2026-01-02T03:04:05.678Z");
        assertThat(summary.get("manifestFilesS3Key").asString())
                .isEqualTo(folder + "manifest-files.json");
        assertThat(summary.get("itemCount").asInt()).isEqualTo(file.get("itemCount").asInt());
        assertThat(lines(folder + "data/").getFirst().get("Item").get("p").has("S")).isTrue();
    }

    private static byte[] md5(byte[] content) {
        try {
            return MessageDigest.getInstance("MD5").digest(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3"})
    void anIncrementalExportLeadsFromTheOldStateToTheNew(long seed) throws IOException {
        Random random = new Random(seed);
        RandomTable table = table(seed);
        TreeMap<Instant, Map<String, JsonNode>> history = new TreeMap<>();
        for (int i = 0; i < 60; i++) {
            table.write(1 + random.nextInt(8));
            history.put(dynamoDb.clock().instant(), table.model());
            dynamoDb.clock().advance(Duration.ofMinutes(1));
        }
        Instant from = history.firstKey().plusSeconds(60L * random.nextInt(20) + 30);
        Instant to = from.plus(Duration.ofMinutes(20 + random.nextInt(20)));

        JsonNode export =
                export(
                        (", 'ExportType': 'INCREMENTAL_EXPORT', 'IncrementalExportSpecification':"
                                        + " {'ExportFromTime': %d, 'ExportToTime': %d}")
                                .formatted(from.getEpochSecond(), to.getEpochSecond()));
        while (describeExport(export).get("ExportStatus").asString().equals("IN_PROGRESS")) {
            dynamoDb.stepJobs();
            dynamoDb.restart();
        }
        Map<String, JsonNode> before =
                history.floorEntry(from.truncatedTo(ChronoUnit.SECONDS).minusMillis(1)).getValue();
        Map<String, JsonNode> after =
                history.floorEntry(to.truncatedTo(ChronoUnit.SECONDS).minusMillis(1)).getValue();
        Map<String, JsonNode> state = new HashMap<>(before);
        for (JsonNode line : lines("AWSDynamoDB/data/")) {
            JsonNode keys = line.get("Keys");
            String key = keys.at("/p/S").asString() + "/" + keys.at("/s/N").asString();
            assertThat(line.get("OldImage")).isEqualTo(before.get(key));
            assertThat(line.at("/Metadata/WriteTimestampMicros/N").asString()).hasSize(16);
            if (line.has("NewImage")) {
                state.put(key, line.get("NewImage"));
            } else {
                state.remove(key);
            }
        }

        assertThat(state).isEqualTo(after).isNotEqualTo(before);
        assertThat(describeExport(export).get("ItemCount").asInt())
                .isEqualTo(lines("AWSDynamoDB/data/").size());
    }

    @Test
    void importsCsvWithHeaderAndDelimiterAndTypedKeys() {
        write("in/a.csv", "p,s,title\na,1,\"x, \"\"y\"\"\"\nb,2,\n".getBytes(UTF_8));
        write("other/b.csv", "c|3|z\n".getBytes(UTF_8));

        JsonNode plain = imported(importing("plain", "in/", "CSV", ""));
        JsonNode options =
                imported(
                        importing(
                                "options",
                                "other/",
                                "CSV",
                                ", 'InputFormatOptions': {'Csv': {'Delimiter': '|', 'HeaderList':"
                                        + " ['p', 's', 'v']}}"));

        assertThat(plain.get("ImportStatus").asString()).isEqualTo("COMPLETED");
        assertThat(RandomTable.contents(dynamoDb, "plain", ""))
                .containsEntry(
                        "a/1",
                        DynamoDbFixture.json(
                                "{'p': {'S': 'a'}, 's': {'N': '1'}, 'title': {'S': 'x, \\'y\\''}}"))
                .containsKey("b/2")
                .hasSize(2);
        assertThat(options.at("/InputFormatOptions/Csv/Delimiter").asString()).isEqualTo("|");
        assertThat(RandomTable.contents(dynamoDb, "options", ""))
                .containsEntry(
                        "c/3",
                        DynamoDbFixture.json(
                                "{'p': {'S': 'c'}, 's': {'N': '3'}, 'v': {'S': 'z'}}"));
    }

    @Test
    void countsWhatCannotBeImportedAndImportsTheRest() throws IOException {
        String good = "{\"Item\":{\"p\":{\"S\":\"%s\"},\"s\":{\"N\":\"1\"}}}\n";
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (ZstdOutputStream out = new ZstdOutputStream(zipped)) {
            out.write(
                    (good.formatted("a")
                                    + "{\"Item\":{\"p\":{\"S\":\"no sort key\"}}}\n"
                                    + "not JSON\n\n"
                                    + "{\"Item\":{\"p\":{\"S\":\"x\"},\"s\":{\"N\":\"NaN\"}}}\n"
                                    + good.formatted("b")
                                    + good.formatted("a").strip())
                            .getBytes(UTF_8));
        }
        write("in/1.zst", zipped.toByteArray());
        write("in/2.zst", "not zipped".getBytes(UTF_8));

        JsonNode imported =
                imported(
                        importing(
                                "some",
                                "in/",
                                "DYNAMODB_JSON",
                                ", 'InputCompressionType': 'ZSTD'"));

        assertThat(imported.get("ImportStatus").asString()).isEqualTo("FAILED");
        assertThat(imported.get("FailureCode").asString()).isEqualTo("ItemValidationError");
        assertThat(imported.get("ErrorCount").asInt()).isEqualTo(4);
        assertThat(imported.get("ProcessedItemCount").asInt()).isEqualTo(7);
        assertThat(imported.get("ImportedItemCount").asInt()).isEqualTo(3);
        assertThat(RandomTable.contents(dynamoDb, "some", "")).containsOnlyKeys("a/1", "b/1");
    }

    @Test
    void aBucketThatIsNotThereFailsAndLeavesNoTable() {
        table(1).write(3);

        JsonNode imported =
                imported(importing("none", "in/", "CSV", "").replace("'bucket'", "'absent'"));
        JsonNode begun =
                dynamoDb.call(
                                "ExportTableToPointInTime",
                                "{'TableArn': 'orders', 'S3Bucket': 'absent'}")
                        .get("ExportDescription");
        dynamoDb.finishJobs();
        JsonNode exported = describeExport(begun);

        assertThat(imported.get("ImportStatus").asString()).isEqualTo("FAILED");
        assertThat(imported.get("FailureCode").asString()).isEqualTo("S3NoSuchBucket");
        assertThat(dynamoDb.refused("DescribeTable", "{'TableName': 'none'}"))
                .startsWith("ResourceNotFoundException");
        assertThat(exported.get("ExportStatus").asString()).isEqualTo("FAILED");
        assertThat(exported.get("FailureCode").asString()).isEqualTo("S3NoSuchBucket");
        dynamoDb.call("DeleteTable", "{'TableName': 'orders'}");
    }

    @Test
    void theSameTokenIsTheSameExportOrImport() {
        table(1).write(3);
        write("in/a.csv", "p,s\na,1\n".getBytes(UTF_8));
        String token = ", 'ClientToken': 'once'";

        JsonNode export = export(token);
        JsonNode again = export(token);
        String importing = importing("made", "in/", "CSV", token);
        JsonNode begun = dynamoDb.call("ImportTable", importing);
        JsonNode begunAgain = dynamoDb.call("ImportTable", importing);

        assertThat(again.get("ExportArn")).isEqualTo(export.get("ExportArn"));
        assertThat(begunAgain).isEqualTo(begun);
        assertThat(
                        dynamoDb.refused(
                                "ExportTableToPointInTime",
                                "{'TableArn': 'orders', 'S3Bucket': 'other'" + token + "}"))
                .startsWith("ExportConflictException");
        assertThat(dynamoDb.refused("ImportTable", importing("made", "other/", "CSV", token)))
                .startsWith("ImportConflictException");
        assertThat(dynamoDb.refused("ImportTable", importing("made", "in/", "CSV", "")))
                .isEqualTo("ResourceInUseException: Table already exists: made");
    }

    @Test
    void listsInPages() {
        table(1).write(1);
        write("in/a.csv", "p,s\na,1\n".getBytes(UTF_8));
        List<String> exports = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            exports.add(export("").get("ExportArn").asString());
            dynamoDb.call("ImportTable", importing("made" + i, "in/", "CSV", ""));
            dynamoDb.clock().advance(Duration.ofSeconds(1));
        }

        JsonNode page = dynamoDb.call("ListExports", "{'MaxResults': 2}");
        JsonNode rest =
                dynamoDb.call(
                        "ListExports", "{'NextToken': '" + page.get("NextToken").asString() + "'}");
        JsonNode imports = dynamoDb.call("ListImports", "{'PageSize': 2}");
        JsonNode restOfImports =
                dynamoDb.call(
                        "ListImports",
                        "{'NextToken': '" + imports.get("NextToken").asString() + "'}");

        assertThat(page.get("ExportSummaries").findValuesAsString("ExportArn"))
                .isEqualTo(exports.subList(0, 2));
        assertThat(rest.get("ExportSummaries").findValuesAsString("ExportArn"))
                .isEqualTo(exports.subList(2, 3));
        assertThat(rest.has("NextToken")).isFalse();
        assertThat(imports.get("ImportSummaryList")).hasSize(2);
        assertThat(restOfImports.get("ImportSummaryList")).hasSize(1);
    }

    @Test
    void refusesMomentsOutsideTheWindowAndSaysWhichSettingIsMissing() {
        table(1).write(1);
        long now = dynamoDb.clock().instant().getEpochSecond();

        assertThat(
                        dynamoDb.refused(
                                "ExportTableToPointInTime",
                                "{'TableArn': 'orders', 'S3Bucket': 'bucket', 'ExportTime': "
                                        + (now + 60)
                                        + "}"))
                .isEqualTo(
                        "InvalidExportTimeException: The specified ExportTime is outside of the"
                                + " point in time recovery window.");
        dynamoDb.restart(new NoStorage());
        assertThat(
                        dynamoDb.refused(
                                "ExportTableToPointInTime",
                                "{'TableArn': 'orders', 'S3Bucket': 'bucket'}"))
                .startsWith("ValidationException: No object storage is configured: start Millrace")
                .contains("--s3");
    }
}
