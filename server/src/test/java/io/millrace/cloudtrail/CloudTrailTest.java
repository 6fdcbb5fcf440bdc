package io.millrace.cloudtrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.ErrorModel;
import io.millrace.api.ServiceModel;
import io.millrace.api.Shape;
import io.millrace.api.Unit;
import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.DynamodbApi;
import io.millrace.api.dynamodb.PutItemInput;
import io.millrace.api.sns.SnsApi;
import io.millrace.api.sqs.CreateQueueRequest;
import io.millrace.api.sqs.CreateQueueResult;
import io.millrace.api.sqs.SendMessageRequest;
import io.millrace.api.sqs.SqsApi;
import io.millrace.callrecord.UnsignedCalls;
import io.millrace.delivery.EventBuses;
import io.millrace.delivery.StoreTarget.Outcome;
import io.millrace.engine.MemoryStore;
import io.millrace.engine.Transaction;
import io.millrace.http.Client;
import io.millrace.pattern.Arn;
import io.millrace.wire.CallObserver;
import io.millrace.wire.Caller;
import io.millrace.wire.Credential;
import io.millrace.wire.Identity;
import io.millrace.wire.Ids;
import io.millrace.wire.Permissions;
import io.millrace.wire.PrincipalType;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

final class CloudTrailTest implements EventBuses {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07.890Z");

    private final List<Event> events = new ArrayList<>();
    private final List<String> buses = new ArrayList<>();
    private @Nullable Identity signer;

    @Override
    public Outcome put(
            Transaction transaction,
            Arn bus,
            Event event,
            String senderId,
            @Nullable String sourceArn) {
        events.add(event);
        buses.add(bus.toString());
        return new Outcome.Delivered("e");
    }

    @Test
    void tellsAChangeAsCloudTrailDoes() {
        answered(
                SqsApi.MODEL,
                "CreateQueue",
                CreateQueueRequest.builder()
                        .queueName("q")
                        .attributes(Map.of("VisibilityTimeout", "5"))
                        .build(),
                CreateQueueResult.builder().queueUrl("http://h/q").build(),
                null);

        assertThat(buses)
                .containsExactly("arn:aws:events:eu-west-1:111122223333:event-bus/default");
        Event event = events.getFirst();
        assertThat(event.source()).isEqualTo("aws.sqs");
        assertThat(event.detailType()).isEqualTo("AWS API Call via CloudTrail");
        JsonNode detail = JSON.readTree(event.detail());
        assertThat(detail.path("eventID").asString()).hasSize(36);
        assertThat(event.detail().replaceAll("\"eventID\":\"[^\"]*\"", "\"eventID\":\"E\""))
                .isEqualTo(
                        "{\"eventVersion\":\"1.09\",\"userIdentity\":{\"type\":\"Root\","
                                + "\"principalId\":\"111122223333\","
                                + "\"arn\":\"arn:aws:iam::111122223333:root\","
                                + "\"accountId\":\"111122223333\",\"accessKeyId\":\"AKIA\"},"
                                + "\"eventTime\":\"2026-03-04T05:06:07Z\","
                                + "\"eventSource\":\"sqs.amazonaws.com\","
                                + "\"eventName\":\"CreateQueue\",\"awsRegion\":\"eu-west-1\","
                                + "\"sourceIPAddress\":\"10.0.0.9\",\"userAgent\":\"a \\\"sdk\\\"\","
                                + "\"requestParameters\":{\"queueName\":\"q\","
                                + "\"attributes\":{\"VisibilityTimeout\":\"5\"}},"
                                + "\"responseElements\":{\"queueUrl\":\"http://h/q\"},"
                                + "\"requestID\":\"r\",\"eventID\":\"E\",\"readOnly\":false,"
                                + "\"eventType\":\"AwsApiCall\",\"apiVersion\":\"2012-11-05\","
                                + "\"managementEvent\":true,"
                                + "\"recipientAccountId\":\"111122223333\","
                                + "\"eventCategory\":\"Management\"}");
    }

    @Test
    void tellsWhoseRoleASessionIsOf() {
        signer =
                new Identity(
                        new Credential("ASIA", "s", "t"),
                        "111122223333",
                        "arn:aws:sts::111122223333:assumed-role/worker/s1",
                        "AROA:s1",
                        PrincipalType.ASSUMED_ROLE,
                        Permissions.ROOT,
                        Map.of(
                                "aws:principalarn",
                                List.of("arn:aws:iam::111122223333:role/path/worker")));

        answered(SqsApi.MODEL, "CreateQueue", null, null, null);

        JsonNode identity = JSON.readTree(events.getFirst().detail()).path("userIdentity");
        assertThat(identity.path("type").asString()).isEqualTo("AssumedRole");
        JsonNode issuer = identity.path("sessionContext").path("sessionIssuer");
        assertThat(issuer.toString())
                .isEqualTo(
                        "{\"type\":\"Role\",\"principalId\":\"111122223333\","
                                + "\"arn\":\"arn:aws:iam::111122223333:role/path/worker\","
                                + "\"accountId\":\"111122223333\",\"userName\":\"worker\"}");
    }

