package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Constraints;
import io.millrace.api.ErrorModel;
import io.millrace.api.Unit;
import io.millrace.api.scheduler.CreateScheduleOutput;
import io.millrace.api.scheduler.SchedulerApi;
import io.millrace.api.scheduler.UntagResourceOutput;
import io.millrace.api.schemas.GetCodeBindingSourceResponse;
import io.millrace.api.schemas.SchemasApi;
import io.millrace.http.Headers;
import io.millrace.http.Request;
import io.millrace.http.Response;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// restJson1, on the models of Scheduler and Schemas.
final class RestDialectTest {
    private final List<Object> seen = new ArrayList<>();
    private final Gateway gateway =
            new Gateway(
                    new Gateway.Settings("1", "us-east-1", Identities.of(List.of()), () -> true),
                    InstantSource.fixed(Instant.EPOCH),
                    new Ids(new Random(1)),
                    List.of(scheduler(), schemas()),
                    List.of());

    private static ServiceException invalid(List<String> violations) {
        return new ServiceException(
                ErrorModel.of("ValidationException", 400), Constraints.message(violations));
    }

    private Service scheduler() {
        return Service.of(SchedulerApi.MODEL, 10_000, RestDialectTest::invalid)
                .handle(
                        SchedulerApi.CREATE_SCHEDULE,
                        (_, request) -> {
                            seen.add(request);
                            return CreateScheduleOutput.builder().scheduleArn("arn").build();
                        })
                .handle(
                        SchedulerApi.GET_SCHEDULE,
                        (_, request) -> {
                            seen.add(request.name() + " in " + request.groupName());
                            throw new ServiceException(
                                    SchedulerApi.Errors.RESOURCE_NOT_FOUND_EXCEPTION, "gone");
                        })
                .handle(
                        SchedulerApi.UNTAG_RESOURCE,
                        (_, request) -> {
                            seen.add(request.resourceArn() + request.tagKeys());
                            return UntagResourceOutput.builder().build();
                        })
                .build();
    }

    private Service schemas() {
        return Service.of(SchemasApi.MODEL, 10_000, RestDialectTest::invalid)
                .handle(
                        SchemasApi.GET_CODE_BINDING_SOURCE,
                        (_, _) ->
                                GetCodeBindingSourceResponse.builder()
                                        .body(new byte[] {1, 2, 3})
                                        .build())
                .handle(SchemasApi.DELETE_REGISTRY, (_, _) -> Unit.UNIT)
                .build();
    }

    private Response send(String method, String target, String service, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        int question = target.indexOf('?');
        Headers headers =
                Headers.of(
                        Map.of(
                                "authorization",
                                List.of(
                                        "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/"
                                                + service
                                                + "/aws4_request, SignedHeaders=host,"
                                                + " Signature=00"),
                                "x-amz-date",
                                List.of("20260101T000000Z"),
                                "content-length",
                                List.of(String.valueOf(bytes.length))));
        return gateway.handle(
                new Request(
                        method,
                        question < 0 ? target : target.substring(0, question),
                        question < 0 ? "" : target.substring(question + 1),
                        headers,
                        "127.0.0.1",
                        () -> new ByteArrayInputStream(bytes)));
    }

    private static String text(Response response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    @Test
    void forbidsWhomItDoesNotKnow() {
        Request unsigned =
                new Request(
                        "GET",
                        "/schedules/s",
                        "",
                        Headers.of(Map.of("x-amz-date", List.of("20260101T000000Z"))),
                        "127.0.0.1",
                        () -> new ByteArrayInputStream(new byte[0]));

        Response response = gateway.handle(unsigned);

        assertThat(response.headers())
                .containsEntry("x-amzn-ErrorType", "MissingAuthenticationTokenException");
        assertThat(response.status()).isEqualTo(403);
    }

    @Test
    void readsPathAndBody() {
        Response response =
                send(
                        "POST",
                        "/schedules/a%20b",
                        "scheduler",
                        """
                        {"Name": "not this", "GroupName": "g", "ScheduleExpression": "rate(1 day)",
                        "FlexibleTimeWindow": {"Mode": "OFF"}, "Target": {"Arn": "a", "RoleArn":
                        "arn:aws:iam::000000000000:role/r"}}\
                        """);

        assertThat(seen).isEmpty();
        assertThat(response.status()).isEqualTo(400);
        assertThat(text(response))
                .contains("'a b' at 'name' failed to satisfy constraint", "pattern");
    }

    @Test
    void answersJsonAndErrorsWithTheirTypeInAHeader() {
        Response made =
                send(
                        "POST",
                        "/schedules/ab",
                        "scheduler",
                        """
                        {"ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": {"Mode": "OFF"},
                        "Target": {"Arn": "a", "RoleArn": "arn:aws:iam::000000000000:role/r"}}\
                        """);
        Response gone = send("GET", "/schedules/ab?groupName=g_h", "scheduler", "");

        assertThat(text(made)).isEqualTo("{\"ScheduleArn\":\"arn\"}");
        assertThat(gone.status()).isEqualTo(404);
        assertThat(gone.headers()).containsEntry("x-amzn-ErrorType", "ResourceNotFoundException");
        assertThat(text(gone)).contains("\"gone\"").doesNotContain("__type");
    }

    @Test
    void readsListsOfTheQueryStringAndSlashesOfArns() {
        send(
                "DELETE",
                "/tags/arn%3Aaws%3Ascheduler%3Aus-east-1%3A000000000000%3Aschedule-group%2Fg?TagKeys=a&TagKeys=b",
                "scheduler",
                "");
        send(
                "DELETE",
                "/tags/arn:aws:scheduler:us-east-1:000000000000:schedule-group/g?TagKeys=a",
                "scheduler",
                "");

        assertThat(seen)
                .containsExactly(
                        "arn:aws:scheduler:us-east-1:000000000000:schedule-group/g[a, b]",
                        "arn:aws:scheduler:us-east-1:000000000000:schedule-group/g[a]");
    }

    @Test
    void answersBytesWhereAMemberIsTheBody() {
        Response response =
                send(
                        "GET",
                        "/v1/registries/name/r/schemas/name/s/language/Java8/source",
                        "schemas",
                        "");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).containsExactly(1, 2, 3);
    }

    @Test
    void answersNoBodyWhereThereIsNothingToSay() {
        Response response = send("DELETE", "/v1/registries/name/r", "schemas", "");

        assertThat(response.status()).isEqualTo(204);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void refusesPathsThatAreNotThere() {
        Response response = send("GET", "/schedules/a/b", "scheduler", "");

        assertThat(response.status()).isEqualTo(404);
        assertThat(response.headers())
                .containsEntry("x-amzn-ErrorType", "UnknownOperationException");
    }
}
