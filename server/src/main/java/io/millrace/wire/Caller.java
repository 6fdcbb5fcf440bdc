package io.millrace.wire;

import io.millrace.http.Client;

import org.jspecify.annotations.Nullable;

/// Who asks, and from where.
///
/// @param accountId the account of the resources that are meant, 12 digits
/// @param region the region in the credential scope, such as `us-east-1`
/// @param principalArn who signed, as `arn:aws:iam::000000000000:root`
/// @param userId the unique id of the principal, as STS tells it and SQS shows it as `SenderId`
/// @param requestId the id that the answer carries in `x-amzn-RequestId`
/// @param endpoint the base URL by which the client reached us, such as `http://localhost:4566`,
///   without a slash at its end
/// @param operation what is asked for, as `GetItem`; empty when that does not matter
/// @param sourceAddress the client's IP address, when it is known
/// @param client who waits for the answer, and may hang up
/// @param traceHeader what the request told in `X-Amzn-Trace-Id`; null when it told no trace
/// @param identity who signed, with what that may do; null for nobody, and for what services do
///   themselves
public record Caller(
        String accountId,
        String region,
        String principalArn,
        String userId,
        String requestId,
        String endpoint,
        String operation,
        @Nullable String sourceAddress,
        Client client,
        @Nullable String traceHeader,
        @Nullable Identity identity) {

    /// The principal of requests without a signature.
    public static final String ANONYMOUS = "anonymous";

    public Caller(
            String accountId,
            String region,
            String principalArn,
            String userId,
            String requestId,
            String endpoint) {
        this(
                accountId,
                region,
                principalArn,
                userId,
                requestId,
                endpoint,
                "",
                null,
                Client.UNSEEN,
                null,
                null);
    }

    /// The same who asks for this operation.
    public Caller calling(String newOperation) {
        return new Caller(
                accountId,
                region,
                principalArn,
                userId,
                requestId,
                endpoint,
                newOperation,
                sourceAddress,
                client,
                traceHeader,
                identity);
    }

    /// The same with this client.
    public Caller with(Client newClient) {
        return new Caller(
                accountId,
                region,
                principalArn,
                userId,
                requestId,
                endpoint,
                operation,
                sourceAddress,
                newClient,
                traceHeader,
                identity);
    }

    /// The same in this trace.
    public Caller traced(@Nullable String newTraceHeader) {
        return new Caller(
                accountId,
                region,
                principalArn,
                userId,
                requestId,
                endpoint,
                operation,
                sourceAddress,
                client,
                newTraceHeader,
                identity);
    }

    /// Whether the request came without a signature, where an operation allows that.
    public boolean isAnonymous() {
        return principalArn.equals(ANONYMOUS);
    }
}
