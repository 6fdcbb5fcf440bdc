package com.example.orders;

import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamSpecification;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.eventbridge.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Creates what the orders system consists of; running it again changes nothing.
final class Provision {

    /// What a poisonous order gets before it is put aside.
    private static final int RECEIVE_COUNT_MAX = 5;

    private final Cloud cloud;

    Provision(Cloud cloud) {
        this.cloud = cloud;
    }

    void run(String webhookUrl) {
        String deadLetters = queue(Names.ORDERS_DEAD_LETTERS, Map.of());
        queue(
                Names.ORDERS_QUEUE,
                Map.of(
                        QueueAttributeName.REDRIVE_POLICY,
                        """
                        {"deadLetterTargetArn":"%s","maxReceiveCount":%d}\
                        """
                                .formatted(deadLetters, RECEIVE_COUNT_MAX)));
        table(Names.ORDERS_TABLE, "orderId", true);
        table(Names.CHECKPOINTS_TABLE, "shardId", false);
        bus();
        queueRule("billing", all(), queue(Names.BILLING, Map.of()));
        queueRule("shipping", all(), queue(Names.SHIPPING, Map.of()));
        queueRule(
                "fraud-check",
                """
                {"source":["%s"],"detail-type":["%s"],"detail":{"amountCents":[{"numeric":[">",%d]}]}}\
                """
                        .formatted(Names.SOURCE, Names.DETAIL_TYPE, Names.FRAUD_CHECK_ABOVE_CENTS),
                queue(Names.FRAUD_CHECK, Map.of()));
        String topic = cloud.sns.createTopic(request -> request.name(Names.TOPIC)).topicArn();
        rule("notify", all(), topic);
        String archive = queue(Names.ARCHIVE, Map.of());
        letIn("sns.amazonaws.com", topic, archive);
        cloud.sns.subscribe(request ->
                request.topicArn(topic)
                        .protocol("sqs")
                        .endpoint(archive)
                        .attributes(Map.of("RawMessageDelivery", "true")));
        cloud.sns.subscribe(
                request -> request.topicArn(topic).protocol("http").endpoint(webhookUrl));
    }

    private static String all() {
        return """
        {"source":["%s"],"detail-type":["%s"]}\
        """
                .formatted(Names.SOURCE, Names.DETAIL_TYPE);
    }

    /// Makes a queue and answers its ARN.
    private String queue(String name, Map<QueueAttributeName, String> attributes) {
        String url =
                cloud.sqs
                        .createQueue(request -> request.queueName(name).attributes(attributes))
                        .queueUrl();
        return Objects.requireNonNull(
                cloud.sqs
                        .getQueueAttributes(request ->
                                request.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
                        .attributes()
                        .get(QueueAttributeName.QUEUE_ARN));
    }

    private void table(String name, String key, boolean stream) {
        try {
            cloud.dynamodb.createTable(request ->
                    request.tableName(name)
                            .billingMode(BillingMode.PAY_PER_REQUEST)
                            .attributeDefinitions(
                                    AttributeDefinition.builder()
                                            .attributeName(key)
                                            .attributeType(ScalarAttributeType.S)
                                            .build())
                            .keySchema(
                                    KeySchemaElement.builder()
                                            .attributeName(key)
                                            .keyType(KeyType.HASH)
                                            .build())
                            .streamSpecification(stream ? newImages() : null));
        } catch (ResourceInUseException e) {
            // it is there already, as after a restart
        }
        cloud.dynamodb.waiter().waitUntilTableExists(request -> request.tableName(name));
    }

    private static StreamSpecification newImages() {
        return StreamSpecification.builder()
                .streamEnabled(true)
                .streamViewType(StreamViewType.NEW_IMAGE)
                .build();
    }

    private void bus() {
        try {
            cloud.events.createEventBus(request -> request.name(Names.BUS));
        } catch (ResourceAlreadyExistsException e) {
            // it is there already, as after a restart
        }
    }

    private void queueRule(String name, String pattern, String queueArn) {
        letIn("events.amazonaws.com", rule(name, pattern, queueArn), queueArn);
    }

    /// Lets a service put into a queue what it has for it on behalf of a topic or a rule.
    private void letIn(String service, String sourceArn, String queueArn) {
        String name = queueArn.substring(queueArn.lastIndexOf(':') + 1);
        String policy =
                """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"%s"},\
                "Action":"sqs:SendMessage","Resource":"%s",\
                "Condition":{"ArnEquals":{"aws:SourceArn":"%s"}}}]}\
                """
                        .formatted(service, queueArn, sourceArn);
        String url = cloud.sqs.getQueueUrl(request -> request.queueName(name)).queueUrl();
        cloud.sqs.setQueueAttributes(request ->
                request.queueUrl(url).attributes(Map.of(QueueAttributeName.POLICY, policy)));
    }

    /// Makes a rule and answers its ARN.
    private String rule(String name, String pattern, String targetArn) {
        String ruleArn =
                cloud.events
                        .putRule(request ->
                                request.name(name).eventBusName(Names.BUS).eventPattern(pattern))
                        .ruleArn();
        cloud.events.putTargets(request ->
                request.rule(name)
                        .eventBusName(Names.BUS)
                        .targets(List.of(Target.builder().id(name).arn(targetArn).build())));
        return ruleArn;
    }
}
