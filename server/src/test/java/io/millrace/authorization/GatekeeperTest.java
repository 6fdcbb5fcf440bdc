package io.millrace.authorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.api.OperationModel;
import io.millrace.api.ServiceModel;
import io.millrace.api.Shape;
import io.millrace.api.codec.JsonShapeReader;
import io.millrace.api.dynamodb.DynamodbApi;
import io.millrace.api.events.EventsApi;
import io.millrace.api.iam.IamApi;
import io.millrace.api.kms.KmsApi;
import io.millrace.api.logs.LogsApi;
import io.millrace.api.sns.SnsApi;
import io.millrace.api.sqs.SqsApi;
import io.millrace.api.sts.StsApi;
import io.millrace.http.Client;
import io.millrace.http.Headers;
import io.millrace.http.Request;
import io.millrace.wire.Authorizer;
import io.millrace.wire.Caller;
import io.millrace.wire.Credential;
import io.millrace.wire.Identity;
import io.millrace.wire.Permissions;
import io.millrace.wire.PrincipalType;
import io.millrace.wire.Requested;
import io.millrace.wire.Resources;
import io.millrace.wire.Service;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

final class GatekeeperTest {
    private static final String ACCOUNT = "111122223333";
    private static final String ALICE = "arn:aws:iam::111122223333:user/team/alice";
    private static final String QUEUE = "arn:aws:sqs:eu-west-1:111122223333:orders";
    private static final String SEND =
            "{\"QueueUrl\": \"http://localhost:4566/111122223333/orders\", \"MessageBody\": \"x\"}";
    private static final Map<String, ServiceModel> MODELS =
            Stream.of(
                            DynamodbApi.MODEL,
                            EventsApi.MODEL,
                            IamApi.MODEL,
                            KmsApi.MODEL,
                            LogsApi.MODEL,
                            SnsApi.MODEL,
                            SqsApi.MODEL,
                            StsApi.MODEL)
                    .collect(Collectors.toMap(ServiceModel::id, model -> model));

    private final Gatekeeper gatekeeper =
            new Gatekeeper(
                    InstantSource.fixed(Instant.parse("2026-11-26T12:00:00Z")),
                    List.copyOf(MODELS.keySet()));

    private static Caller caller(Permissions permissions) {
        Identity identity =
                new Identity(
                        new Credential("AKIDALICE", "secret", null),
                        ACCOUNT,
                        ALICE,
                        "AIDAALICE",
                        PrincipalType.USER,
                        permissions,
                        Map.of("aws:username", List.of("alice")));
        return new Caller(
                ACCOUNT,
                "eu-west-1",
                ALICE,
                "AIDAALICE",
                "request-1",
                "http://localhost:4566",
                "",
                "203.0.113.5",
                Client.UNSEEN,
                null,
                identity);
    }

    private static Permissions allowing(String action, String resource) {
        return new Permissions(false, List.of(statement("Allow", action, resource)), null, null);
    }

    private static String statement(String effect, String action, String resource) {
        return """
        {"Version": "2012-10-17", "Statement":
          {"Sid": "One", "Effect": "%s", "Action": "%s", "Resource": "%s"}}
        """
                .formatted(effect, action, resource);
    }

    private Authorizer.Call call(
            Permissions permissions, String operation, String input, Resources resources) {
        String[] parts = operation.split(":", -1);
        ServiceModel model = Objects.requireNonNull(MODELS.get(parts[0]));
        Service service =
                Service.of(model, 1 << 20, violations -> fault(violations.toString()))
                        .resources(resources)
                        .build();
        OperationModel<?, ?> found = Objects.requireNonNull(model.operation(parts[1]));
        Shape shape = JsonShapeReader.read(input.getBytes(StandardCharsets.UTF_8), found.input());
        Request request =
                new Request(
                        "POST",
                        "/",
                        "",
                        Headers.of(Map.of("user-agent", List.of("test"))),
                        "203.0.113.5",
                        () -> new ByteArrayInputStream(new byte[0]));
        return new Authorizer.Call(service, found, caller(permissions), shape, request);
    }