    @Test
    void tellsARefusal() {
        answered(
                SqsApi.MODEL,
                "CreateQueue",
                null,
                null,
                ErrorModel.of("InvalidParameterValue", 400));

        JsonNode detail = JSON.readTree(events.getFirst().detail());
        assertThat(detail.path("errorCode").asString()).isEqualTo("InvalidParameterValue");
        assertThat(detail.path("errorMessage").asString()).isEqualTo("no \"good\"");
        assertThat(detail.path("requestParameters").isNull()).isTrue();
        assertThat(detail.path("responseElements").isNull()).isTrue();
    }

    @Test
    void hidesWhatMustNotBeTold() {
        answered(
                SqsApi.MODEL,
                "SendMessage",
                SendMessageRequest.builder().queueUrl("u").messageBody("private").build(),
                null,
                null);
        answered(
                DynamodbApi.MODEL,
                "PutItem",
                PutItemInput.builder()
                        .tableName("t")
                        .item(
                                Map.of(
                                        "id",
                                        new AttributeValue.S("private"),
                                        "list",
                                        new AttributeValue.L(
                                                List.of(new AttributeValue.S("private")))))
                        .build(),
                null,
                null);

        assertThat(events).noneMatch(event -> event.detail().contains("private"));
        JsonNode put = JSON.readTree(events.getLast().detail());
        assertThat(put.path("requestParameters").path("item").path("id").asString())
                .isEqualTo("HIDDEN_DUE_TO_SECURITY_REASONS");
        assertThat(put.path("managementEvent").asBoolean(true)).isFalse();
        assertThat(put.path("eventCategory").asString()).isEqualTo("Data");
    }

    @Test
    void leavesOutWhatIsTooLong() {
        answered(
                SqsApi.MODEL,
                "CreateQueue",
                CreateQueueRequest.builder().queueName("q".repeat(110_000)).build(),
                null,
                null);

        JsonNode parameters = JSON.readTree(events.getFirst().detail()).path("requestParameters");
        assertThat(parameters.path("omitted").asBoolean()).isTrue();
        assertThat(parameters.path("reason").asString()).isEqualTo("requestParameters too large");
        assertThat(parameters.path("originalSize").asInt()).isGreaterThan(110_000);
    }

    @Test
    void aFloodOfCallsWithoutASignatureDoesNotFillTheBus() {
        CloudTrail trail = trail(CloudTrailMode.MANAGEMENT);
        String nobody = Caller.ANONYMOUS;
        Caller caller = new Caller("111122223333", "eu-west-1", nobody, nobody, "r", "http://h");
        for (int i = 0; i < UnsignedCalls.A_MINUTE + 7; i++) {
            trail.answered(
                    new CallObserver.Call(
                            SnsApi.MODEL,
                            "Unsubscribe",
                            caller,
                            null,
                            null,
                            null,
                            Unit.UNIT,
                            null,
                            null));
        }

        assertThat(events).hasSize(UnsignedCalls.A_MINUTE);
    }

    @Test
    void observesWhatTheOperatorWants() {
        assertThat(trail(CloudTrailMode.OFF).observes("sqs", "CreateQueue")).isFalse();
        assertThat(trail(CloudTrailMode.MANAGEMENT).observes("sqs", "CreateQueue")).isTrue();
        assertThat(trail(CloudTrailMode.MANAGEMENT).observes("sqs", "SendMessage")).isFalse();
        assertThat(trail(CloudTrailMode.MANAGEMENT).observes("events", "PutEvents")).isFalse();
        assertThat(trail(CloudTrailMode.ALL).observes("dynamodb", "PutItem")).isTrue();
        assertThat(CloudTrailMode.of("All")).isEqualTo(CloudTrailMode.ALL);
        assertThatThrownBy(() -> CloudTrailMode.of("some"))
                .hasMessage("--cloudtrail is off, management or all, not some");
    }

    private CloudTrail trail(CloudTrailMode mode) {
        return new CloudTrail(mode, new MemoryStore(), () -> NOW, new Ids(new Random(1)), this);
    }

    private void answered(
            ServiceModel service,
            String operation,
            @Nullable Shape input,
            @Nullable Shape output,
            @Nullable ErrorModel error) {
        Caller caller =
                new Caller(
                        "111122223333",
                        "eu-west-1",
                        "arn:aws:iam::111122223333:root",
                        "111122223333",
                        "r",
                        "http://h",
                        operation,
                        "10.0.0.9",
                        Client.UNSEEN,
                        null,
                        signer);
        trail(CloudTrailMode.ALL)
                .answered(
                        new CallObserver.Call(
                                service,
                                operation,
                                caller,
                                "AKIA",
                                "a \"sdk\"",
                                input,
                                output,
                                error,
                                error == null ? null : "no \"good\""));
    }
}
