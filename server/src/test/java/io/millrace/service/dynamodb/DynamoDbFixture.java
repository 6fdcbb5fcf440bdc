package io.millrace.service.dynamodb;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.api.Constraints;
import io.millrace.api.OperationModel;
import io.millrace.api.Shape;
import io.millrace.api.codec.JsonShapeReader;
import io.millrace.api.codec.JsonShapeWriter;
import io.millrace.engine.MemoryStore;
import io.millrace.engine.RocksStore;
import io.millrace.engine.Store;
import io.millrace.objects.NoStorage;
import io.millrace.objects.ObjectStorage;
import io.millrace.secret.CustomerKeys;
import io.millrace.service.dynamodbstreams.DynamoDbStreams;
import io.millrace.stream.StreamOptions;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;
import io.millrace.wire.Page;
import io.millrace.wire.Service;
import io.millrace.wire.ServiceException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/// DynamoDB and its streams without HTTP: requests and answers as JSON, with `'` for `"`.
public final class DynamoDbFixture implements AutoCloseable {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Caller CALLER =
            new Caller(
                    "000000000000",
                    "us-east-1",
                    "arn:aws:iam::000000000000:root",
                    "000000000000",
                    "request",
                    "http://localhost:4566");

    /// A clock that is moved by hand.
    public static final class ManualClock implements InstantSource {
        private volatile Instant now = Instant.parse("2026-01-02T03:04:05.678Z");

        @Override
        public Instant instant() {
            return now;
        }

        public void advance(Duration duration) {
            now = now.plus(duration);
        }
    }

    private final ManualClock clock = new ManualClock();
    private final Ids ids = new Ids(new SplittableRandom(7));
    private Supplier<Store> open;
    private boolean resting;
    private StreamOptions options = StreamOptions.DEFAULT;
    private ObjectStorage objects = new NoStorage();
    private Store store;
    private DynamoDb dynamoDb;
    private Service tables;
    private Service streams;

    private DynamoDbFixture(Supplier<Store> open) {
        this.open = open;
        this.store = open.get();
        this.dynamoDb = new DynamoDb(store, clock, ids, dynamoDbOptions());
        this.tables = dynamoDb.service();
        this.streams = DynamoDbStreams.service(store, clock, options, DynamoDb.images());
    }

    public static DynamoDbFixture inMemory() {
        return new DynamoDbFixture(MemoryStore::new);
    }

    public static DynamoDbFixture onDisk(Path directory) {
        return new DynamoDbFixture(() -> RocksStore.open(directory));
    }

    public ManualClock clock() {
        return clock;
    }

    public Store store() {
        return store;
    }

    /// To be served.
    public List<Service> services() {
        return List.of(tables, streams);
    }

    /// Closes the store, and goes on with the one in another directory.
    public void restart(Path directory) {
        open = () -> RocksStore.open(directory);
        restart();
    }

    public void restart() {
        store.close();
        store = open.get();
        dynamoDb = new DynamoDb(store, clock, ids, dynamoDbOptions());
        tables = dynamoDb.service();
        streams = DynamoDbStreams.service(store, clock, options, DynamoDb.images());
    }

    private DynamoDbOptions dynamoDbOptions() {
        return new DynamoDbOptions(resting, options, objects, CustomerKeys.ANY);
    }

    /// Restarts with buckets.
    public void restart(ObjectStorage newObjects) {
        objects = newObjects;
        restart();
    }

    /// Restarts with AWS's rule that some settings can be changed once an hour.
    public void restartResting() {
        resting = true;
        restart();
    }

    /// Restarts with other streams.
    public void restart(StreamOptions newOptions) {
        options = newOptions;
        restart();
    }

    /// Switches the shards that are due.
    public void rollShards() {
        dynamoDb.rollShards();
    }

    /// Deletes what has expired.
    public void expireItems() {
        dynamoDb.expireItems();
    }

    /// The pages that are served beside the operations.
    public List<Page> pages() {
        return dynamoDb.pages("us-east-1");
    }

    /// Goes on with the store in another directory.
    public void move(Path directory) {
        open = () -> RocksStore.open(directory);
        restart();
    }

    /// Does the background work that there is.
    public void finishJobs() {
        dynamoDb.finishJobs();
    }

    /// One step of each job there is.
    public void stepJobs() {
        dynamoDb.stepJobs();
    }

    public static JsonNode json(String text) {
        return MAPPER.readTree(text.replace('\'', '"'));
    }

