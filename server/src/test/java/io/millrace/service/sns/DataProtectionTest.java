package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sns.CreateTopicInput;
import io.millrace.api.sns.GetDataProtectionPolicyInput;
import io.millrace.api.sns.GetTopicAttributesInput;
import io.millrace.api.sns.PublishBatchInput;
import io.millrace.api.sns.PublishBatchRequestEntry;
import io.millrace.api.sns.PublishBatchResponse;
import io.millrace.api.sns.PublishInput;
import io.millrace.api.sns.PutDataProtectionPolicyInput;
import io.millrace.api.sns.SnsApi;
import io.millrace.http.Headers;
import io.millrace.http.Request;
import io.millrace.service.sns.DataProtectionPolicy.Identifier;
import io.millrace.service.sns.DataProtectionPolicy.Operation;
import io.millrace.service.sns.DataProtectionPolicy.Statement;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Data protection policies: what they find, and what they do about it.
final class DataProtectionTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String EMAIL = "arn:aws:dataprotection::aws:data-identifier/EmailAddress";
    private static final String DENY = "{\"Deny\":{}}";
    private static final String MASK =
            "{\"Deidentify\":{\"MaskConfig\":{\"MaskWithCharacter\":\"#\"}}}";
    private static final String REDACT = "{\"Deidentify\":{\"RedactConfig\":{}}}";
    private static final String AUDIT =
            "{\"Audit\":{\"SampleRate\":\"99\",\"FindingsDestination\":{\"CloudWatchLogs\":{"
                    + "\"LogGroup\":\"/aws/vendedlogs/findings\"}}}}";

    private final SnsFixture fixture = new SnsFixture();
    private final People people = new People(fixture);
    private final String topic = fixture.topic("orders");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "EmailAddress|to ann.lee+x@mail.example.com, please|ann.lee+x@mail.example.com",
                "EmailAddress|nobody at example.com|",
                "CreditCardNumber|card 4111 1111 1111 1111.|4111 1111 1111 1111",
                "CreditCardNumber|{\"n\":\"5500005555555559\"}|5500005555555559",
                "CreditCardNumber|order 4111111111111112|",
                "CreditCardExpiration|exp date: 04/29|04/29",
                "CreditCardSecurityCode|CVV: 123|123",
                "IpAddress|from 192.168.10.255 to fe80::1|192.168.10.255,fe80::1",
                "IpAddress|version 1.2.3 at 256.1.1.1, 12:30|",
                "Ssn-US|ssn 219-09-9999|219-09-9999",
                "Ssn-US|000-12-3456 and 219-09-0000|",
                "PhoneNumber-US|call (425) 555-0123 now|(425) 555-0123",
                "PhoneNumber-US|+1 425 555 0123|+1 425 555 0123",
                "PhoneNumber-DE|Tel. +49 30 1234567|+49 30 1234567",
                "PhoneNumber-FR|01 23 45 67 89|01 23 45 67 89",
                "BankAccountNumber-DE|DE89 3704 0044 0532 0130 00|DE89 3704 0044 0532 0130 00",
                "BankAccountNumber-DE|DE89370400440532013001|",
                "BankAccountNumber-GB|GB82WEST12345698765432|GB82WEST12345698765432",
                "VehicleIdentificationNumber|1M8GDM9AXKP042788|1M8GDM9AXKP042788",
                "VehicleIdentificationNumber|1M8GDM9A1KP042788|",
                "AwsSecretKey|aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY|"
                        + "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                "AwsSecretKey|sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709|",
                "PkcsPrivateKey|-----BEGIN RSA PRIVATE KEY-----MIIE-----END RSA PRIVATE KEY-----|"
                        + "-----BEGIN RSA PRIVATE KEY-----MIIE-----END RSA PRIVATE KEY-----"
            })
    void finds(String name, String text, @Nullable String found) {
        Identifier identifier =
                new Identifier.OfAws(name, Objects.requireNonNull(DataIdentifiers.find(name)));
        Statement statement =
                new Statement(true, List.of("*"), List.of(identifier), new Operation.Deny());

        assertThat(
                        DataProtectionPolicy.find(statement, text)
                                .getOrDefault(name, List.of())
                                .stream()
                                .map(span -> text.substring(span.start(), span.end())))
                .isEqualTo(found == null ? List.of() : List.of(found.split(",")));
    }

    @Test
    void denyRefusesThePublish() {
        put(statement("Inbound", "*", EMAIL, DENY));
        fixture.subscribeQueue(topic, "one", Map.of());

        ServiceException refusal =
                fixture.refusal(
                        SnsApi.PUBLISH,
                        PublishInput.builder().topicArn(topic).message("to a@b.example").build());
        fixture.publish(topic, "nothing special");

        assertThat(refusal.error().code()).isEqualTo("AuthorizationError");
        assertThat(fixture.bodies("one")).hasSize(1);
    }

    @Test
    void inABatchOnlyTheMessageThatIsDeniedFails() {
        put(statement("Inbound", "*", EMAIL, DENY));
        fixture.subscribeQueue(topic, "one", Map.of());

        PublishBatchResponse response =
                fixture.call(
                        SnsApi.PUBLISH_BATCH,
                        PublishBatchInput.builder()
                                .topicArn(topic)
                                .publishBatchRequestEntries(
                                        List.of(
                                                entry("good", "hello"),
                                                entry("bad", "a@b.example")))
                                .build());

        assertThat(Objects.requireNonNull(response.successful()))
                .singleElement()
                .satisfies(each -> assertThat(each.id()).isEqualTo("good"));
        assertThat(Objects.requireNonNull(response.failed()))
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.id()).isEqualTo("bad");
                    assertThat(each.code()).isEqualTo("AuthorizationError");
                });
        assertThat(fixture.bodies("one")).hasSize(1);
    }

    @Test
    void masksAndLeavesOutWhatComesIn() {
        put(statement("Inbound", "*", EMAIL, MASK));
        fixture.subscribeQueue(topic, "one", Map.of("RawMessageDelivery", "true"));

        fixture.publish(topic, "to a@b.example!");
        put(statement("Inbound", "*", EMAIL, REDACT));
        fixture.publish(topic, "to a@b.example!");

        assertThat(fixture.bodies("one")).containsExactly("to ###########!", "to !");
    }

    @Test
    void looksOnlyAtThePrincipalsThatAreNamed() {
        put(statement("Inbound", "arn:aws:iam::111111111111:root", EMAIL, DENY));
        fixture.subscribeQueue(topic, "one", Map.of());

        fixture.publish(topic, "to a@b.example");

        assertThat(fixture.bodies("one")).hasSize(1);
    }

    @Test
    void outboundChangesWhatASubscriptionGetsAndSignsThat() {
        put(statement("Outbound", "*", EMAIL, MASK));
        fixture.subscribeQueue(topic, "one", Map.of());

        fixture.publish(topic, "to a@b.example");

        JsonNode envelope = JSON.readTree(fixture.bodies("one").getFirst());
        assertThat(envelope.path("Message").asString()).isEqualTo("to ###########");
        assertThat(envelope.path("Signature").asString()).isNotEmpty();
    }

    @Test
    void outboundChangesWhatPeopleGetToo() {
        subscribePeople();
        put(statement("Outbound", "*", EMAIL, MASK));

        fixture.publish(topic, "to a@b.example");

        assertThat(people.received())
                .hasSize(4)
                .allSatisfy(entry ->
                        assertThat(entry.text())
                                .contains("to ###########")
                                .doesNotContain("a@b.example"));
    }

    @Test
    void outboundDenyKeepsTheMessageFromPeopleToo() {
        subscribePeople();
        put(statement("Outbound", "*", EMAIL, DENY));

        fixture.publish(topic, "to a@b.example");

        assertThat(people.received()).isEmpty();
    }

    private void subscribePeople() {
        people.subscribeMail(topic, "email", Map.of());
        people.subscribeMail(topic, "email-json", Map.of());
        fixture.subscribe(topic, "sms", People.NUMBER, Map.of());
        String device = people.endpoint(people.application(Map.of()));
        fixture.subscribe(topic, "application", device, Map.of());
    }

    @Test
    void outboundDenyKeepsTheMessageFromTheSubscription() {
        put(statement("Outbound", "000000000000", EMAIL, DENY));
        fixture.subscribeQueue(topic, "one", Map.of("RawMessageDelivery", "true"));

        fixture.publish(topic, "to a@b.example");
        fixture.publish(topic, "hello");

        assertThat(fixture.bodies("one")).containsExactly("hello");
    }

    @Test
    void auditTellsWhereAndNotWhat() {
        put(statement("Inbound", "*", EMAIL, AUDIT));
        String id = "";
        for (int i = 0; i < 5; i++) {
            id = fixture.publish(topic, "to a@b.example, c@d.example");
        }

        JsonNode findings = findings();
        assertThat(findings.size()).isBetween(3, 5);
        JsonNode last = findings.get(findings.size() - 1);
        assertThat(last.path("messageId").asString()).isEqualTo(id);
        assertThat(last.path("callerPrincipal").asString())
                .isEqualTo(SnsFixture.CALLER.principalArn());
        assertThat(last.path("dataIdentifiers").toString())
                .isEqualTo(
                        "[{\"name\":\"EmailAddress\",\"count\":2,\"detections\":["
                                + "{\"start\":3,\"end\":14},{\"start\":16,\"end\":27}]}]");
    }

    @Test
    @Timeout(20)
    void aPatternOfTheUserTakesNoLongerThanTheTextIsLong() {
        put(
                "{\"Name\":\"p\",\"Version\":\"2021-06-01\",\"Configuration\":{"
                        + "\"CustomDataIdentifier\":[{\"Name\":\"EmployeeId\",\"Regex\":"
                        + "\"E(a+)+-\\\\d{4}\"}]},\"Statement\":["
                        + inner("Inbound", "*", "EmployeeId", MASK)
                        + "]}");
        fixture.subscribeQueue(topic, "one", Map.of("RawMessageDelivery", "true"));

        fixture.publish(topic, "id Eaa-1234");
        fixture.publish(topic, "E" + "a".repeat(100_000));

        assertThat(fixture.bodies("one").getFirst()).isEqualTo("id ########");
    }

    @Test
    void isShownByItsOwnOperationAndRemovedByAnEmptyOne() {
        String policy = statement("Inbound", "*", EMAIL, DENY);
        put(policy);
        assertThat(get()).isEqualTo(policy);
        assertThat(
                        fixture.call(
                                        SnsApi.GET_TOPIC_ATTRIBUTES,
                                        GetTopicAttributesInput.builder().topicArn(topic).build())
                                .attributes())
                .doesNotContainKey("DataProtectionPolicy");

        put("");

        assertThat(get()).isNull();
        fixture.publish(topic, "to a@b.example");
    }

    @Test
    void aNewTopicMayHaveOneButNotAFifoTopic() {
        String policy = statement("Inbound", "*", EMAIL, DENY);
        String arn =
                Objects.requireNonNull(
                        fixture.call(SnsApi.CREATE_TOPIC, creating("new", Map.of(), policy))
                                .topicArn());

        assertThat(
                        fixture.refusal(
                                        SnsApi.PUBLISH,
                                        PublishInput.builder()
                                                .topicArn(arn)
                                                .message("a@b.example")
                                                .build())
                                .error()
                                .code())
                .isEqualTo("AuthorizationError");
        assertThat(
                        fixture.refusal(
                                        SnsApi.CREATE_TOPIC,
                                        creating("new.fifo", Map.of("FifoTopic", "true"), policy))
                                .message())
                .startsWith("Invalid parameter: DataProtectionPolicy Reason: ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sideways|EmailAddress|{\"Deny\":{}}|Statement DataDirection must be either Inbound"
                        + " or Outbound",
                "Inbound|EmailAddress|{\"Hide\":{}}|Unexpected member Hide",
                "Inbound|EmailAddress|{\"Audit\":{\"SampleRate\":\"100\"}}|Audit SampleRate must be"
                        + " an integer between 0 and 99",
                "Inbound|EmailAddress|{\"Audit\":{\"SampleRate\":\"1\",\"FindingsDestination\":{"
                        + "\"CloudWatchLogs\":{\"LogGroup\":\"x\"}}}}|Audit LogGroup must begin with"
                        + " /aws/vendedlogs/",
                "Inbound|EmailAddress|{\"Deidentify\":{\"MaskConfig\":{\"MaskWithCharacter\":"
                        + "\"##\"}}}|Deidentify MaskWithCharacter is invalid"
            })
    void refusesAPolicyThatIsNotValid(
            String direction, String identifier, String operation, String why) {
        String policy =
                statement(
                        direction,
                        "*",
                        "arn:aws:dataprotection::aws:data-identifier/" + identifier,
                        operation);

        assertThat(fixture.refusal(SnsApi.PUT_DATA_PROTECTION_POLICY, putting(policy)).message())
                .isEqualTo("Invalid parameter: DataProtectionPolicy Reason: " + why);
    }

    @Test
    void refusesByNameAnIdentifierThatIsNotThere() {
        String policy =
                statement("Inbound", "*", "arn:aws:dataprotection::aws:data-identifier/Name", DENY);

        ServiceException refusal =
                fixture.refusal(SnsApi.PUT_DATA_PROTECTION_POLICY, putting(policy));

        assertThat(refusal.error().code()).isEqualTo("NotImplemented");
        assertThat(refusal.message()).contains("the data identifier Name");
    }

    private static PublishBatchRequestEntry entry(String id, String message) {
        return PublishBatchRequestEntry.builder().id(id).message(message).build();
    }

    private static CreateTopicInput creating(
            String name, Map<String, String> attributes, String policy) {
        return CreateTopicInput.builder()
                .name(name)
                .attributes(attributes)
                .dataProtectionPolicy(policy)
                .build();
    }

    private static String statement(
            String direction, String principal, String identifier, String operation) {
        return "{\"Name\":\"p\",\"Version\":\"2021-06-01\",\"Statement\":["
                + inner(direction, principal, identifier, operation)
                + "]}";
    }

    private static String inner(
            String direction, String principal, String identifier, String operation) {
        return "{\"DataDirection\":\""
                + direction
                + "\",\"Principal\":[\""
                + principal
                + "\"],\"DataIdentifier\":[\""
                + identifier
                + "\"],\"Operation\":"
                + operation
                + "}";
    }

    private void put(String policy) {
        fixture.call(SnsApi.PUT_DATA_PROTECTION_POLICY, putting(policy));
    }

    private PutDataProtectionPolicyInput putting(String policy) {
        return PutDataProtectionPolicyInput.builder()
                .resourceArn(topic)
                .dataProtectionPolicy(policy)
                .build();
    }

    private @Nullable String get() {
        return fixture.call(
                        SnsApi.GET_DATA_PROTECTION_POLICY,
                        GetDataProtectionPolicyInput.builder().resourceArn(topic).build())
                .dataProtectionPolicy();
    }

    private JsonNode findings() {
        Request request =
                new Request(
                        "GET",
                        "/_millrace/sns/data-protection",
                        "topic=" + topic,
                        Headers.of(Map.of()),
                        "127.0.0.1",
                        InputStream::nullInputStream);
        return JSON.readTree(fixture.monitoring.pages().getLast().handler().handle(request).body())
                .path("data-protection/" + topic);
    }
}
