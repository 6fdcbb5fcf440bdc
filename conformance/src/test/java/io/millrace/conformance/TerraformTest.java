package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// Terraform's AWS provider makes a stack, finds nothing to change in it, changes it, finds nothing
/// more to change, and takes it down. Runs where Terraform is on the path and the property
/// `millrace.terraformMirror` names a folder with the provider; it fetches nothing.
final class TerraformTest {

    private static final List<String> STACK =
            List.of("stack.tf", "data.tf", "events.tf", "iam.tf", "kms.tf");

    @TempDir private Path folder;

    @Test
    void appliesChangesFindsNothingToChangeAndDestroys() throws Exception {
        String mirror = System.getProperty("millrace.terraformMirror", "");
        assumeTrue(
                !mirror.isEmpty() && isOnPath(),
                "Terraform or a mirror of its AWS provider (-Dmillrace.terraformMirror) is missing");
        try (MillraceServer server = MillraceServer.start()) {
            prepare(mirror, server);

            run(0, "init", "-no-color", "-input=false");
            for (String round : List.of("round=1", "round=2")) {
                run(0, "apply", "-no-color", "-input=false", "-auto-approve", "-var", round);
                // 2 would be changes
                run(0, "plan", "-no-color", "-input=false", "-detailed-exitcode", "-var", round);
            }
            run(0, "destroy", "-no-color", "-input=false", "-auto-approve");
        }
    }

    private void prepare(String mirror, MillraceServer server) throws IOException {
        Files.writeString(
                folder.resolve("terraform.rc"),
                "provider_installation {\n  filesystem_mirror {\n    path = \"%s\"\n  }\n}\n"
                        .formatted(mirror));
        for (String part : STACK) {
            try (var stack = TerraformTest.class.getResourceAsStream("/terraform/" + part)) {
                Files.writeString(
                        folder.resolve(part),
                        new String(
                                        Objects.requireNonNull(stack, part).readAllBytes(),
                                        StandardCharsets.UTF_8)
                                .replace("ENDPOINT", server.endpoint().toString()));
            }
        }
    }

    private static boolean isOnPath() throws InterruptedException {
        try {
            return new ProcessBuilder("terraform", "version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private void run(int status, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("terraform"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("TF_CLI_CONFIG_FILE", folder.resolve("terraform.rc").toString());
        builder.environment().put("CHECKPOINT_DISABLE", "1");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).as(output).isTrue();
        assertThat(process.exitValue()).as(output).isEqualTo(status);
    }
}
