package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.app.Configuration;
import io.millrace.app.Millrace;
import io.millrace.audit.AuditOptions;
import io.millrace.cloudtrail.CloudTrailMode;
import io.millrace.notification.NotificationOptions;
import io.millrace.wire.Credential;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.ApiDestinationHttpMethod;
import software.amazon.awssdk.services.eventbridge.model.ConnectionAuthorizationType;
import software.amazon.awssdk.services.eventbridge.model.ConnectionOAuthHttpMethod;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AccessKey;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;

/// Secrets of every kind are given to a whole server, which is then used well and badly; none of
/// them is afterwards in its log, its files, its pages, its records of calls or its refusals.
final class SecretsStaySecretTest {
    private static final String KEY_ID = "AKIDPLANTED000000001";

    @TempDir private Path folder;

    private final Random random = new Random();
    private final Map<String, String> planted = new TreeMap<>();
    private final Map<String, String> told = new ConcurrentHashMap<>();
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final Handler handler = new Capture(new PrintStream(logged, true));
    private final Logger logger = Logger.getLogger("io.millrace");
    private final List<AutoCloseable> clients = new ArrayList<>();
    private Millrace millrace;
    private AwsCredentials root;

    @BeforeEach
    void start() throws Exception {
        logger.addHandler(handler);
        logger.setLevel(Level.ALL);
        root = AwsBasicCredentials.create(KEY_ID, plant("secret access key"));
        byte[] masterKey = new byte[32];
        random.nextBytes(masterKey);
        String master = Base64.getEncoder().encodeToString(masterKey);
        planted.put("master key", master);
        millrace =
                Millrace.start(
                        Configuration.of(folder.resolve("data"))
                                .withCredentials(
                                        new Credential(KEY_ID, root.secretAccessKey(), null))
                                .withMasterKey(master)
                                .withCloudTrail(CloudTrailMode.ALL)
                                .withAudit(
                                        new AuditOptions(
                                                AuditOptions.Mode.ALL, AuditOptions.RETENTION))
                                .withNotifications(notifications()));
    }

