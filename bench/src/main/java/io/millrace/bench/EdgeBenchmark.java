package io.millrace.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/// What the edge of the server costs: the same requests to servers that are alike but for one
/// thing, in turns. Requests are signed once, before they are measured.
@Command(
        name = "edge",
        mixinStandardHelpOptions = true,
        description =
                "GetItem, PutItem and SendMessage with signatures verified, with policies, with"
                        + " the audit log and with CloudTrail, beside a server without.")
final class EdgeBenchmark implements Callable<Integer> {
    private static final String TABLE = "edge";
    private static final Signer ROOT = new Signer("AKIABENCHBENCHBENCH1", "r".repeat(40));

    private static final String POLICY =
            """
            {"Version":"2012-10-17","Statement":[
            {"Effect":"Allow","Action":["sqs:Get*","sqs:List*"],"Resource":"*"},
            {"Effect":"Allow","Action":["dynamodb:GetItem","dynamodb:PutItem","dynamodb:Query"],
            "Resource":"arn:aws:dynamodb:*:*:table/edge"},
            {"Effect":"Allow","Action":"sqs:SendMessage","Resource":"arn:aws:sqs:*:*:edge",
            "Condition":{"StringEquals":{"aws:RequestedRegion":"us-east-1"}}},
            {"Effect":"Deny","Action":"dynamodb:DeleteTable","Resource":"*"},
            {"Effect":"Deny","Action":"*","Resource":"*",
            "Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}]}\
            """;

    @Option(names = "--launcher", hidden = true, required = true)
    private String launcher = "";

    @Option(names = "--connections", defaultValue = "32", description = "Default: 32.")
    private int connections;

    @Option(names = "--seconds", defaultValue = "2", description = "Of each run; default 2.")
    private double seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "10",
            description = "Seconds for each server and scenario; default 10.")
    private double warmUpSeconds;

    @Option(names = "--rounds", defaultValue = "5", description = "Runs of each; default 5.")
    private int rounds;

    /// A server, what is sent to it, and what came of the runs of the scenario at hand.
    private record Side(
            String name,
            ServerUnderTest server,
            List<Request> requests,
            List<Double> perSecond,
            List<Double> cpuMicros) {}

    @Override
    public Integer call() throws Exception {
        List<Side> sides = new ArrayList<>();
        try {
            add(sides, "development mode", false, Map.of());
            add(sides, "signature verified (root)", false, ROOT.environment());
            add(sides, "and a policy of 5 statements", true, ROOT.environment());
            add(sides, "--audit all", false, Map.of(), "--audit", "all");
            add(sides, "--cloudtrail all", false, Map.of(), "--cloudtrail", "all");
            System.out.println(
                    "| | | operations/s | of the first | server CPU µs each | more |\n"
                            + "|---|---|---:|---:|---:|---:|");
            for (int scenario = 0; scenario < sides.getFirst().requests.size(); scenario++) {
                measure(sides, scenario);
            }
        } finally {
            for (Side side : sides) {
                side.server.close();
            }
        }
        return 0;
    }

    private void measure(List<Side> sides, int scenario) throws IOException, InterruptedException {
        int warmUps = (int) Math.ceil(warmUpSeconds / seconds);
        for (Side side : sides) {
            side.perSecond.clear();
            side.cpuMicros.clear();
        }
        for (int round = 0; round < warmUps + rounds; round++) {
            for (int turn = 0; turn < sides.size(); turn++) {
                run(sides.get((round + turn) % sides.size()), scenario, round >= warmUps);
            }
        }
        Side first = sides.getFirst();
        for (Side side : sides) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %,.0f | %.0f %% | %.1f | %+.1f |%n",
                    side.equals(first) ? side.requests.get(scenario).name() : "",
                    side.name,
                    median(side.perSecond),
                    100 * median(side.perSecond) / median(first.perSecond),
                    median(side.cpuMicros),
                    median(side.cpuMicros) - median(first.cpuMicros));
        }
    }

    private void run(Side side, int scenario, boolean counts)
            throws IOException, InterruptedException {
        Request request = side.requests.get(scenario);
        long before = side.server.cpu().toNanos();
        Load.Result result =
                Load.run(
                        (connection, _, _) -> connection.send(request),
                        side.server.port(),
                        connections,
                        seconds);
        double micros = (side.server.cpu().toNanos() - before) / 1e3;
        if (counts) {
            side.perSecond.add(result.perSecond());
            side.cpuMicros.add(micros / result.count());
        }
    }

    private void add(
            List<Side> sides,
            String name,
            boolean asUser,
            Map<String, String> environment,
            String... options)
            throws IOException, InterruptedException {
        Path data = Files.createTempDirectory("millrace-bench-");
        ServerUnderTest server = ServerUnderTest.millrace(launcher, data, environment, options);
        List<Request> requests = new ArrayList<>();
        sides.add(new Side(name, server, requests, new ArrayList<>(), new ArrayList<>()));
        try (Connection connection = new Connection(server.port())) {
            boolean signed = !environment.isEmpty();
            for (Request request : setUp()) {
                connection.send(signed ? ROOT.sign(request) : request);
            }
            Signer signer = asUser ? user(connection) : ROOT;
            for (Request request : scenarios()) {
                requests.add(signed ? signer.sign(request) : request);
            }
        }
    }

    private static List<Request> setUp() {
        return List.of(
                Request.dynamodb(
                        "CreateTable",
                        """
                        {"TableName":"%s","BillingMode":"PAY_PER_REQUEST",
                        "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],
                        "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]}\
                        """
                                .formatted(TABLE)),
                put(),
                Request.sqs("CreateQueue", "{\"QueueName\":\"%s\"}".formatted(TABLE)));
    }

    private static List<Request> scenarios() {
        return List.of(
                Request.dynamodb(
                        "GetItem",
                        "{\"TableName\":\"%s\",\"Key\":{\"pk\":{\"S\":\"a\"}}}".formatted(TABLE)),
                put(),
                QueueCalls.send("http://localhost/000000000000/" + TABLE, "x".repeat(900)));
    }

    private static Request put() {
        return Request.dynamodb(
                "PutItem",
                "{\"TableName\":\"%s\",\"Item\":{\"pk\":{\"S\":\"a\"},\"data\":{\"S\":\"%s\"}}}"
                        .formatted(TABLE, "x".repeat(900)));
    }

    private static Signer user(Connection connection) throws IOException {
        connection.send(iam("CreateUser", ""));
        connection.send(
                iam(
                        "PutUserPolicy",
                        "&PolicyName=edge&PolicyDocument="
                                + URLEncoder.encode(POLICY, StandardCharsets.UTF_8)));
        String answer = connection.ask(iam("CreateAccessKey", ""));
        return new Signer(
                Text.element(answer, "AccessKeyId"), Text.element(answer, "SecretAccessKey"));
    }

    private static Request iam(String action, String form) {
        return ROOT.sign(
                Request.query(
                        "iam", "Action=" + action + "&Version=2010-05-08&UserName=alice" + form));
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }
}
