package io.millrace.authorization;

import io.millrace.api.ErrorModel;
import io.millrace.api.sns.SnsApi;
import io.millrace.policy.Layer;
import io.millrace.policy.Verdict;
import io.millrace.wire.Caller;
import io.millrace.wire.Requested;
import io.millrace.wire.ServiceException;

import java.util.Locale;
import java.util.Map;

/// Words and codes of denials, which differ by service. Source: [access denied
/// messages](https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html) and
/// the services' pages on common errors.
final class Denials {
    private static final ErrorModel JSON = ErrorModel.of("AccessDeniedException", 400);
    private static final ErrorModel REST = ErrorModel.of("AccessDeniedException", 403);
    private static final ErrorModel QUERY = ErrorModel.of("AccessDenied", 403);

    private static final Map<String, ErrorModel> BY_SERVICE =
            Map.of(
                    "sqs",
                    new ErrorModel(
                            "AccessDeniedException",
                            "AccessDeniedException",
                            400,
                            true,
                            "AccessDenied",
                            403),
                    "sns",
                    SnsApi.Errors.AUTHORIZATION_ERROR_EXCEPTION,
                    "sts",
                    QUERY,
                    "iam",
                    QUERY,
                    "scheduler",
                    REST,
                    "pipes",
                    REST,
                    "schemas",
                    REST);

    private Denials() {}

    /// The refusal of a request.
    ///
    /// @param service its id, as `sqs`
    static ServiceException of(
            String service, Caller caller, Requested requested, Verdict verdict) {
        String action =
                service.equals("sqs") && requested.action().startsWith("sqs:")
                        ? requested.action().toLowerCase(Locale.ROOT) // as SQS itself says it
                        : requested.action();
        ErrorModel error = BY_SERVICE.getOrDefault(service, JSON);
        if (action.equals(Requests.PASS_ROLE) && verdict.layer() == Layer.RESOURCE) {
            return new ServiceException(error, "Cross-account pass role is not allowed.");
        }
        return new ServiceException(
                error,
                "User: "
                        + caller.principalArn()
                        + " is not authorized to perform: "
                        + action
                        + " on resource: "
                        + requested.resource()
                        + verdict.denial(action));
    }
}