    /// Nobody listens at these.
    private NotificationOptions notifications() {
        return new NotificationOptions(
                "smtp://user:" + plant("SMTP password") + "@127.0.0.1:9",
                "millrace@example.com",
                "http://user:" + plant("gateway password") + "@127.0.0.1:9/sms",
                "http://127.0.0.1:9/push",
                plant("webhook secret"),
                false,
                List.of());
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable client : clients) {
            client.close();
        }
        millrace.close();
        logger.removeHandler(handler);
    }

    @Test
    void noSecretIsToldByAnythingThatTheServerWrites() throws Exception {
        secrets();
        connections();
        keys();
        identities();
        messages();
        brokenRequests();
        pages();
        millrace.close();

        assertThat(leaks()).isEmpty();
    }

    @Test
    void theSearchFindsWhatIsWrittenInTheOpen() throws Exception {
        String description = plant("a description");
        String body = plant("a message");
        SecretsManagerClient client = client(SecretsManagerClient.builder());
        client.createSecret(request -> request.name("s").description(description));
        SqsClient sqs = client(SqsClient.builder());
        String queue = sqs.createQueue(request -> request.queueName("q")).queueUrl();
        sqs.sendMessage(request -> request.queueUrl(queue).messageBody(body));
        String line = plant("a line");
        logger.log(Level.SEVERE, "failed", new IllegalStateException("because of " + line));
        millrace.close();

        assertThat(leaks())
                .anyMatch(leak -> leak.startsWith("a description in data/"))
                .anyMatch(leak -> leak.startsWith("a message in data/"))
                .anyMatch(leak -> leak.equals("a line in the log"));
    }

    private void secrets() {
        SecretsManagerClient client = client(SecretsManagerClient.builder());
        String first = plant("secret value");
        client.createSecret(request -> request.name("db").secretString(first));
        SdkBytes bytes = SdkBytes.fromUtf8String(plant("secret bytes"));
        client.putSecretValue(request -> request.secretId("db").secretBinary(bytes));
        client.getSecretValue(request -> request.secretId("db").versionStage("AWSPREVIOUS"));
        client.batchGetSecretValue(request -> request.secretIdList("db", "missing"));
        planted.put("random password", client.getRandomPassword(request -> {}).randomPassword());
        String refused = plant("refused value");
        refused(() -> client.createSecret(r -> r.name("db").secretString(refused)));
        refused(() -> client.createSecret(r -> r.name("a b").secretString(refused)));
        refused(() -> client.putSecretValue(r -> r.secretId("none").secretString(refused)));
        refused(() ->
                client.putSecretValue(r -> r.secretId("db").secretString(refused.repeat(5_000))));
        refused(() ->
                client.putSecretValue(
                        r -> r.secretId("db").secretString(refused).secretBinary(bytes)));
    }

    private void connections() {
        EventBridgeClient client = client(EventBridgeClient.builder());
        String key = plant("API key");
        String arn =
                client.createConnection(request ->
                                request.name("key")
                                        .authorizationType(ConnectionAuthorizationType.API_KEY)
                                        .authParameters(parameters ->
                                                parameters.apiKeyAuthParameters(p ->
                                                        p.apiKeyName("x-key").apiKeyValue(key))))
                        .connectionArn();
        String password = plant("connection password");
        client.createConnection(request ->
                request.name("basic")
                        .authorizationType(ConnectionAuthorizationType.BASIC)
                        .authParameters(parameters ->
                                parameters.basicAuthParameters(
                                        p -> p.username("u").password(password))));
        String secret = plant("OAuth client secret");
        client.createConnection(request ->
                request.name("oauth")
                        .authorizationType(ConnectionAuthorizationType.OAUTH_CLIENT_CREDENTIALS)
                        .authParameters(parameters ->
                                parameters.oAuthParameters(p ->
                                        p.authorizationEndpoint("https://127.0.0.1:9/token")
                                                .httpMethod(ConnectionOAuthHttpMethod.POST)
                                                .clientParameters(c ->
                                                        c.clientID("id").clientSecret(secret)))));
        refused(() ->
                client.createConnection(request ->
                        request.name("key")
                                .authorizationType(ConnectionAuthorizationType.BASIC)
                                .authParameters(parameters ->
                                        parameters.basicAuthParameters(
                                                p -> p.username("u").password(password)))));
        String destination =
                client.createApiDestination(request ->
                                request.name("d")
                                        .connectionArn(arn)
                                        .httpMethod(ApiDestinationHttpMethod.POST)
                                        .invocationEndpoint("https://127.0.0.1:9/in"))
                        .apiDestinationArn();
        client.putRule(request -> request.name("r").eventPattern("{\"source\":[\"app\"]}"));
        client.putTargets(request ->
                request.rule("r")
                        .targets(
                                Target.builder()
                                        .id("1")
                                        .arn(destination)
                                        .roleArn("arn:aws:iam::000000000000:role/r")
                                        .build()));
        client.putEvents(request ->
                request.entries(
                        PutEventsRequestEntry.builder()
                                .source("app")
                                .detailType("t")
                                .detail("{}")
                                .build()));
        client.describeConnection(request -> request.name("oauth"));
    }

    private void keys() {
        KmsClient client = client(KmsClient.builder());
        String key = client.createKey(request -> {}).keyMetadata().keyId();
        SdkBytes plaintext = SdkBytes.fromUtf8String(plant("KMS plaintext"));
        SdkBytes sealed =
                client.encrypt(request -> request.keyId(key).plaintext(plaintext)).ciphertextBlob();
        client.decrypt(request -> request.ciphertextBlob(sealed));
        byte[] dataKey =
                client.generateDataKey(request -> request.keyId(key).keySpec("AES_256"))
                        .plaintext()
                        .asByteArray();
        planted.put("KMS data key", Base64.getEncoder().encodeToString(dataKey));
        refused(() -> client.encrypt(request -> request.keyId("none").plaintext(plaintext)));
        refused(() -> client.decrypt(request -> request.ciphertextBlob(plaintext)));
    }

    private void identities() {
        IamClient iam = client(IamClient.builder());
        iam.createUser(request -> request.userName("alice"));
        AccessKey key = iam.createAccessKey(request -> request.userName("alice")).accessKey();
        planted.put("user's access key", key.secretAccessKey());
        AwsCredentials alice = AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey());
        refused(() -> client(SqsClient.builder(), alice).listQueues());
        Credentials session =
                client(StsClient.builder(), alice).getSessionToken(request -> {}).credentials();
        planted.put("session's access key", session.secretAccessKey());
        planted.put("session token", session.sessionToken());
        AwsCredentials temporary =
                AwsSessionCredentials.create(
                        session.accessKeyId(), session.secretAccessKey(), session.sessionToken());
        refused(() -> client(SqsClient.builder(), temporary).listQueues());
        AwsCredentials wrong = AwsBasicCredentials.create(KEY_ID, plant("wrong access key"));
        refused(() -> client(SqsClient.builder(), wrong).listQueues());
        AwsCredentials foreign =
                AwsSessionCredentials.create(
                        "ASIAFOREIGN", plant("foreign access key"), plant("foreign token"));
        refused(() ->
                client(SecretsManagerClient.builder(), foreign)
                        .createSecret(r -> r.name("x").secretString(plant("stranger's value"))));
    }

    /// To gateways that do not answer.
    private void messages() {
        SnsClient client = client(SnsClient.builder());
        client.publish(request -> request.phoneNumber("+15555550100").message("hello"));
        String credential = plant("platform credential");
        client.createPlatformApplication(request ->
                request.name("app")
                        .platform("GCM")
                        .attributes(Map.of("PlatformCredential", credential)));
        refused(() ->
                client.createPlatformApplication(request ->
                        request.name("app")
                                .platform("none")
                                .attributes(Map.of("PlatformCredential", credential))));
    }

    /// What no SDK sends: bodies that are no JSON, members of another type, no signature.
    private void brokenRequests() throws Exception {
        String value = plant("value in a broken request");
        for (String body :
                List.of(
                        "{\"Name\":\"x\",\"SecretString\":\"" + value,
                        "{\"Name\":\"x\",\"SecretString\":[\"" + value + "\"]}",
                        "{\"Name\":\"x\",\"SecretString\":{\"" + value + "\":1}}",
                        "{\"Name\":\"x\",\"SecretBinary\":\"" + value + "!\"}",
                        "{\"Name\":[],\"SecretString\":\"" + value + "\"}",
                        value)) {
            try (SignedRequests signed =
                    new SignedRequests(URI.create(millrace.endpoint()), root)) {
                SignedRequests.Text answer =
                        signed.json("secretsmanager", "secretsmanager.CreateSecret", body);
                tell("answer to " + body.length() + " bytes", answer.body());
            }
            HttpRequest unsigned =
                    HttpRequest.newBuilder(URI.create(millrace.endpoint()))
                            .header("X-Amz-Target", "secretsmanager.CreateSecret")
                            .header("Content-Type", "application/x-amz-json-1.1")
                            .header("X-Amz-Security-Token", value)
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build();
            try (HttpClient http = HttpClient.newHttpClient()) {
                tell("an unsigned answer", http.send(unsigned, BodyHandlers.ofString()).body());
            }
        }
    }

    private void pages() throws IOException {
        try (SignedRequests signed = new SignedRequests(URI.create(millrace.endpoint()), root)) {
            for (String page :
                    List.of(
                            "/_millrace/trace",
                            "/_millrace/audit",
                            "/_millrace/outbox/failed",
                            "/_millrace/health",
                            "/_millrace/sns/mailbox",
                            "/")) {
                tell("page " + page, signed.page("events", page).body());
            }
        }
    }

    private void refused(Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        SdkException.class,
                        e -> tell("refusal " + told.size(), String.valueOf(e.getMessage())));
    }

    private void tell(String where, String text) {
        told.merge(where, text, String::concat);
    }

    private String plant(String kind) {
        byte[] bytes = new byte[20];
        random.nextBytes(bytes);
        String text = HexFormat.of().formatHex(bytes);
        planted.put(kind, text);
        return text;
    }

    /// Each as what leaked where.
    private List<String> leaks() throws IOException {
        List<String> leaks = new ArrayList<>();
        find(leaks, "the log", logged.toString(StandardCharsets.UTF_8));
        told.forEach((where, text) -> find(leaks, where, text));
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                find(
                        leaks,
                        folder.relativize(file).toString(),
                        Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return leaks;
    }

    /// As it is, and in base 64.
    private void find(List<String> leaks, String where, String text) {
        planted.forEach((kind, secret) -> {
            String coded =
                    Base64.getEncoder()
                            .withoutPadding()
                            .encodeToString(secret.getBytes(StandardCharsets.UTF_8));
            if (text.contains(secret) || text.contains(coded)) {
                leaks.add(kind + " in " + where);
            }
        });
    }

    private <B extends AwsClientBuilder<B, C>, C extends AutoCloseable> C client(B builder) {
        return client(builder, root);
    }

    private <B extends AwsClientBuilder<B, C>, C extends AutoCloseable> C client(
            B builder, AwsCredentials credentials) {
        if (builder instanceof AwsSyncClientBuilder<?, ?> sync) {
            sync.httpClientBuilder(UrlConnectionHttpClient.builder());
        }
        C client =
                builder.endpointOverride(URI.create(millrace.endpoint()))
                        .overrideConfiguration(c -> c.retryStrategy(r -> r.maxAttempts(1)))
                        .region(Region.US_EAST_1)
                        .credentialsProvider(StaticCredentialsProvider.create(credentials))
                        .build();
        clients.add(client);
        return client;
    }

    /// Writes what a server would, with stack traces.
    private static final class Capture extends Handler {
        private final PrintStream out;

        Capture(PrintStream out) {
            this.out = out;
        }

        @Override
        public void publish(LogRecord record) {
            out.println(record.getMessage());
            if (record.getThrown() != null) {
                record.getThrown().printStackTrace(out);
            }
        }

        @Override
        public void flush() {
            out.flush();
        }

        @Override
        public void close() {
            out.close();
        }
    }
}
