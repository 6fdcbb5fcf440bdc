package io.millrace.service.sns;

import io.millrace.api.Unit;
import io.millrace.api.sns.CreatePlatformApplicationInput;
import io.millrace.api.sns.CreatePlatformApplicationResponse;
import io.millrace.api.sns.DeletePlatformApplicationInput;
import io.millrace.api.sns.GetPlatformApplicationAttributesInput;
import io.millrace.api.sns.GetPlatformApplicationAttributesResponse;
import io.millrace.api.sns.ListPlatformApplicationsInput;
import io.millrace.api.sns.ListPlatformApplicationsResponse;
import io.millrace.api.sns.PlatformApplication;
import io.millrace.api.sns.SetPlatformApplicationAttributesInput;
import io.millrace.engine.Bytes;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.service.sns.Platforms.Application;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Platform applications: create, set, get, list, delete. Credentials must be there, are not tried,
/// and are not kept: those that count are the gateway's. Source: [API
/// reference](https://docs.aws.amazon.com/sns/latest/api/API_SetPlatformApplicationAttributes.html).
final class PlatformApplications {
    private static final String CREDENTIAL = "PlatformCredential";
    private static final String PRINCIPAL = "PlatformPrincipal";
    private static final String GOOGLE = "GCM";
    private static final int NAME_CHARACTERS = 256;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");
    private static final Set<String> PLATFORMS =
            Set.of(
                    "ADM",
                    "APNS",
                    "APNS_SANDBOX",
                    "APNS_VOIP",
                    "APNS_VOIP_SANDBOX",
                    "MACOS",
                    "MACOS_SANDBOX",
                    GOOGLE,
                    "BAIDU",
                    "WNS",
                    "MPNS");
    private static final Set<String> OTHER_ATTRIBUTES =
            Set.of(
                    CREDENTIAL,
                    PRINCIPAL,
                    Platforms.ENABLED,
                    "SuccessFeedbackRoleArn",
                    "FailureFeedbackRoleArn",
                    "SuccessFeedbackSampleRate",
                    "ApplePlatformTeamID",
                    "ApplePlatformBundleID");

    private final Store store;

    PlatformApplications(Store store) {
        this.store = store;
    }

    /// Creates one, or changes the one that has the name.
    CreatePlatformApplicationResponse create(
            Caller caller, CreatePlatformApplicationInput request) {
        checkName(request.name());
        String platform = request.platform();
        if (!PLATFORMS.contains(platform)) {
            throw SnsErrors.invalidParameter("Platform", platform + " is not supported");
        }
        Map<String, String> attributes = request.attributes();
        attributes.forEach(PlatformApplications::check);
        checkCredentials(platform, attributes);
        PlatformArn arn =
                new PlatformArn(caller.accountId(), caller.region(), platform, request.name(), "");
        store.<@Nullable Void>write(tx -> {
            Application had = Platforms.find(tx, arn);
            Application empty = new Application(arn.toString(), Map.of(Platforms.ENABLED, "true"));
            tx.put(
                    SnsKeys.application(arn),
                    Platforms.APPLICATIONS.encode(changed(had == null ? empty : had, attributes)));
            return null;
        });
        return CreatePlatformApplicationResponse.builder()
                .platformApplicationArn(arn.toString())
                .build();
    }

    Unit set(Caller caller, SetPlatformApplicationAttributesInput request) {
        PlatformArn arn =
                PlatformArn.application(
                        caller,
                        "SetPlatformApplicationAttributes",
                        request.platformApplicationArn());
        request.attributes().forEach(PlatformApplications::check);
        store.<@Nullable Void>write(tx -> {
            Application application = Platforms.require(tx, arn);
            tx.put(
                    SnsKeys.application(arn),
                    Platforms.APPLICATIONS.encode(changed(application, request.attributes())));
            return null;
        });
        return Unit.UNIT;
    }

    GetPlatformApplicationAttributesResponse get(
            Caller caller, GetPlatformApplicationAttributesInput request) {
        PlatformArn arn =
                PlatformArn.application(
                        caller,
                        "GetPlatformApplicationAttributes",
                        request.platformApplicationArn());
        Application application = store.read(snapshot -> Platforms.require(snapshot, arn));
        return GetPlatformApplicationAttributesResponse.builder()
                .attributes(application.attributes())
                .build();
    }

