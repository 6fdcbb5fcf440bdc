package io.millrace.wire;

/// Who asks, and from where.
///
/// @param accountId the account of the resources that are meant, 12 digits
/// @param region the region in the credential scope, such as `us-east-1`
/// @param principalArn who signed, as `arn:aws:iam::000000000000:root`
/// @param userId the unique id of the principal, as STS tells it and SQS shows it as `SenderId`
/// @param requestId the id that the answer carries in `x-amzn-RequestId`
/// @param endpoint the base URL by which the client reached us, such as `http://localhost:4566`,
///   without a slash at its end
public record Caller(
        String accountId,
        String region,
        String principalArn,
        String userId,
        String requestId,
        String endpoint) {

    /// The principal of requests without a signature.
    public static final String ANONYMOUS = "anonymous";

    /// Whether the request came without a signature, where an operation allows that.
    public boolean isAnonymous() {
        return principalArn.equals(ANONYMOUS);
    }
}
