package io.millrace.service.sns;

import io.millrace.engine.KeyReader;
import io.millrace.engine.KeyWriter;
import io.millrace.pattern.Arn;

/// All durable keys of SNS. `number` is a topic's internal number.
///
/// | prefix | key | value | lifetime |
/// |---|---|---|---|
/// | `40` topic | account, region, name | [Topic] | the topic's |
/// | `41` subscription | number, id | [Subscription] | the subscription's |
/// | `42` by owner | account, region, subscription ARN | number | the subscription's |
/// | `43` by endpoint | number, protocol, endpoint | id | the subscription's |
/// | `44` token | token | [Token] | two days, or the subscription's |
/// | `45` removed topic | number | | until its subscriptions are gone |
/// | `46` signing key | | [SigningKey.Stored] | for ever |
/// | `47` duplicate | number, group or empty, deduplication id | [Duplicate] | five minutes |
/// | `48` expiry | expiry milliseconds, random number | the key that expires | as that |
/// | `49` sequence | number | eight bytes | the topic's |
/// | `4a` recipients listed | | | for ever, see [RecipientUpgrade] |
/// | `4b` count | number, which | counter | the topic's |
/// | `4c` fan-out | number, commit stamp, random number | [FanOut.Rest] | until all are served |
/// | `4d` archive | number, published milliseconds, sequence | [Publication] | the retention |
/// | `4e` archive state | number | [Archive.State] | the archive policy's |
/// | `4f` replay | number, subscription id | [Replays.Replay] | until it is done |
/// | `68` recipient | number, 1 if filtered, else 0, id | | a confirmed subscription's |
/// | `68` subscriptions changed | number, 2 | commit stamp of the last change | the topic's |
/// | `6b` SMS defaults | 0, account, region | [SmsAttributes] | for ever |
/// | `6b` opted out | 1, account, region, number | [OptOuts.OptOut] | for ever |
/// | `6b` sandbox | 2, account, region, number | [SmsSandbox.Entry] | until it is deleted |
/// | `6c` application | 0, account, region, platform, name | [Platforms.Application] | its |
/// | `6c` endpoint | 1, the application's, id | [Platforms.Endpoint] | its |
/// | `6c` device token | 2, the application's, token | id | the endpoint's |
/// | `6c` endpoint event | 3, commit stamp, kind | [EndpointEvents.Owed] | until published |
/// | `6d` filter generation | number | [FilterGeneration] | the topic's |
/// | `6e` filter change | number, generation | id | the topic's last 16,384 |
/// | `6f` unconfirmed | number, id | [Unconfirmed] | two days |
final class SnsKeys {
    private static final int TOPIC = 0x40;
    private static final int SUBSCRIPTION = 0x41;
    private static final int BY_OWNER = 0x42;
    private static final int BY_ENDPOINT = 0x43;
    private static final int TOKEN = 0x44;
    private static final int REMOVED_TOPIC = 0x45;
    private static final int SIGNING_KEY = 0x46;
    private static final int DUPLICATE = 0x47;
    private static final int EXPIRY = 0x48;
    private static final int SEQUENCE = 0x49;
    private static final int RECIPIENTS_LISTED = 0x4a;
    private static final int COUNT = 0x4b;
    private static final int FAN_OUT = 0x4c;
    private static final int ARCHIVE = 0x4d;
    private static final int ARCHIVE_STATE = 0x4e;
    private static final int REPLAY = 0x4f;
    private static final int RECIPIENT = 0x68;
    private static final int FILTER_GENERATION = 0x6d;
    private static final int FILTER_CHANGE = 0x6e;
    private static final int SMS = 0x6b;
    private static final int PUSH = 0x6c;
    private static final int UNCONFIRMED = 0x6f;

    /// What is counted of a topic's subscriptions.
    enum Count {
        CONFIRMED(0),
        PENDING(1),
        DELETED(2);

        private final int code;

        Count(int code) {
            this.code = code;
        }
    }

    private SnsKeys() {}

    static byte[] topic(Arn topic) {
        return topics(topic.accountId(), topic.region()).string(topic.resource()).toBytes();
    }

