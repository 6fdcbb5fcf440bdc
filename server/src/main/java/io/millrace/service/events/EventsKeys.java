package io.millrace.service.events;

import io.millrace.engine.KeyReader;
import io.millrace.engine.KeyWriter;

/// All durable keys of EventBridge.
///
/// | prefix | key | value | lives |
/// |---|---|---|---|
/// | 50 bus | account, region, name | [StoredBus] as JSON | until DeleteEventBus |
/// | 51 rule | bus, rule name | [StoredRule] as JSON, with its targets | until DeleteRule |
/// | 52 generation | bus | [RuleGeneration] | with the bus, from its first rule on |
/// | 53 change | bus, generation | the name of the rule that changed | the last 1,024 |
/// | 54 rule by target | bus, target's ARN, rule name | nothing | while the rule has the target |
/// | 55 event source | region, name | [StoredEventSource] as JSON | while it exists |
/// | 56 event source by account | account, region, side, name | nothing | as the event source |
/// | 57 endpoint | account, region, name | [StoredEndpoint] as JSON | until DeleteEndpoint |
/// | 58 endpoint by id | the endpoint's id | account, region, name | as the endpoint |
/// | 59 fan-out | bus, stamp, number | what is left to do of an event: [FanOut] | till then |
/// | 5a connection | account, region, name | [StoredConnection] as JSON | until DeleteConnection |
/// | 5b API destination | account, region, name | [StoredDestination] as JSON | until deleted |
///
/// A bus is its internal number. `default` exists in every account and region before it is stored;
/// it gets its record, and its number, from the first write to it.
///
/// Whatever changes which events a rule matches raises the bus's generation (52) and logs the
/// rule's name under it (53). A server's compiled rules ([RuleIndexes]) carry the generation that
/// they were made of, and catch up by the log, or by reading all rules when the log no longer goes
/// back that far.
final class EventsKeys {

    private static final int BUS = 0x50;
    private static final int RULE = 0x51;
    private static final int GENERATION = 0x52;
    private static final int CHANGE = 0x53;
    private static final int RULE_BY_TARGET = 0x54;
    private static final int EVENT_SOURCE = 0x55;
    private static final int EVENT_SOURCE_BY_ACCOUNT = 0x56;
    private static final int ENDPOINT = 0x57;
    private static final int ENDPOINT_BY_ID = 0x58;
    private static final int FAN_OUT = 0x59;
    private static final int CONNECTION = 0x5a;
    private static final int API_DESTINATION = 0x5b;

    /// What names an event that is on its way to more rules, in commit order on its bus.
    record FanOutId(long bus, long stamp, long number) {}

    private EventsKeys() {}

    static byte[] buses(String accountId, String region) {
        return new KeyWriter(BUS).string(accountId).string(region).toBytes();
    }

    static byte[] bus(BusName bus) {
        return new KeyWriter(BUS)
                .string(bus.accountId())
                .string(bus.region())
                .string(bus.name())
                .toBytes();
    }

    static String busName(byte[] key) {
        KeyReader reader = new KeyReader(key);
        reader.string();
        reader.string();
        return reader.string();
    }

    static byte[] rules(long bus) {
        return new KeyWriter(RULE).uint64(bus).toBytes();
    }

    static byte[] rule(long bus, String name) {
        return new KeyWriter(RULE).uint64(bus).string(name).toBytes();
    }

    static byte[] generation(long bus) {
        return new KeyWriter(GENERATION).uint64(bus).toBytes();
    }

    static byte[] changes(long bus) {
        return new KeyWriter(CHANGE).uint64(bus).toBytes();
    }

    static byte[] change(long bus, long generation) {
        return new KeyWriter(CHANGE).uint64(bus).uint64(generation).toBytes();
    }

    static byte[] rulesByTarget(long bus, String target) {
        return new KeyWriter(RULE_BY_TARGET).uint64(bus).string(target).toBytes();
    }

    static byte[] ruleByTarget(long bus, String target, String rule) {
        return new KeyWriter(RULE_BY_TARGET).uint64(bus).string(target).string(rule).toBytes();
    }

    static String ruleByTargetName(byte[] key) {
        KeyReader reader = new KeyReader(key);
        reader.uint64();
        reader.string();
        return reader.string();
    }

    static byte[] connections(String accountId, String region) {
        return new KeyWriter(CONNECTION).string(accountId).string(region).toBytes();
    }

    static byte[] connection(String accountId, String region, String name) {
        return new KeyWriter(CONNECTION).string(accountId).string(region).string(name).toBytes();
    }

    static byte[] destinations(String accountId, String region) {
        return new KeyWriter(API_DESTINATION).string(accountId).string(region).toBytes();
    }

    static byte[] destination(String accountId, String region, String name) {
        return new KeyWriter(API_DESTINATION)
                .string(accountId)
                .string(region)
                .string(name)
                .toBytes();
    }

    static byte[] eventSources() {
        return new KeyWriter(EVENT_SOURCE).toBytes();
    }

    static byte[] eventSource(String region, String name) {
        return new KeyWriter(EVENT_SOURCE).string(region).string(name).toBytes();
    }

    static String eventSourceRegion(byte[] key) {
        return new KeyReader(key).string();
    }

    static byte[] eventSources(String accountId, String region, EventSources.Side side) {
        return bySide(accountId, region, side).toBytes();
    }

    static byte[] eventSource(
            String accountId, String region, EventSources.Side side, String name) {
        return bySide(accountId, region, side).string(name).toBytes();
    }

    /// Of a key by account.
    static String eventSourceName(byte[] key) {
        KeyReader reader = new KeyReader(key);
        reader.string();
        reader.string();
        reader.uint8();
        return reader.string();
    }

    private static KeyWriter bySide(String accountId, String region, EventSources.Side side) {
        return new KeyWriter(EVENT_SOURCE_BY_ACCOUNT)
                .string(accountId)
                .string(region)
                .uint8(
                        switch (side) {
                            case PARTNER -> 0;
                            case CUSTOMER -> 1;
                        });
    }

    static byte[] endpoints(String accountId) {
        return new KeyWriter(ENDPOINT).string(accountId).toBytes();
    }

    static byte[] endpoint(String accountId, String region, String name) {
        return new KeyWriter(ENDPOINT).string(accountId).string(region).string(name).toBytes();
    }

    static byte[] endpointById(String id) {
        return new KeyWriter(ENDPOINT_BY_ID).string(id).toBytes();
    }

    static byte[] fanOuts() {
        return new KeyWriter(FAN_OUT).toBytes();
    }

    static byte[] fanOuts(long bus) {
        return new KeyWriter(FAN_OUT).uint64(bus).toBytes();
    }

    /// The stamp's offset is [KeyWriter#stampOffset].
    static KeyWriter newFanOut(long bus, long number) {
        return new KeyWriter(FAN_OUT).uint64(bus).stamp().uint64(number);
    }

    static FanOutId readFanOut(byte[] key) {
        KeyReader reader = new KeyReader(key);
        return new FanOutId(reader.uint64(), reader.uint64(), reader.uint64());
    }
}
