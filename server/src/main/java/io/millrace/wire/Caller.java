package io.millrace.wire;

import io.millrace.http.Client;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

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
/// @param conditions condition keys that are known of the request, by their names in lower case,
///   beside what the other members tell
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
        @Nullable Identity identity,
        Map<String, List<String>> conditions) {

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
                null,
                Map.of());
    }

    /// Somebody of whose request no condition keys are known.
    public Caller(
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
        this(
                accountId,
                region,
                principalArn,
                userId,
                requestId,
                endpoint,
                operation,
                sourceAddress,
                client,
                traceHeader,
                identity,
                Map.of());
    }

    /// Somebody as whom a service of this server calls another.
    ///
    /// @param endpoint our own URL
    public static Caller within(
            Identity identity, String region, String requestId, String endpoint) {
        return new Caller(
                identity.accountId(),
                region,
                identity.arn(),
                identity.userId(),
                requestId,
                endpoint,
                "",
                null,
                Client.UNSEEN,
                null,
                identity);
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
                identity,
                conditions);
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
                identity,
                conditions);
    }

    /// The same from this address.
    public Caller from(@Nullable String newSourceAddress) {
        return new Caller(
                accountId,
                region,
                principalArn,
                userId,
                requestId,
                endpoint,
                operation,
                newSourceAddress,
                client,
                traceHeader,
                identity,
                conditions);
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
                identity,
                conditions);
    }

    /// The same, of whose request these condition keys are known.
    public Caller knowing(Map<String, List<String>> newConditions) {
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
                traceHeader,
                identity,
                newConditions);
    }

    /// Whether the request came without a signature, where an operation allows that.
    public boolean isAnonymous() {
        return principalArn.equals(ANONYMOUS);
    }
}