    private static ServiceException fault(String message) {
        throw new IllegalStateException(message);
    }

    private @Nullable String denial(
            Permissions permissions, String operation, String input, Resources resources) {
        Authorizer.Call call = call(permissions, operation, input, resources);
        ServiceException denial =
                catchThrowableOfType(ServiceException.class, () -> gatekeeper.check(call));
        return denial == null ? null : denial.message();
    }

    private boolean allows(Permissions permissions, String operation, String input) {
        return denial(permissions, operation, input, Resources.NONE) == null;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "sqs:SendMessage | {'QueueUrl': 'http://h/111122223333/q'} | sqs:SendMessage |"
                        + " arn:aws:sqs:eu-west-1:111122223333:q",
                "sqs:SendMessageBatch | {'QueueUrl': 'http://h/111122223333/q'} | sqs:SendMessage |"
                        + " arn:aws:sqs:eu-west-1:111122223333:q",
                "sqs:ListMessageMoveTasks | {'SourceArn': 'arn:aws:sqs:eu-west-1:111122223333:d'} |"
                        + " sqs:ListMessageMoveTasks | arn:aws:sqs:eu-west-1:111122223333:d",
                "sns:PublishBatch | {'TopicArn': 'arn:aws:sns:eu-west-1:111122223333:t'} |"
                        + " sns:Publish | arn:aws:sns:eu-west-1:111122223333:t",
                "sns:Unsubscribe | {'SubscriptionArn': 'arn:aws:sns:eu-west-1:111122223333:t:u-1'} |"
                        + " sns:Unsubscribe | arn:aws:sns:eu-west-1:111122223333:t",
                "dynamodb:GetItem | {'TableName': 't', 'Key': {}} | dynamodb:GetItem |"
                        + " arn:aws:dynamodb:eu-west-1:111122223333:table/t",
                "dynamodb:GetItem | {'TableName': 'arn:aws:dynamodb:eu-west-1:111122223333:table/t',"
                        + " 'Key': {}} | dynamodb:GetItem |"
                        + " arn:aws:dynamodb:eu-west-1:111122223333:table/t",
                "dynamodb:Query | {'TableName': 't', 'IndexName': 'i'} | dynamodb:Query |"
                        + " arn:aws:dynamodb:eu-west-1:111122223333:table/t/index/i",
                "dynamodb:Query | {'TableName': 't'} | dynamodb:Query |"
                        + " arn:aws:dynamodb:eu-west-1:111122223333:table/t",
                "dynamodb:BatchGetItem | {'RequestItems': {'t': {'Keys': []}}} |"
                        + " dynamodb:BatchGetItem | arn:aws:dynamodb:eu-west-1:111122223333:table/t",
                "dynamodb:TransactWriteItems | {'TransactItems': [{'Put': {'TableName': 't',"
                        + " 'Item': {}}}]} | dynamodb:PutItem |"
                        + " arn:aws:dynamodb:eu-west-1:111122223333:table/t",
                "events:PutRule | {'Name': 'r'} | events:PutRule |"
                        + " arn:aws:events:eu-west-1:111122223333:rule/r",
                "events:PutRule | {'Name': 'r', 'EventBusName': 'b'} | events:PutRule |"
                        + " arn:aws:events:eu-west-1:111122223333:rule/b/r",
                "events:PutRule | {'Name': 'r', 'EventBusName':"
                        + " 'arn:aws:events:us-east-1:111122223333:event-bus/b'} | events:PutRule |"
                        + " arn:aws:events:us-east-1:111122223333:rule/b/r",
                "events:PutEvents | {'Entries': [{'Source': 's'}]} | events:PutEvents |"
                        + " arn:aws:events:eu-west-1:111122223333:event-bus/default",
                "logs:PutLogEvents | {'logGroupName': 'g', 'logStreamName': 's', 'logEvents': []} |"
                        + " logs:PutLogEvents |"
                        + " arn:aws:logs:eu-west-1:111122223333:log-group:g:log-stream:s",
                "logs:GetLogEvents | {'logGroupIdentifier':"
                        + " 'arn:aws:logs:eu-west-1:111122223333:log-group:g:*', 'logStreamName':"
                        + " 's'} | logs:GetLogEvents |"
                        + " arn:aws:logs:eu-west-1:111122223333:log-group:g:log-stream:s",
                "iam:CreateUser | {'UserName': 'bob', 'Path': '/team/'} | iam:CreateUser |"
                        + " arn:aws:iam::111122223333:user/team/bob",
                "iam:CreateAccessKey | {} | iam:CreateAccessKey |"
                        + " arn:aws:iam::111122223333:user/team/alice",
                "kms:Encrypt | {'KeyId': '1234'} | kms:Encrypt |"
                        + " arn:aws:kms:eu-west-1:111122223333:key/1234"
            })
    void needsTheActionOnTheResource(
            String operation, String input, String action, String resource) {
        String json = input.replace('\'', '"');

        assertThat(allows(allowing(action, resource), operation, json)).isTrue();
        assertThat(allows(allowing(action + "x", "*"), operation, json)).isFalse();
        assertThat(allows(allowing(action, resource + "x"), operation, json)).isFalse();
    }

    @Test
    void aDenialSaysWhoWhatAndWhy() {
        Permissions none = new Permissions(false, List.of(), null, null);
        Permissions denied =
                new Permissions(
                        false,
                        List.of(statement("Allow", "*", "*"), statement("Deny", "sqs:*", "*")),
                        null,
                        null);
        Permissions bounded =
                new Permissions(
                        false,
                        List.of(statement("Allow", "*", "*")),
                        statement("Allow", "sns:*", "*"),
                        null);
        String begin =
                "User: " + ALICE + " is not authorized to perform: sqs:sendmessage on resource: ";

        assertThat(denial(none, "sqs:SendMessage", SEND, Resources.NONE))
                .isEqualTo(
                        begin
                                + QUEUE
                                + " because no identity-based policy allows the sqs:sendmessage"
                                + " action");
        assertThat(denial(denied, "sqs:SendMessage", SEND, Resources.NONE))
                .isEqualTo(begin + QUEUE + " with an explicit deny in an identity-based policy");
        assertThat(denial(bounded, "sqs:SendMessage", SEND, Resources.NONE))
                .isEqualTo(
                        begin
                                + QUEUE
                                + " because no permissions boundary allows the sqs:sendmessage"
                                + " action");
    }

    private static Resources guardedBy(String principal, boolean needed) {
        String policy =
                """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal":
                 {"AWS": "%s"}, "Action": "*", "Resource": "*"}}
                """
                        .formatted(principal);
        return new Resources() {
            @Override
            public List<String> policies(Caller caller, String arn) {
                return List.of(policy);
            }

            @Override
            public boolean needsItsPolicy(String arn) {
                return needed;
            }
        };
    }

    @Test
    void theResourcesPolicyCanAllowByItself() {
        Permissions none = new Permissions(false, List.of(), null, null);

        assertThat(denial(none, "sqs:SendMessage", SEND, guardedBy(ALICE, false))).isNull();
        assertThat(denial(none, "sqs:SendMessage", SEND, guardedBy(ACCOUNT, false)))
                .contains("no identity-based policy");
    }

    @Test
    void aKeyNeedsItsOwnPolicy() {
        Permissions all = allowing("*", "*");
        String input = "{\"KeyId\": \"1234\"}";

        assertThat(denial(all, "kms:Encrypt", input, guardedBy(ACCOUNT, true))).isNull();
        assertThat(denial(all, "kms:Encrypt", input, guardedBy(ALICE + "x", true)))
                .contains("no resource-based policy allows the kms:Encrypt action");
    }

    @Test
    void ofAnotherAccountsResourceBothMustAllow() {
        String input = SEND.replace(ACCOUNT, "444455556666");
        assertThat(denial(allowing("sqs:*", "*"), "sqs:SendMessage", input, Resources.NONE))
                .contains("no resource-based policy allows");
        assertThat(denial(allowing("sns:*", "*"), "sqs:SendMessage", input, guardedBy("*", false)))
                .contains("no identity-based policy allows");
    }

    @Test
    void passingARoleIsAllowedByItself() {
        String role = "arn:aws:iam::111122223333:role/target";
        String input =
                """
                {"Rule": "r", "Targets": [{"Id": "1", "Arn": "arn:aws:sqs:::q", "RoleArn": "%s"}]}
                """
                        .formatted(role);
        Permissions rule = allowing("events:PutTargets", "*");
        Permissions both =
                new Permissions(
                        false,
                        List.of(
                                statement("Allow", "events:PutTargets", "*"),
                                statement("Allow", "iam:PassRole", role)
                                        .replace(
                                                "\"Resource\"",
                                                "\"Condition\": {\"StringEquals\":"
                                                        + " {\"iam:PassedToService\":"
                                                        + " \"events.amazonaws.com\"}}, \"Resource\"")),
                        null,
                        null);

        assertThat(denial(rule, "events:PutTargets", input, Resources.NONE))
                .contains("iam:PassRole on resource: " + role);
        assertThat(allows(both, "events:PutTargets", input)).isTrue();
        assertThat(allows(rule, "events:PutTargets", input.replace("RoleArn", "InputPath")))
                .isTrue();
    }

    @Test
    void eachEntryIsAllowedByItself() {
        String policy =
                statement("Allow", "events:PutEvents", "*")
                        .replace(
                                "\"Resource\"",
                                "\"Condition\": {\"StringEquals\": {\"events:source\": \"shop\"}},"
                                        + " \"Resource\"");
        Permissions permissions = new Permissions(false, List.of(policy), null, null);

        assertThat(
                        allows(
                                permissions,
                                "events:PutEvents",
                                "{\"Entries\": [{\"Source\": \"shop\"}]}"))
                .isTrue();
        assertThat(
                        allows(
                                permissions,
                                "events:PutEvents",
                                "{\"Entries\": [{\"Source\": \"shop\"}, {\"Source\": \"bank\"}]}"))
                .isFalse();
    }

    @Test
    void tagsOfTheRequestAreConditions() {
        String policy =
                statement("Allow", "sqs:*", "*")
                        .replace(
                                "\"Resource\"",
                                "\"Condition\": {\"StringEquals\": {\"aws:RequestTag/Stage\":"
                                        + " \"dev\"}, \"ForAllValues:StringEquals\":"
                                        + " {\"aws:TagKeys\": \"Stage\"}}, \"Resource\"");
        Permissions permissions = new Permissions(false, List.of(policy), null, null);
        String create = "{\"QueueName\": \"q\", \"tags\": {\"Stage\": \"%s\"}}";

        assertThat(allows(permissions, "sqs:CreateQueue", create.formatted("dev"))).isTrue();
        assertThat(allows(permissions, "sqs:CreateQueue", create.formatted("prod"))).isFalse();
        assertThat(allows(permissions, "sqs:CreateQueue", "{\"QueueName\": \"q\"}")).isFalse();
    }

    @Test
    void tagsOfTheResourceAreConditions() {
        String policy =
                statement("Allow", "sqs:*", "*")
                        .replace(
                                "\"Resource\"",
                                "\"Condition\": {\"StringEquals\": {\"aws:ResourceTag/Owner\":"
                                        + " \"${aws:username}\"}}, \"Resource\"");
        Permissions permissions = new Permissions(false, List.of(policy), null, null);
        Resources owned =
                new Resources() {
                    @Override
                    public Map<String, String> tags(Caller caller, String arn) {
                        return Map.of("owner", "alice");
                    }
                };

        assertThat(denial(permissions, "sqs:SendMessage", SEND, owned)).isNull();
        assertThat(denial(permissions, "sqs:SendMessage", SEND, Resources.NONE)).isNotNull();
    }

    @Test
    void tagsAreToldToTheResourcesPolicyToo() {
        Permissions none = new Permissions(false, List.of(), null, null);
        String policy =
                """
                {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*",
                 "Condition": {"StringEquals": {"aws:ResourceTag/Owner": "alice"}}}}
                """;
        Resources owned =
                new Resources() {
                    @Override
                    public List<String> policies(Caller caller, String arn) {
                        return List.of(policy);
                    }

                    @Override
                    public Map<String, String> tags(Caller caller, String arn) {
                        return Map.of("owner", "alice");
                    }
                };

        assertThat(denial(none, "sqs:SendMessage", SEND, owned)).isNull();
    }

    @Test
    void aPolicyThatCannotBeReadDenies() {
        List<String> texts = List.of(statement("Allow", "*", "*"), "{\"Old\": 1}");
        Permissions broken = new Permissions(false, texts, null, null);

        assertThat(denial(broken, "sqs:SendMessage", SEND, Resources.NONE))
                .endsWith(" with an explicit deny in an identity-based policy");
    }

    @Test
    void aStatementsTextIsForTheServiceToRead() {
        Resources reading =
                new Resources() {
                    @Override
                    public List<Requested> requested(Caller caller, String operation, Shape input) {
                        return List.of(new Requested("dynamodb:PartiQLSelect", "arn:aws:x::::t"));
                    }
                };
        String input = "{\"Statement\": \"SELECT * FROM t\"}";

        assertThat(
                        denial(
                                allowing("dynamodb:PartiQLSelect", "*"),
                                "dynamodb:ExecuteStatement",
                                input,
                                reading))
                .isNull();
        assertThat(
                        denial(
                                allowing("dynamodb:ExecuteStatement", "*"),
                                "dynamodb:ExecuteStatement",
                                input,
                                reading))
                .contains("dynamodb:PartiQLSelect");
    }

    @Test
    void whoeverOneIsOneMayAsk() {
        assertThat(
                        allows(
                                new Permissions(
                                        false, List.of(statement("Deny", "*", "*")), null, null),
                                "sts:GetCallerIdentity",
                                "{}"))
                .isTrue();
    }

    @Test
    void theRootIsNotAsked() {
        assertThat(allows(Permissions.ROOT, "sqs:SendMessage", SEND)).isTrue();
    }

    @Test
    void theTimeIsACondition() {
        String policy =
                statement("Allow", "sqs:*", "*")
                        .replace(
                                "\"Resource\"",
                                "\"Condition\": {\"DateLessThan\": {\"aws:CurrentTime\":"
                                        + " \"2026-11-26T12:00:01Z\"}, \"IpAddress\": {\"aws:SourceIp\":"
                                        + " \"203.0.113.0/24\"}}, \"Resource\"");

        assertThat(
                        allows(
                                new Permissions(false, List.of(policy), null, null),
                                "sqs:SendMessage",
                                SEND))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, millrace:ReadPage, true",
        "GET, millrace:UsePage, false",
        "POST, millrace:UsePage, true",
        "POST, millrace:ReadPage, false"
    })
    void aPageNeedsPermissionToo(String method, String action, boolean allowed) {
        String page = "arn:aws:millrace:eu-west-1:111122223333:page/sqs/messages";
        Request request =
                new Request(
                        method,
                        "/_millrace/sqs/messages",
                        "",
                        Headers.of(Map.of()),
                        "203.0.113.5",
                        () -> new ByteArrayInputStream(new byte[0]));
        Service service =
                Service.of(SqsApi.MODEL, 1 << 20, violations -> fault(violations.toString()))
                        .build();
        Authorizer.PageCall call =
                new Authorizer.PageCall(service, caller(allowing(action, page)), request);

        ServiceException denial =
                catchThrowableOfType(ServiceException.class, () -> gatekeeper.check(call));

        assertThat(denial == null).isEqualTo(allowed);
    }
}
