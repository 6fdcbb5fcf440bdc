package io.millrace.bench;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The servers that ours is compared with, each as fast as it gets: in memory where it can. One
/// that cannot be had on a machine is left out, with a line that says why.
final class Peers {

    private Peers() {}

    /// Starts what there is.
    ///
    /// @param folder what `millrace bench` fetched; null for none of that
    /// @param endpoints further ones that are there already, as `NAME=URL`
    static List<ServerUnderTest> start(@Nullable Path folder, List<String> endpoints)
            throws IOException, InterruptedException {
        List<ServerUnderTest> peers = new ArrayList<>();
        if (folder != null) {
            dynamodbLocal(peers, folder.resolve("dynamodb-local/target/lib"));
            elasticmq(peers, folder.resolve("elasticmq/target/lib"));
            dynalite(peers, folder.resolve("dynalite/target/node_modules/dynalite/cli.js"));
            moto(peers);
        }
        for (String endpoint : endpoints) {
            String[] parts = endpoint.split("=", 2);
            if (parts.length != 2) {
                throw new IllegalArgumentException("--endpoint wants NAME=URL, not " + endpoint);
            }
            peers.add(ServerUnderTest.at(parts[0], URI.create(parts[1])));
        }
        return peers;
    }

    private static void dynamodbLocal(List<ServerUnderTest> peers, Path lib)
            throws IOException, InterruptedException {
        String name = "DynamoDB Local";
        if (isThere(name, lib)) {
            int port = ServerUnderTest.freePort();
            List<String> command =
                    List.of(
                            java(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-Djava.library.path=" + lib,
                            "-cp",
                            lib + File.separator + "*",
                            "software.amazon.dynamodb.services.local.main.ServerRunner",
                            "-inMemory",
                            "-disableTelemetry",
                            "-port",
                            Integer.toString(port));
            add(peers, name, Set.of(Scenario.Api.DYNAMODB), port, command);
        }
    }

    private static void elasticmq(List<ServerUnderTest> peers, Path lib)
            throws IOException, InterruptedException {
        String name = "ElasticMQ";
        if (isThere(name, lib)) {
            int port = ServerUnderTest.freePort();
            List<String> command =
                    List.of(
                            java(),
                            "-Drest-sqs.bind-hostname=127.0.0.1",
                            "-Drest-sqs.bind-port=" + port,
                            "-Dnode-address.port=" + port,
                            "-Drest-stats.enabled=false",
                            "-cp",
                            lib + File.separator + "*",
                            "org.elasticmq.server.Main");
            add(peers, name, Set.of(Scenario.Api.SQS), port, command);
        }
    }

    private static void dynalite(List<ServerUnderTest> peers, Path script)
            throws IOException, InterruptedException {
        String name = "dynalite";
        if (isThere(name, script)) {
            int port = ServerUnderTest.freePort();
            List<String> command =
                    List.of(
                            "node",
                            script.toString(),
                            "--host",
                            "127.0.0.1",
                            "--port",
                            Integer.toString(port),
                            "--createTableMs",
                            "0");
            add(peers, name, Set.of(Scenario.Api.DYNAMODB), port, command);
        }
    }

    private static void moto(List<ServerUnderTest> peers) throws IOException, InterruptedException {
        int port = ServerUnderTest.freePort();
        List<String> command =
                List.of("moto_server", "-H", "127.0.0.1", "-p", Integer.toString(port));
        Set<Scenario.Api> services =
                Set.of(
                        Scenario.Api.DYNAMODB,
                        Scenario.Api.SQS,
                        Scenario.Api.SNS,
                        Scenario.Api.EVENTS);
        add(peers, "moto", services, port, command);
    }

    private static boolean isThere(String name, Path path) {
        boolean there = Files.exists(path);
        if (!there) {
            System.out.println(name + " is left out: it could not be fetched.");
        }
        return there;
    }

    private static void add(
            List<ServerUnderTest> peers,
            String name,
            Set<Scenario.Api> services,
            int port,
            List<String> command)
            throws InterruptedException {
        try {
            peers.add(ServerUnderTest.start(name, services, port, command, Map.of()));
        } catch (IOException e) {
            System.out.println(name + " is left out: " + e.getMessage());
        }
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
