package io.millrace.service.sqs;

import io.millrace.api.sqs.CreateQueueRequest;
import io.millrace.api.sqs.CreateQueueResult;
import io.millrace.engine.Bytes;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/// `CreateQueue`: makes a queue, or finds the one of that name when none of the given attributes
/// differs.
///
/// Errors: `QueueNameExists`, `QueueDeletedRecently`, `InvalidAttributeName`,
/// `InvalidAttributeValue`, `InvalidParameterValue`. Source: [API
/// reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html).
final class CreateQueue implements Operation<CreateQueueRequest, CreateQueueResult> {

    private static final String FIFO_SUFFIX = ".fifo";

    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final boolean resting;

    /// @param resting whether the name of a deleted queue is refused for a minute
    CreateQueue(Store store, InstantSource clock, Ids ids, boolean resting) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.resting = resting;
    }

    @Override
    public CreateQueueResult handle(Caller caller, CreateQueueRequest request) {
        Map<String, String> given = request.attributes() == null ? Map.of() : request.attributes();
        boolean fifo = checkName(request.queueName(), given);
        Map<String, String> tags = request.tags() == null ? Map.of() : request.tags();
        QueueTags.check(request.queueName(), tags);
        long number = ids.number();
        Queue queue = store.write(tx -> create(tx, caller, request, given, tags, fifo, number));
        return CreateQueueResult.builder().queueUrl(queue.url(caller.endpoint())).build();
    }

    private Queue create(
            Transaction tx,
            Caller caller,
            CreateQueueRequest request,
            Map<String, String> given,
            Map<String, String> tags,
            boolean fifo,
            long number) {
        String name = request.queueName();
        Map<String, String> attributes =
                QueueAttributes.merge(QueueAttributes.defaults(fifo), given, fifo);
        Queue existing = Queues.byName(tx, caller.accountId(), caller.region(), name);
        if (existing != null) {
            return requireSame(existing, given);
        }
        if (resting) {
            checkRested(tx, caller, name);
        }
        Arn arn = Arn.of("sqs", caller.region(), caller.accountId(), name);
        long seconds = clock.instant().getEpochSecond();
        Queue queue =
                new Queue(
                        number,
                        caller.accountId(),
                        caller.region(),
                        name,
                        fifo,
                        seconds,
                        seconds,
                        0,
                        attributes,
                        RedrivePolicies.redrive(tx, arn, given.get(QueueAttributes.REDRIVE_POLICY)),
                        new LinkedHashMap<>(tags));
        Queues.put(tx, queue);
        return queue;
    }

    private static Queue requireSame(Queue existing, Map<String, String> given) {
        given.forEach((attribute, value) -> {
            String current =
                    existing.attributes()
                            .getOrDefault(attribute, QueueAttributes.absent(attribute));
            if (!current.equals(QueueAttributes.normal(attribute, value))) {
                throw SqsErrors.queueExists(attribute);
            }
        });
        return existing;
    }

    private void checkRested(Transaction tx, Caller caller, String name) {
        byte[] deleted = tx.get(SqsKeys.deletedName(caller.accountId(), caller.region(), name));
        if (deleted != null
                && clock.millis() - Bytes.readLong(deleted, 0)
                        < SqsLimits.DELETED_NAME_REST.toMillis()) {
            throw SqsErrors.queueDeletedRecently();
        }
    }

    /// Tells whether it is the name of a FIFO queue.
    private static boolean checkName(String name, Map<String, String> attributes) {
        if (name.isEmpty()) {
            throw SqsErrors.emptyQueueName();
        }
        boolean fifo = "true".equalsIgnoreCase(attributes.get(QueueAttributes.FIFO_QUEUE));
        boolean suffixed = name.endsWith(FIFO_SUFFIX);
        String stem =
                fifo && suffixed ? name.substring(0, name.length() - FIFO_SUFFIX.length()) : name;
        boolean legal =
                !stem.isEmpty()
                        && name.length() <= SqsLimits.QUEUE_NAME_LENGTH_MAX
                        && Alphanumeric.matches(stem, "-_");
        if (fifo && !(suffixed && legal)) {
            throw SqsErrors.invalidFifoQueueName();
        }
        if (!legal) {
            throw SqsErrors.invalidQueueName();
        }
        return fifo;
    }
}
