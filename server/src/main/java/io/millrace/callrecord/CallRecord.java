package io.millrace.callrecord;

import io.millrace.api.ErrorModel;
import io.millrace.api.sts.AssumeRoleWithWebIdentityResponse;
import io.millrace.api.sts.AssumedRoleUser;
import io.millrace.pattern.Arn;
import io.millrace.pattern.JsonPathText;
import io.millrace.wire.CallObserver.Call;
import io.millrace.wire.Caller;
import io.millrace.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// The record of a call as CloudTrail has it, in JSON: who, from where, what, with which parameters
/// and which answer or error. What must not be told is hidden. Source: [record
/// contents](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html).
public final class CallRecord {
    private static final String EVENT_VERSION = "1.09";
    private static final int TEXT_LENGTH_MAX = 1_024; // CloudTrail's, which cuts off the rest

    private CallRecord() {}

    /// The record of one call.
    ///
    /// @param eventId of the record, unique
    public static String of(Call call, Instant now, String eventId) {
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
        String agent = cut(call.userAgent());
        String address = caller.sourceAddress();
        text(
                json,
                "sourceIPAddress",
                address == null ? agent : address); // a service has only a name
        text(json, "userAgent", agent);
        ErrorModel error = call.error();
        if (error != null) {
            text(json, "errorCode", error.code());
            text(json, "errorMessage", cut(call.errorMessage()));
        }
        int lengthMax =
                UnsignedCalls.isUnsigned(call) ? CallText.UNSIGNED_LENGTH_MAX : CallText.LENGTH_MAX;
        json.append(",\"requestParameters\":")
                .append(CallText.of(call.input(), "requestParameters", lengthMax));
        json.append(",\"responseElements\":")
                .append(
                        CallText.of(
                                isReading || isData ? null : call.output(),
                                "responseElements",
                                CallText.LENGTH_MAX));
        text(json, "requestID", caller.requestId());
        text(json, "eventID", eventId);
        json.append(",\"readOnly\":").append(isReading);
        text(json, "eventType", "AwsApiCall");
        text(json, "apiVersion", call.service().apiVersion());
        json.append(",\"managementEvent\":").append(!isData);
        text(json, "recipientAccountId", accountId(call));
        text(json, "eventCategory", isData ? "Data" : "Management");
        return json.append('}').toString();
    }

    private static @Nullable String cut(@Nullable String text) {
        return text == null || text.length() <= TEXT_LENGTH_MAX
                ? text
                : text.substring(0, TEXT_LENGTH_MAX);
    }

    /// In whose account a call is recorded: the caller's, or that of the role of which it gave a
    /// session to somebody who needs no account.
    public static String accountId(Call call) {
        String callers = call.caller().accountId();
        if (!(call.output() instanceof AssumeRoleWithWebIdentityResponse answer)) {
            return callers;
        }
        AssumedRoleUser user = answer.assumedRoleUser();
        return user == null ? callers : Arn.parse(user.arn()).map(Arn::accountId).orElse(callers);
    }

    private static String identity(Call call) {
        Caller caller = call.caller();
        StringBuilder json = new StringBuilder("{");
        if (call.output() instanceof AssumeRoleWithWebIdentityResponse login) {
            String provider = login.provider();
            String subject = login.subjectFromWebIdentityToken();
            text(json, "type", "WebIdentityUser");
            text(json, "principalId", provider + ":" + login.audience() + ":" + subject);
            text(json, "userName", subject);
            text(json, "identityProvider", provider);
        } else if (caller.isAnonymous()) {
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