    static KeyWriter topics(String accountId, String region) {
        return new KeyWriter(TOPIC).string(accountId).string(region);
    }

    static byte[] recipientsListed() {
        return new KeyWriter(RECIPIENTS_LISTED).toBytes();
    }

    /// The prefix of the subscriptions of all topics.
    static byte[] allSubscriptions() {
        return new KeyWriter(SUBSCRIPTION).toBytes();
    }

    static byte[] subscription(long number, String id) {
        return new KeyWriter(SUBSCRIPTION).uint64(number).string(id).toBytes();
    }

    static byte[] unconfirmed(long number, String id) {
        return new KeyWriter(UNCONFIRMED).uint64(number).string(id).toBytes();
    }

    /// Whether it is a key of [#unconfirmed].
    static boolean isUnconfirmed(byte[] key) {
        return key[0] == UNCONFIRMED;
    }

    static byte[] subscriptions(long number) {
        return new KeyWriter(SUBSCRIPTION).uint64(number).toBytes();
    }

    static byte[] byOwner(String accountId, String region, String subscriptionArn) {
        return byOwner(accountId, region).string(subscriptionArn).toBytes();
    }

    static KeyWriter byOwner(String accountId, String region) {
        return new KeyWriter(BY_OWNER).string(accountId).string(region);
    }

    /// The subscription's ARN in a key of [#byOwner].
    static String subscriptionArn(byte[] byOwner) {
        KeyReader reader = new KeyReader(byOwner);
        reader.string();
        reader.string();
        return reader.string();
    }

    static byte[] byEndpoint(long number, String protocol, String endpoint) {
        return new KeyWriter(BY_ENDPOINT)
                .uint64(number)
                .string(protocol)
                .string(endpoint)
                .toBytes();
    }

    static byte[] token(String token) {
        return new KeyWriter(TOKEN).string(token).toBytes();
    }

    static byte[] removedTopic(long number) {
        return new KeyWriter(REMOVED_TOPIC).uint64(number).toBytes();
    }

    static byte[] removedTopics() {
        return new KeyWriter(REMOVED_TOPIC).toBytes();
    }

    static long removedTopicNumber(byte[] key) {
        return new KeyReader(key).uint64();
    }

    static byte[] signingKey() {
        return new KeyWriter(SIGNING_KEY).toBytes();
    }

    static byte[] duplicate(long number, String group, String deduplicationId) {
        return new KeyWriter(DUPLICATE)
                .uint64(number)
                .string(group)
                .string(deduplicationId)
                .toBytes();
    }

    static byte[] duplicates(long number) {
        return new KeyWriter(DUPLICATE).uint64(number).toBytes();
    }

    static byte[] expiry(long expiryMillis, long random) {
        return new KeyWriter(EXPIRY).uint64(expiryMillis).uint64(random).toBytes();
    }

    static byte[] expiries() {
        return new KeyWriter(EXPIRY).toBytes();
    }

    static byte[] expiriesUntil(long millis) {
        return new KeyWriter(EXPIRY).uint64(millis + 1).toBytes();
    }

    static byte[] sequence(long number) {
        return new KeyWriter(SEQUENCE).uint64(number).toBytes();
    }

    /// What names a publication that is under way.
    record FanOutId(long topicNumber, long stamp, long random) {}

    static KeyWriter newFanOut(long topicNumber, long random) {
        return new KeyWriter(FAN_OUT).uint64(topicNumber).stamp().uint64(random);
    }

    static FanOutId readFanOut(byte[] key) {
        KeyReader reader = new KeyReader(key);
        return new FanOutId(reader.uint64(), reader.uint64(), reader.uint64());
    }

    static byte[] fanOuts(long topicNumber) {
        return new KeyWriter(FAN_OUT).uint64(topicNumber).toBytes();
    }

    static byte[] fanOuts() {
        return new KeyWriter(FAN_OUT).toBytes();
    }

    static byte[] archive(long number) {
        return new KeyWriter(ARCHIVE).uint64(number).toBytes();
    }

    static byte[] archived(long number, Archive.Position position) {
        return new KeyWriter(ARCHIVE)
                .uint64(number)
                .uint64(position.millis())
                .uint64(position.sequence())
                .toBytes();
    }

