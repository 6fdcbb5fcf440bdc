package io.millrace.cloudtrail;

import io.millrace.callrecord.CallKinds;
import io.millrace.callrecord.CallRecord;
import io.millrace.callrecord.UnsignedCalls;
import io.millrace.delivery.EventBuses;
import io.millrace.delivery.StoreTarget;
import io.millrace.engine.Store;
import io.millrace.log.Log;
import io.millrace.wire.CallObserver;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// Puts a record of each call on the default bus of the account where it is recorded, as `AWS API
/// Call via CloudTrail`. Source: [record
/// contents](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html).
///
/// A record is durable before the call is answered; it is a transaction of its own, so that a crash
/// may leave a change without one. Nobody calls an operation to put it, so none is recorded twice.
/// Thread-safe.
public final class CloudTrail implements CallObserver {
    private static final Log LOG = Log.of(CloudTrail.class);
    private static final String DETAIL_TYPE = "AWS API Call via CloudTrail";
    private static final String SENDER = "cloudtrail.amazonaws.com";

    private final CloudTrailMode mode;
    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final EventBuses buses;
    private final UnsignedCalls unsigned;

    public CloudTrail(
            CloudTrailMode mode, Store store, InstantSource clock, Ids ids, EventBuses buses) {
        this.mode = mode;
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.buses = buses;
        this.unsigned = new UnsignedCalls(clock);
    }

    @Override
    public boolean observes(String service, String operation) {
        return switch (mode) {
            case OFF -> false;
            case MANAGEMENT -> !CallKinds.isData(service, operation);
            case ALL -> true;
        };
    }

    @Override
    public void answered(Call call) {
        if (!unsigned.admits(call)) {
            return;
        }
        Caller caller = call.caller();
        Instant now = clock.instant();
        EventBuses.Event event =
                new EventBuses.Event(
                        "aws." + source(call),
                        DETAIL_TYPE,
                        CallRecord.of(call, now, ids.uuid()),
                        List.of(),
                        now,
                        null);
        StoreTarget.Outcome outcome =
                store.write(tx ->
                        buses.put(
                                tx,
                                EventBuses.defaultBus(CallRecord.accountId(call), caller.region()),
                                event,
                                SENDER,
                                null));
        if (outcome instanceof StoreTarget.Outcome.Refused(String code, String message)) {
            LOG.warning(
                    "The record of a call is lost",
                    "requestId",
                    caller.requestId(),
                    "code",
                    code,
                    "message",
                    message);
        }
    }

    /// DynamoDB's streams are DynamoDB's here.
    private static String source(Call call) {
        return call.service().signingName();
    }
}
