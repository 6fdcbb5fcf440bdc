package io.millrace.service.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sqs.CreateQueueRequest;
import io.millrace.api.sqs.DeleteQueueRequest;
import io.millrace.api.sqs.GetQueueAttributesRequest;
import io.millrace.api.sqs.GetQueueUrlRequest;
import io.millrace.api.sqs.ListDeadLetterSourceQueuesRequest;
import io.millrace.api.sqs.ListQueueTagsRequest;
import io.millrace.api.sqs.ListQueuesRequest;
import io.millrace.api.sqs.ListQueuesResult;
import io.millrace.api.sqs.SetQueueAttributesRequest;
import io.millrace.api.sqs.SqsApi;
import io.millrace.api.sqs.TagQueueRequest;
import io.millrace.api.sqs.UntagQueueRequest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

class QueueSettingsTest {
    private final QueueFixture fixture = new QueueFixture();

    @Test
    void makesAQueueWithTheDefaults() {
        String url = fixture.create("orders");

        assertThat(url).isEqualTo("http://localhost:4566/000000000000/orders");
        String now = Long.toString(fixture.clock.instant().getEpochSecond());
        assertThat(fixture.attributes(url))
                .containsOnly(
                        Map.entry("QueueArn", QueueFixture.arn("orders")),
                        Map.entry("ApproximateNumberOfMessages", "0"),
                        Map.entry("ApproximateNumberOfMessagesNotVisible", "0"),
                        Map.entry("ApproximateNumberOfMessagesDelayed", "0"),
                        Map.entry("CreatedTimestamp", now),
                        Map.entry("LastModifiedTimestamp", now),
                        Map.entry("VisibilityTimeout", "30"),
                        Map.entry("MaximumMessageSize", "1048576"),
                        Map.entry("MessageRetentionPeriod", "345600"),
                        Map.entry("DelaySeconds", "0"),
                        Map.entry("ReceiveMessageWaitTimeSeconds", "0"),
                        Map.entry("SqsManagedSseEnabled", "true"));
    }

    @Test
    void showsWhatAFifoQueueHasBesides() {
        String url = fixture.createFifo("orders.fifo", Map.of("ContentBasedDeduplication", "True"));

        assertThat(fixture.attributes(url))
                .containsEntry("FifoQueue", "true")
                .containsEntry("ContentBasedDeduplication", "true")
                .containsEntry("DeduplicationScope", "queue")
                .containsEntry("FifoThroughputLimit", "perQueue");
    }