    ListPlatformApplicationsResponse list(Caller caller, ListPlatformApplicationsInput request) {
        byte[] prefix = SnsKeys.applications(caller.accountId(), caller.region()).toBytes();
        Page<PlatformApplication> page =
                store.read(snapshot ->
                        Page.read(
                                snapshot,
                                prefix,
                                request.nextToken(),
                                (_, value) -> shown(Platforms.APPLICATIONS.decode(value))));
        return ListPlatformApplicationsResponse.builder()
                .platformApplications(page.items())
                .nextToken(page.nextToken())
                .build();
    }

    /// With all its endpoints; succeeds when there is none.
    Unit delete(Caller caller, DeletePlatformApplicationInput request) {
        PlatformArn arn =
                PlatformArn.application(
                        caller, "DeletePlatformApplication", request.platformApplicationArn());
        byte[] endpoints = SnsKeys.endpoints(arn).toBytes();
        byte[] tokens = SnsKeys.tokens(arn).toBytes();
        store.<@Nullable Void>write(tx -> {
            tx.delete(SnsKeys.application(arn));
            tx.deleteRange(endpoints, Bytes.prefixEnd(endpoints));
            tx.deleteRange(tokens, Bytes.prefixEnd(tokens));
            return null;
        });
        return Unit.UNIT;
    }

    private static PlatformApplication shown(Application application) {
        return PlatformApplication.builder()
                .platformApplicationArn(application.arn())
                .attributes(application.attributes())
                .build();
    }

    private static Application changed(Application application, Map<String, String> changes) {
        Map<String, String> attributes = new LinkedHashMap<>(application.attributes());
        attributes.putAll(changes);
        attributes.remove(CREDENTIAL);
        attributes.remove(PRINCIPAL);
        attributes.values().removeIf(String::isEmpty);
        return new Application(application.arn(), attributes);
    }

    private static void checkName(String name) {
        String reason = "";
        if (name.isEmpty()) {
            reason = "cannot be empty";
        } else if (name.length() > NAME_CHARACTERS) {
            reason = "must be at most 256 characters long";
        } else if (!NAME.matcher(name).matches()) {
            reason = "must contain only characters 'a'-'z', 'A'-'Z', '0'-'9', '_', '-', and '.'";
        }
        if (!reason.isEmpty()) {
            throw SnsErrors.invalidParameter(name, reason);
        }
    }

    private static void check(String name, String value) {
        boolean isEvent = EndpointEvents.Kind.of(name) != null;
        if (!isEvent && !OTHER_ATTRIBUTES.contains(name)) {
            throw SnsErrors.invalidParameter("Attributes", "Invalid attribute name: " + name);
        }
        boolean isTopic = Arn.parse(value).filter(arn -> arn.service().equals("sns")).isPresent();
        boolean isFault =
                isEvent
                        ? !value.isEmpty() && !isTopic
                        : !Feedback.isValid(name, value)
                                || (name.equals(Platforms.ENABLED)
                                        && !value.matches("(?i)true|false"));
        if (isFault) {
            throw SnsErrors.invalidParameter("Attributes", "Invalid value for attribute: " + name);
        }
    }

    private static void checkCredentials(String platform, Map<String, String> attributes) {
        boolean hasCredential = !attributes.getOrDefault(CREDENTIAL, "").isBlank();
        boolean hasPrincipal = !attributes.getOrDefault(PRINCIPAL, "").isBlank();
        boolean needsPrincipal = !platform.equals(GOOGLE);
        String reason = "";
        if (hasPrincipal && !hasCredential) {
            reason = "PlatformPrincipal attribute provided without PlatformCredential";
        } else if (hasCredential && !hasPrincipal && needsPrincipal) {
            reason = "PlatformCredential attribute provided without PlatformPrincipal";
        } else if (!hasCredential) {
            reason = "Platform credentials are invalid";
        }
        if (!reason.isEmpty()) {
            throw SnsErrors.invalidParameter("Attributes", reason);
        }
    }
}
