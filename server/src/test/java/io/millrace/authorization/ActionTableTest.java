package io.millrace.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.api.OperationModel;
import io.millrace.api.ServiceModel;
import io.millrace.api.dynamodb.DynamodbApi;
import io.millrace.api.dynamodbstreams.DynamodbstreamsApi;
import io.millrace.api.events.EventsApi;
import io.millrace.api.iam.IamApi;
import io.millrace.api.kms.KmsApi;
import io.millrace.api.logs.LogsApi;
import io.millrace.api.pipes.PipesApi;
import io.millrace.api.scheduler.SchedulerApi;
import io.millrace.api.schemas.SchemasApi;
import io.millrace.api.secretsmanager.SecretsmanagerApi;
import io.millrace.api.sns.SnsApi;
import io.millrace.api.sqs.SqsApi;
import io.millrace.api.sts.StsApi;
import io.millrace.policy.Access;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

final class ActionTableTest {
    /// Of operations that the models have and the reference had not when it was read.
    private static final Set<String> NEWER =
            Set.of(
                    "dynamodb:CancelBulkOperation",
                    "dynamodb:DescribeBulkOperation",
                    "dynamodb:ListBulkOperations",
                    "dynamodb:StartBulkPutItems",
                    "iam:AcquireRole",
                    "iam:UpdateDelegationRequest",
                    "logs:GetLogObject");

    private static final Set<String> CALLERS = Set.of("region", "account", "self");

    static Stream<ServiceModel> services() {
        return Stream.of(
                DynamodbApi.MODEL,
                DynamodbstreamsApi.MODEL,
                SqsApi.MODEL,
                SnsApi.MODEL,
                EventsApi.MODEL,
                SchedulerApi.MODEL,
                PipesApi.MODEL,
                SchemasApi.MODEL,
                LogsApi.MODEL,
                StsApi.MODEL,
                IamApi.MODEL,
                KmsApi.MODEL,
                SecretsmanagerApi.MODEL);
    }

    @ParameterizedTest
    @MethodSource("services")
    void everyOperationHasItsActions(ServiceModel service) {
        ActionTable table = ActionTable.of(service.id());

        assertThat(service.operations())
                .allSatisfy(operation ->
                        assertThat(table.needs(operation.name())).as(operation.name()).isNotNull());
    }

    /// A misspelt member would be taken for one that the request does not have.
    @ParameterizedTest
    @MethodSource("services")
    void everyPathBeginsAtAMemberOfTheInput(ServiceModel service) {
        ActionTable table = ActionTable.of(service.id());

        for (OperationModel<?, ?> operation : service.operations()) {
            Set<String> members =
                    operation.input().members().stream()
                            .flatMap(member -> Stream.of(member.name(), capital(member.name())))
                            .collect(Collectors.toSet());
            assertThat(paths(table, operation))
                    .as(operation.name())
                    .allSatisfy(path -> assertThat(members).contains(path.split("\\.", -1)[0]));
        }
    }

    /// As the model has it, of which the URL has the first letter small.
    private static String capital(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    private static List<String> paths(ActionTable table, OperationModel<?, ?> operation) {
        List<String> paths = new ArrayList<>();
        ActionTable.Needs needs = table.needs(operation.name());
        for (ActionLine line : needs == null ? List.<ActionLine>of() : needs.lines()) {
            add(line.resource(), paths);
            line.keys().values().forEach(template -> add(template, paths));
            if (line.each() != null) {
                paths.add(line.each());
            }
            if (line.condition() != null && !line.condition().startsWith(".")) {
                paths.add(line.condition());
            }
        }
        return paths;
    }

    private static void add(Template template, List<String> paths) {
        for (Template.Part part : template.parts()) {
            switch (part) {
                case Template.Part.Text _ -> {}
                case Template.Part.Section section -> add(section.inner(), paths);
                case Template.Part.Place place ->
                        place.paths().stream()
                                .filter(path -> !path.startsWith(".") && !CALLERS.contains(path))
                                .forEach(paths::add);
            }
        }
    }

    /// What a service of AWS asks for, and by which keys: see `reference.txt`.
    private record Reference(Set<String> actions, Set<String> keys) {

        static Map<String, Reference> read() throws IOException {
            Map<String, Reference> byService = new HashMap<>();
            try (InputStream in =
                    Objects.requireNonNull(
                            ActionTableTest.class.getResourceAsStream("reference.txt"))) {
                for (String line : new String(in.readAllBytes(), UTF_8).lines().toList()) {
                    if (!line.startsWith("#")) {
                        String[] halves = line.split(" = ?", 2);
                        String[] words = halves[0].split(" ", 2);
                        byService.put(
                                words[0],
                                new Reference(
                                        Set.of(words[1].split(" ")), Set.of(halves[1].split(" "))));
                    }
                }
            }
            return byService;
        }

        boolean hasKey(String key) {
            return keys.stream().anyMatch(each -> key.equals(each) || key.startsWith(each + ":"));
        }
    }

    @ParameterizedTest
    @MethodSource("services")
    void actionsAndConditionKeysAreThoseOfAws(ServiceModel service) throws IOException {
        Map<String, Reference> references = Reference.read();
        ActionTable table = ActionTable.of(service.id());

        for (OperationModel<?, ?> operation : service.operations()) {
            ActionTable.Needs needs = table.needs(operation.name());
            for (ActionLine line : needs == null ? List.<ActionLine>of() : needs.lines()) {
                String[] action = line.action().split(":", -1);
                Reference reference =
                        Objects.requireNonNull(
                                references.get(action[0].toLowerCase(Locale.ROOT)), line.action());
                if (!NEWER.contains(line.action())) {
                    assertThat(reference.actions()).contains(action[1]);
                }
                for (String key : line.keys().keySet()) {
                    String[] name = key.split(":", 2);
                    if (name[0].equals("aws")) {
                        assertThat(Access.knows(key)).as(key).isTrue();
                        continue;
                    }
                    Reference named = Objects.requireNonNull(references.get(name[0]), key);
                    assertThat(named.hasKey(name[1])).as(key).isTrue();
                }
            }
        }
    }
}