    @Test
    void findsTheSameQueueUnlessAnAttributeDiffers() {
        String url = fixture.create("orders", Map.of("DelaySeconds", "1"));

        assertThat(fixture.create("orders")).isEqualTo(url);
        assertThat(fixture.create("orders", Map.of("DelaySeconds", "1"))).isEqualTo(url);
        assertThat(refusal("orders", Map.of("DelaySeconds", "2")))
                .isEqualTo(
                        "QueueAlreadyExists: A queue already exists with the same name and a"
                                + " different value for attribute DelaySeconds");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|Queue name cannot be empty",
                "in.fo|Can only include alphanumeric characters, hyphens, or underscores. 1 to 80"
                        + " in length",
                "example.fifo|Can only include alphanumeric characters, hyphens, or underscores. 1"
                        + " to 80 in length",
            })
    void refusesIllegalNames(String name, String message) {
        assertThat(refusal(name, Map.of())).isEqualTo("InvalidParameterValue: " + message);
    }

    @Test
    void acceptsEightyCharactersAndNoMore() {
        fixture.create("a".repeat(80));
        fixture.createFifo("a".repeat(75) + ".fifo", Map.of());

        assertThat(refusal("a".repeat(81), Map.of())).startsWith("InvalidParameterValue: Can only");
        assertThat(refusal("a".repeat(76) + ".fifo", Map.of("FifoQueue", "true")))
                .startsWith("InvalidParameterValue: The name of a FIFO queue");
        assertThat(refusal("standard", Map.of("FifoQueue", "true")))
                .startsWith("InvalidParameterValue: The name of a FIFO queue");
    }

    @ParameterizedTest
    @CsvSource({
        "DelaySeconds,-1",
        "DelaySeconds,901",
        "DelaySeconds,''",
        "DelaySeconds,' 6'",
        "DelaySeconds,1.5",
        "MaximumMessageSize,1023",
        "MaximumMessageSize,1048577",
        "MessageRetentionPeriod,59",
        "MessageRetentionPeriod,1209601",
        "ReceiveMessageWaitTimeSeconds,21",
        "VisibilityTimeout,43201",
        "VisibilityTimeout,x",
        "VisibilityTimeout,99999999999",
        "KmsDataKeyReusePeriodSeconds,59",
        "SqsManagedSseEnabled,yes",
        "Policy,'not json'",
    })
    void refusesIllegalValues(String attribute, String value) {
        assertThat(refusal("orders", Map.of(attribute, value)))
                .isEqualTo(
                        "InvalidAttributeValue: Invalid value for the parameter "
                                + attribute
                                + ".");
        String url = fixture.create("orders");
        var request =
                SetQueueAttributesRequest.builder()
                        .queueUrl(url)
                        .attributes(Map.of(attribute, value))
                        .build();
        assertThat(fixture.refused(SqsApi.SET_QUEUE_ATTRIBUTES, request).error())
                .isEqualTo(SqsApi.Errors.INVALID_ATTRIBUTE_VALUE);
    }

    @ParameterizedTest
    @CsvSource({
        "Foo",
        "QueueArn",
        "FifoQueue",
        "ContentBasedDeduplication",
        "All",
        "CreatedTimestamp",
    })
    void refusesToSetUnknownAttributes(String attribute) {
        String url = fixture.create("orders");
        var request =
                SetQueueAttributesRequest.builder()
                        .queueUrl(url)
                        .attributes(Map.of(attribute, "true", "DelaySeconds", "9"))
                        .build();

        var refusal = fixture.refused(SqsApi.SET_QUEUE_ATTRIBUTES, request);

        assertThat(refusal.error()).isEqualTo(SqsApi.Errors.INVALID_ATTRIBUTE_NAME);
        assertThat(refusal).hasMessage("Unknown Attribute " + attribute + ".");
        assertThat(fixture.attributes(url)).containsEntry("DelaySeconds", "0");
    }

    @Test
    void refusesToGetAnUnknownAttribute() {
        String url = fixture.create("orders");
        var request =
                GetQueueAttributesRequest.builder().queueUrl(url).attributeNames(List.of("Foo"));

        assertThat(fixture.refused(SqsApi.GET_QUEUE_ATTRIBUTES, request.build()))
                .hasMessage("Unknown Attribute Foo.");
        request.attributeNames(null);
        assertThat(fixture.call(SqsApi.GET_QUEUE_ATTRIBUTES, request.build()).attributes())
                .isNull();
    }

    @Test
    void doesNotTurnAFifoQueueIntoAnother() {
        String url = fixture.createFifo("orders.fifo", Map.of());
        var request =
                SetQueueAttributesRequest.builder()
                        .queueUrl(url)
                        .attributes(Map.of("FifoQueue", "false"))
                        .build();

        assertThat(fixture.refused(SqsApi.SET_QUEUE_ATTRIBUTES, request))
                .hasMessage(
                        "Invalid value for the parameter FifoQueue. Reason: Modifying queue type"
                                + " is not supported.");
    }

    @Test
    void allowsOneKindOfEncryption() {
        String url = fixture.create("orders", Map.of("KmsMasterKeyId", "key"));

        assertThat(fixture.attributes(url)).containsEntry("SqsManagedSseEnabled", "false");
        var request =
                SetQueueAttributesRequest.builder()
                        .queueUrl(url)
                        .attributes(Map.of("SqsManagedSseEnabled", "true"))
                        .build();
        assertThat(fixture.refused(SqsApi.SET_QUEUE_ATTRIBUTES, request))
                .hasMessage(
                        "You can use one type of server-side encryption (SSE) at one time. You can"
                                + " either enable KMS SSE or SQS SSE.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|Redrive policy does not contain mandatory attribute: maxReceiveCount.",
                "{\"maxReceiveCount\":5}|Redrive policy does not contain mandatory attribute:"
                        + " deadLetterTargetArn.",
                "{\"deadLetterTargetArn\":\"x\",\"maxReceiveCount\":-36}|Invalid value for"
                        + " maxReceiveCount: -36, valid values are from 1 to 1000 both inclusive.",
                "{\"deadLetterTargetArn\":\"dummy\",\"maxReceiveCount\":42}|Invalid value for"
                        + " deadLetterTargetArn.",
                "{\"deadLetterTargetArn\":\"arn:aws:sns:us-east-1:000000000000:t\","
                        + "\"maxReceiveCount\":5}|Only SQS queues are valid resources for"
                        + " deadLetterTargetArn.",
                "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:q.fifo\","
                        + "\"maxReceiveCount\":5}|Dead-letter queue must be same type of queue as"
                        + " the source..",
                "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:nobody\","
                        + "\"maxReceiveCount\":5}|Dead letter target does not exist.",
                "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:q\","
                        + "\"maxReceiveCount\":5,\"more\":1}|Only following attributes are"
                        + " supported: [maxReceiveCount, deadLetterTargetArn].",
            })
    void refusesIllegalRedrivePolicies(String policy, String reason) {
        assertThat(refusal("orders", Map.of("RedrivePolicy", policy)))
                .isEqualTo(
                        "InvalidParameterValue: Value "
                                + policy
                                + " for parameter RedrivePolicy is invalid. Reason: "
                                + reason);
    }

    @Test
    void refusesARedrivePolicyThatIsNoObject() {
        assertThat(refusal("orders", Map.of("RedrivePolicy", "[]")))
                .isEqualTo(
                        "InvalidAttributeValue: Invalid value for the parameter RedrivePolicy."
                                + " Reason: Redrive policy is not a valid JSON map.");
    }

    @Test
    void obeysTheRedriveAllowPolicy() {
        fixture.create(
                "dead",
                Map.of(
                        "RedriveAllowPolicy",
                        "{\"redrivePermission\":\"byQueue\",\"sourceQueueArns\":[\""
                                + QueueFixture.arn("allowed")
                                + "\"]}"));
        String policy =
                "{\"deadLetterTargetArn\":\""
                        + QueueFixture.arn("dead")
                        + "\",\"maxReceiveCount\":\"3\"}";

        fixture.create("allowed", Map.of("RedrivePolicy", policy));

        assertThat(refusal("other", Map.of("RedrivePolicy", policy)))
                .startsWith("InvalidParameterValue");
        for (String illegal : List.of("[]", "{}", "{\"redrivePermission\":\"x\"}", "x")) {
            assertThat(refusal("third", Map.of("RedriveAllowPolicy", illegal)))
                    .startsWith(
                            "InvalidAttributeValue: Invalid value for the parameter"
                                    + " RedriveAllowPolicy. Reason: Amazon SQS can't create");
        }
    }

    @Test
    void listsTheSourcesOfADeadLetterQueueAndForgetsThem() {
        String dead = fixture.create("dead");
        String policy =
                "{\"deadLetterTargetArn\":\""
                        + QueueFixture.arn("dead")
                        + "\",\"maxReceiveCount\":1}";
        String a = fixture.create("a", Map.of("RedrivePolicy", policy));
        String b = fixture.create("b", Map.of("RedrivePolicy", policy));
        var request = ListDeadLetterSourceQueuesRequest.builder().queueUrl(dead);

        assertThat(sources(request)).containsExactly(a, b);
        fixture.set(a, "RedrivePolicy", "");

        assertThat(sources(request)).containsExactly(b);
        assertThat(fixture.attributes(a)).doesNotContainKey("RedrivePolicy");
    }

    @Test
    void listsQueuesByPrefixAndInPages() {
        for (String name : List.of("b2", "a1", "b1", "b3")) {
            fixture.create(name);
        }
        var request = ListQueuesRequest.builder().queueNamePrefix("b").maxResults(2);

        ListQueuesResult first = fixture.call(SqsApi.LIST_QUEUES, request.build());
        ListQueuesResult second =
                fixture.call(SqsApi.LIST_QUEUES, request.nextToken(first.nextToken()).build());

        assertThat(first.queueUrls()).hasSize(2).first().asString().endsWith("/b1");
        assertThat(second.queueUrls()).hasSize(1).first().asString().endsWith("/b3");
        assertThat(second.nextToken()).isNull();
        for (String token : List.of("!", "", "bm90IGEgbmFtZQ", "YjI=")) {
            assertThat(fixture.refused(SqsApi.LIST_QUEUES, request.nextToken(token).build()))
                    .hasMessage("Invalid or expired next token.");
        }
        assertThat(
                        fixture.call(
                                        SqsApi.LIST_QUEUES,
                                        ListQueuesRequest.builder().queueNamePrefix("z").build())
                                .queueUrls())
                .isNull();
    }

    @Test
    void findsAQueueByNameInTheAccountItIsIn() {
        String url = fixture.create("orders");
        var request = GetQueueUrlRequest.builder().queueName("orders");

        assertThat(fixture.call(SqsApi.GET_QUEUE_URL, request.build()).queueUrl()).isEqualTo(url);
        request.queueOwnerAWSAccountId("111111111111");
        var refusal = fixture.refused(SqsApi.GET_QUEUE_URL, request.build());
        assertThat(refusal.error()).isEqualTo(SqsApi.Errors.QUEUE_DOES_NOT_EXIST);
        assertThat(refusal).hasMessage("The specified queue does not exist.");
    }

    @Test
    void tagsAndUntags() {
        String url = fixture.create("orders");
        fixture.call(
                SqsApi.TAG_QUEUE,
                TagQueueRequest.builder().queueUrl(url).tags(Map.of("a", "1", "b", "")).build());
        fixture.call(
                SqsApi.UNTAG_QUEUE,
                UntagQueueRequest.builder().queueUrl(url).tagKeys(List.of("a", "x")).build());

        assertThat(
                        fixture.call(
                                        SqsApi.LIST_QUEUE_TAGS,
                                        ListQueueTagsRequest.builder().queueUrl(url).build())
                                .tags())
                .containsOnly(Map.entry("b", ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "aws:team | Value aws:team for parameter TagKey is invalid. Reason: The prefix aws: is"
                        + " reserved for use by AWS.",
                "'' | Tag keys must be between 1 and 128 characters in length.",
                "te#am | Value te#am for parameter Tag is invalid. Reason: Tags can only include"
                        + " Unicode letters, digits, white space and _ . : / = + - @.",
            })
    void refusesIllegalTagKeys(String key, String message) {
        String url = fixture.create("orders");
        var tags = TagQueueRequest.builder().queueUrl(url).tags(Map.of(key, "1")).build();
        var untags = UntagQueueRequest.builder().queueUrl(url).tagKeys(List.of(key)).build();

        assertThat(fixture.refused(SqsApi.TAG_QUEUE, tags)).hasMessage(message);
        assertThat(fixture.refused(SqsApi.UNTAG_QUEUE, untags)).hasMessage(message);
    }

    @Test
    void keepsFiftyTags() {
        String url = fixture.create("orders");
        Map<String, String> tags = new HashMap<>();
        for (int i = 0; i <= 50; i++) {
            tags.put("key" + i, "1");
        }
        var request = TagQueueRequest.builder().queueUrl(url);

        assertThat(fixture.refused(SqsApi.TAG_QUEUE, request.tags(tags).build()))
                .hasMessage("Too many tags added for queue orders.");
        assertThat(fixture.refused(SqsApi.TAG_QUEUE, request.tags(Map.of()).build()))
                .hasMessage("The request must contain the parameter Tags.");
        assertThat(
                        fixture.refused(
                                SqsApi.UNTAG_QUEUE,
                                UntagQueueRequest.builder()
                                        .queueUrl(url)
                                        .tagKeys(List.of())
                                        .build()))
                .hasMessage("Tag keys must be between 1 and 128 characters in length.");
        tags.remove("key0");
        fixture.call(SqsApi.TAG_QUEUE, request.tags(tags).build());
    }

    @Test
    void showsDocumentsWithoutWhiteSpaceAndTheCountAsANumber() {
        fixture.create("dead");
        String spaced =
                "{ \"deadLetterTargetArn\": \""
                        + QueueFixture.arn("dead")
                        + "\", \"maxReceiveCount\": \"5\" }";
        String url = fixture.create("orders", Map.of("RedrivePolicy", spaced));

        assertThat(fixture.attributes(url))
                .containsEntry(
                        "RedrivePolicy",
                        "{\"deadLetterTargetArn\":\""
                                + QueueFixture.arn("dead")
                                + "\",\"maxReceiveCount\":5}");
        assertThat(fixture.create("orders", Map.of("RedrivePolicy", spaced))).isEqualTo(url);
    }

    @Test
    void hidesTheUsualReusePeriodOfKeys() {
        String url = fixture.create("orders", Map.of("KmsDataKeyReusePeriodSeconds", "600"));
        assertThat(fixture.attributes(url)).containsEntry("KmsDataKeyReusePeriodSeconds", "600");

        fixture.set(url, "KmsDataKeyReusePeriodSeconds", "300");

        assertThat(fixture.attributes(url)).doesNotContainKey("KmsDataKeyReusePeriodSeconds");
        assertThat(fixture.create("orders", Map.of("KmsDataKeyReusePeriodSeconds", "300")))
                .isEqualTo(url);
    }

    @Test
    void refusesTheNameOfADeletedQueueForAMinute() {
        String url = fixture.create("orders");
        fixture.call(SqsApi.DELETE_QUEUE, DeleteQueueRequest.builder().queueUrl(url).build());
        fixture.clock.passSeconds(59);

        assertThat(refusal("orders", Map.of()))
                .isEqualTo(
                        "AWS.SimpleQueueService.QueueDeletedRecently: You must wait 60 seconds"
                                + " after deleting a queue before you can create another with the"
                                + " same name.");
        fixture.clock.passSeconds(1);
        fixture.create("orders");
    }

    private List<String> sources(ListDeadLetterSourceQueuesRequest.Builder request) {
        return fixture.call(SqsApi.LIST_DEAD_LETTER_SOURCE_QUEUES, request.build()).queueUrls();
    }

    private String refusal(String name, Map<String, String> attributes) {
        var refusal =
                fixture.refused(
                        SqsApi.CREATE_QUEUE,
                        CreateQueueRequest.builder()
                                .queueName(name)
                                .attributes(attributes)
                                .build());
        return refusal.error().queryCodeOrCode() + ": " + refusal.message();
    }
}
