package io.millrace.service.sns;

import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;

import java.util.Map;
import java.util.regex.Pattern;

/// Functions and delivery streams as endpoints. What is published goes to whatever stands behind
/// their ARN in `delivery.Targets`: nothing yet, so that a delivery becomes a dead letter, or a
/// failed job that can be redriven once the service is here. Source: [API
/// reference](https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html).
final class ServiceEndpoints {
    static final String LAMBDA = "lambda";
    static final String FIREHOSE = "firehose";

    private static final String ROLE = "SubscriptionRoleArn";
    private static final Pattern ROLE_ARN =
            Pattern.compile("arn:aws[a-z-]*:iam::\\d{12}:role/[\\w+=,.@/-]+");

    private ServiceEndpoints() {}

    static boolean has(String protocol) {
        return protocol.equals(LAMBDA) || protocol.equals(FIREHOSE);
    }

    /// Refuses what is no such ARN; tells whether the endpoint needs no confirmation.
    static boolean check(Caller caller, String protocol, String endpoint) {
        boolean isLambda = protocol.equals(LAMBDA);
        String resource = isLambda ? "function:" : "deliverystream/";
        Arn arn = Arn.parse(endpoint).orElse(null);
        if (arn == null
                || !arn.service().equals(protocol)
                || arn.region().isEmpty()
                || arn.accountId().isEmpty()
                || !arn.resource().startsWith(resource)
                || arn.resource().length() == resource.length()) {
            throw SnsErrors.invalidParameter((isLambda ? "Lambda" : "Firehose") + " endpoint ARN");
        }
        return arn.accountId().equals(caller.accountId());
    }

    /// A delivery stream needs the role with which it is written to.
    static void checkAttributes(String protocol, Map<String, String> attributes) {
        if (protocol.equals(FIREHOSE)
                && !ROLE_ARN.matcher(attributes.getOrDefault(ROLE, "")).matches()) {
            throw SnsErrors.invalidParameter("Attributes", ROLE);
        }
    }
}
