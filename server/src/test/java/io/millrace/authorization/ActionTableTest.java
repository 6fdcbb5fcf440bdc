package io.millrace.authorization;

import static org.assertj.core.api.Assertions.assertThat;

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

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

final class ActionTableTest {
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
}
