package io.millrace.cloudtrail;

import io.millrace.api.ErrorModel;
import io.millrace.delivery.EventBuses;
import io.millrace.delivery.StoreTarget;
import io.millrace.engine.Store;
import io.millrace.log.Log;
import io.millrace.pattern.JsonPathText;
import io.millrace.wire.CallObserver;
import io.millrace.wire.Caller;
import io.millrace.wire.Identity;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// Puts a record of each call on the default bus of who called, as `AWS API Call via CloudTrail`.
/// Source: [record
/// contents](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html).
///
/// A record is durable before the call is answered; it is a transaction of its own, so that a crash
/// may leave a change without one. Nobody calls an operation to put it, so none is recorded twice.
/// Thread-safe.
public final class CloudTrail implements CallObserver {
    private static final Log LOG = Log.of(CloudTrail.class);
    private static final String DETAIL_TYPE = "AWS API Call via CloudTrail";
    private static final String SENDER = "cloudtrail.amazonaws.com";
    private static final String EVENT_VERSION = "1.09";

    private final CloudTrailMode mode;
    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final EventBuses buses;

    public CloudTrail(
            CloudTrailMode mode, Store store, InstantSource clock, Ids ids, EventBuses buses) {
        this.mode = mode;
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.buses = buses;
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
        Caller caller = call.caller();
        Instant now = clock.instant();
        EventBuses.Event event =
                new EventBuses.Event(
                        "aws." + source(call),
                        DETAIL_TYPE,
                        detail(call, now),
                        List.of(),
                        now,
                        null);
        StoreTarget.Outcome outcome =
                store.write(tx ->
                        buses.put(
                                tx,
                                EventBuses.defaultBus(caller.accountId(), caller.region()),
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

    private String detail(Call call, Instant now) {
        Caller caller = call.caller();
        String operation = call.operation();
        boolean isReading = CallKinds.isReading(operation);
        boolean isData = CallKinds.isData(call.service().id(), operation);
        StringBuilder json = new StringBuilder(1000).append('{');
        text(json, "eventVersion", EVENT_VERSION);
        json.append(",\"userIdentity\":").append(identity(call));
        text(json, "eventTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
        text(json, "eventSource", call.service().endpointPrefix() + ".amazonaws.com");
        text(json, "eventName", operation);
        text(json, "awsRegion", caller.region());
        text(json, "sourceIPAddress", caller.sourceAddress());
        text(json, "userAgent", call.userAgent());
        ErrorModel error = call.error();
        if (error != null) {
            text(json, "errorCode", error.code());
            text(json, "errorMessage", call.errorMessage());
        }
        json.append(",\"requestParameters\":")
                .append(CallText.of(call.input(), "requestParameters"));
        json.append(",\"responseElements\":")
                .append(
                        CallText.of(
                                isReading || isData ? null : call.output(), "responseElements"));
        text(json, "requestID", caller.requestId());
        text(json, "eventID", ids.uuid());
        json.append(",\"readOnly\":").append(isReading);
        text(json, "eventType", "AwsApiCall");
        text(json, "apiVersion", call.service().apiVersion());
        json.append(",\"managementEvent\":").append(!isData);
        text(json, "recipientAccountId", caller.accountId());
        text(json, "eventCategory", isData ? "Data" : "Management");
        return json.append('}').toString();
    }

    private static String identity(Call call) {
        Caller caller = call.caller();
        StringBuilder json = new StringBuilder("{");
        if (caller.isAnonymous()) {
            text(json, "type", "AWSAccount");
            text(json, "principalId", "");
            text(json, "accountId", Caller.ANONYMOUS);
        } else {
            text(json, "type", type(caller));
            text(json, "principalId", caller.userId());
            text(json, "arn", caller.principalArn());
            text(json, "accountId", caller.accountId());
            text(json, "accessKeyId", call.accessKeyId());
            text(json, "userName", known(caller, "aws:username"));
            String role = known(caller, "aws:principalarn");
            if (role != null) {
                json.append(",\"sessionContext\":{\"sessionIssuer\":{\"type\":\"Role\"");
                text(json, "principalId", caller.userId().replaceFirst(":.*", ""));
                text(json, "arn", role);
                text(json, "accountId", caller.accountId());
                text(json, "userName", role.substring(role.lastIndexOf('/') + 1));
                json.append("}}");
            }
        }
        return json.append('}').toString();
    }

    private static String type(Caller caller) {
        Identity identity = caller.identity();
        if (identity == null) {
            return caller.principalArn().endsWith(":root") ? "Root" : "IAMUser";
        }
        return switch (identity.type()) {
            case ACCOUNT -> "Root";
            case USER -> "IAMUser";
            case ASSUMED_ROLE -> "AssumedRole";
            case FEDERATED_USER -> "FederatedUser";
        };
    }

    /// What is known of who signed, by the name of a condition key; null for nothing.
    private static @Nullable String known(Caller caller, String key) {
        Identity identity = caller.identity();
        List<String> values = identity == null ? null : identity.context().get(key);
        return values == null ? null : values.getFirst();
    }

    private static void text(StringBuilder json, String name, @Nullable String value) {
        if (value != null) {
            json.append(json.charAt(json.length() - 1) == '{' ? "" : ",")
                    .append('"')
                    .append(name)
                    .append("\":")
                    .append(JsonPathText.quote(value));
        }
    }
}
