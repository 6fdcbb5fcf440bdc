package io.millrace.service.sns;

import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;

/// The ARN of a platform application, `app/GCM/name`, or of an endpoint, `endpoint/GCM/name/id`.
///
/// @param id of the endpoint; empty for an application
record PlatformArn(String accountId, String region, String platform, String name, String id) {
    private static final String APPLICATION = "app";
    private static final String ENDPOINT = "endpoint";

    /// The application of a request, for its own account.
    static PlatformArn application(Caller caller, String action, String text) {
        return own(caller, action, parse("PlatformApplicationArn", text, APPLICATION, 3));
    }

    /// The endpoint of a request, for its own account.
    static PlatformArn endpoint(Caller caller, String action, String text) {
        return own(caller, action, parse("EndpointArn", text, ENDPOINT, 4));
    }

    static boolean isEndpoint(String text) {
        return Arn.parse(text)
                .filter(arn -> arn.service().equals("sns"))
                .filter(arn -> hasShape(arn.resource(), ENDPOINT, 4))
                .isPresent();
    }

    /// An endpoint's ARN that was looked at before.
    static PlatformArn endpoint(String text) {
        return parse("TargetArn", text, ENDPOINT, 4);
    }

    private static PlatformArn parse(String name, String text, String kind, int partCount) {
        Arn arn = Arn.parse(text).orElseThrow(() -> SnsErrors.malformedArn(name, text));
        if (!arn.service().equals("sns") || !hasShape(arn.resource(), kind, partCount)) {
            throw SnsErrors.invalidParameter(
                    name, "Wrong number of slashes in relative portion of the ARN.");
        }
        String[] parts = arn.resource().split("/", -1);
        String id = parts.length > 3 ? parts[3] : "";
        return new PlatformArn(arn.accountId(), arn.region(), parts[1], parts[2], id);
    }

    private static boolean hasShape(String resource, String kind, int partCount) {
        String[] parts = resource.split("/", -1);
        return parts.length == partCount && parts[0].equals(kind);
    }

    private static PlatformArn own(Caller caller, String action, PlatformArn arn) {
        if (!arn.accountId.equals(caller.accountId())) {
            throw SnsErrors.notAuthorized(caller.principalArn(), action, arn.toString());
        }
        return arn;
    }

    PlatformArn withId(String newId) {
        return new PlatformArn(accountId, region, platform, name, newId);
    }

    PlatformArn application() {
        return withId("");
    }

    /// As clients know it.
    @Override
    public String toString() {
        String resource =
                id.isEmpty()
                        ? APPLICATION + "/" + platform + "/" + name
                        : ENDPOINT + "/" + platform + "/" + name + "/" + id;
        return Arn.of("sns", region, accountId, resource).toString();
    }
}