    public JsonNode call(String action, String request) {
        OperationModel<?, ?> operation = tables.model().operation(action);
        Service service = operation == null ? streams : tables;
        return call(service, Objects.requireNonNull(service.model().operation(action)), request);
    }

    /// A call from another account.
    public JsonNode callAs(String accountId, String action, String request) {
        Caller other =
                new Caller(
                        accountId,
                        CALLER.region(),
                        "arn:aws:iam::" + accountId + ":root",
                        accountId,
                        "request",
                        CALLER.endpoint());
        OperationModel<?, ?> operation = tables.model().operation(action);
        Service service = operation == null ? streams : tables;
        return call(
                service, Objects.requireNonNull(service.model().operation(action)), request, other);
    }

    /// A call to another region.
    public JsonNode callIn(String region, String action, String request) {
        Caller there =
                new Caller(
                        CALLER.accountId(),
                        region,
                        CALLER.principalArn(),
                        CALLER.userId(),
                        CALLER.requestId(),
                        CALLER.endpoint());
        OperationModel<?, ?> operation = tables.model().operation(action);
        Service service = operation == null ? streams : tables;
        return call(
                service, Objects.requireNonNull(service.model().operation(action)), request, there);
    }

    /// Code and message of the refusal of a call to another region.
    public String refusedIn(String region, String action, String request) {
        ServiceException refusal =
                Objects.requireNonNull(
                        catchThrowableOfType(
                                ServiceException.class, () -> callIn(region, action, request)),
                        () -> action + " was not refused");
        return refusal.error().code() + ": " + refusal.message();
    }

    /// Code and message of the refusal of a call from another account.
    public String refusedAs(String accountId, String action, String request) {
        ServiceException refusal =
                Objects.requireNonNull(
                        catchThrowableOfType(
                                ServiceException.class, () -> callAs(accountId, action, request)),
                        () -> action + " was not refused");
        return refusal.error().code() + ": " + refusal.message();
    }

    private static <I extends Shape, O extends Shape> JsonNode call(
            Service service, OperationModel<I, O> model, String request) {
        return call(service, model, request, CALLER);
    }

    private static <I extends Shape, O extends Shape> JsonNode call(
            Service service, OperationModel<I, O> model, String request, Caller caller) {
        byte[] bytes = request.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        I input = JsonShapeReader.read(bytes, model.input());
        List<String> violations = Constraints.check(input);
        if (!violations.isEmpty()) {
            throw service.constraintError(input, violations);
        }
        Operation<I, O> operation = Objects.requireNonNull(service.operation(model));
        return MAPPER.readTree(
                JsonShapeWriter.write(operation.handle(caller.calling(model.name()), input)));
    }

    public ServiceException refusal(String action, String request) {
        return Objects.requireNonNull(
                catchThrowableOfType(ServiceException.class, () -> call(action, request)),
                () -> action + " was not refused");
    }

    /// Code and message of a refusal.
    public String refused(String action, String request) {
        ServiceException refusal = refusal(action, request);
        return refusal.error().code() + ": " + refusal.message();
    }

    /// A table with the partition key `p` (a string), on demand.
    public void createTable(String name) {
        call(
                "CreateTable",
                """
                {'TableName': '%s', 'BillingMode': 'PAY_PER_REQUEST',
                 'AttributeDefinitions': [{'AttributeName': 'p', 'AttributeType': 'S'}],
                 'KeySchema': [{'AttributeName': 'p', 'KeyType': 'HASH'}]}
                """
                        .formatted(name));
    }

    /// A table with the partition key `p` (a string) and a sort key `s`, on demand.
    public void createTable(String name, String sortType) {
        createTable(name, sortType, "");
    }

    /// As above, with more of CreateTable's members.
    ///
    /// @param more further members, each with a comma at its end
    public void createTable(String name, String sortType, String more) {
        call(
                "CreateTable",
                """
                {'TableName': '%s', 'BillingMode': 'PAY_PER_REQUEST', %s
                 'AttributeDefinitions': [{'AttributeName': 'p', 'AttributeType': 'S'},
                                          {'AttributeName': 's', 'AttributeType': '%s'}],
                 'KeySchema': [{'AttributeName': 'p', 'KeyType': 'HASH'},
                               {'AttributeName': 's', 'KeyType': 'RANGE'}]}
                """
                        .formatted(name, more, sortType));
    }

    public void put(String table, String item) {
        call("PutItem", "{'TableName': '" + table + "', 'Item': " + item + "}");
    }

    @Override
    public void close() {
        store.close();
    }
}