    static Archive.Position archivePosition(byte[] key) {
        KeyReader reader = new KeyReader(key);
        reader.uint64();
        return new Archive.Position(reader.uint64(), reader.uint64());
    }

    static byte[] archiveState(long number) {
        return new KeyWriter(ARCHIVE_STATE).uint64(number).toBytes();
    }

    static byte[] archiveStates() {
        return new KeyWriter(ARCHIVE_STATE).toBytes();
    }

    static long archiveNumber(byte[] state) {
        return new KeyReader(state).uint64();
    }

    static byte[] replay(long number, String subscriptionId) {
        return new KeyWriter(REPLAY).uint64(number).string(subscriptionId).toBytes();
    }

    static byte[] replays() {
        return new KeyWriter(REPLAY).toBytes();
    }

    static byte[] recipient(long number, boolean filtered, String id) {
        return recipientsOf(number, filtered).string(id).toBytes();
    }

    static byte[] recipients(long number, boolean filtered) {
        return recipientsOf(number, filtered).toBytes();
    }

    private static KeyWriter recipientsOf(long number, boolean filtered) {
        return new KeyWriter(RECIPIENT).uint64(number).uint8(filtered ? 1 : 0);
    }

    static byte[] recipientsChanged(long number) {
        return new KeyWriter(RECIPIENT).uint64(number).uint8(2).toBytes();
    }

    static String recipientId(byte[] recipient) {
        KeyReader reader = new KeyReader(recipient);
        reader.uint64();
        reader.uint8();
        return reader.string();
    }

    static byte[] filterGeneration(long number) {
        return new KeyWriter(FILTER_GENERATION).uint64(number).toBytes();
    }

    static byte[] filterChange(long number, long generation) {
        return new KeyWriter(FILTER_CHANGE).uint64(number).uint64(generation).toBytes();
    }

    static byte[] filterChanges(long number) {
        return new KeyWriter(FILTER_CHANGE).uint64(number).toBytes();
    }

    static byte[] count(long number, Count count) {
        return new KeyWriter(COUNT).uint64(number).uint8(count.code).toBytes();
    }

    static byte[] smsAttributes(String accountId, String region) {
        return sms(0, accountId, region).toBytes();
    }

    static byte[] optOut(String accountId, String region, String number) {
        return optOuts(accountId, region).string(number).toBytes();
    }

    static KeyWriter optOuts(String accountId, String region) {
        return sms(1, accountId, region);
    }

    static byte[] sandboxNumber(String accountId, String region, String number) {
        return sandboxNumbers(accountId, region).string(number).toBytes();
    }

    static KeyWriter sandboxNumbers(String accountId, String region) {
        return sms(2, accountId, region);
    }

    private static KeyWriter sms(int kind, String accountId, String region) {
        return new KeyWriter(SMS).uint8(kind).string(accountId).string(region);
    }

    static byte[] application(PlatformArn arn) {
        return push(0, arn).toBytes();
    }

    static KeyWriter applications(String accountId, String region) {
        return new KeyWriter(PUSH).uint8(0).string(accountId).string(region);
    }

    static byte[] endpoint(PlatformArn arn) {
        return endpoints(arn).string(arn.id()).toBytes();
    }

    static KeyWriter endpoints(PlatformArn arn) {
        return push(1, arn);
    }

    static byte[] endpointToken(PlatformArn arn, String token) {
        return tokens(arn).string(token).toBytes();
    }

    static KeyWriter tokens(PlatformArn arn) {
        return push(2, arn);
    }

    static KeyWriter newEndpointEvent(int kind) {
        return new KeyWriter(PUSH).uint8(3).stamp().uint8(kind);
    }

    static byte[] endpointEvents() {
        return new KeyWriter(PUSH).uint8(3).toBytes();
    }

    private static KeyWriter push(int kind, PlatformArn arn) {
        return new KeyWriter(PUSH)
                .uint8(kind)
                .string(arn.accountId())
                .string(arn.region())
                .string(arn.platform())
                .string(arn.name());
    }
}
