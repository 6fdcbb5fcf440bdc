package io.millrace.wire;

import io.millrace.http.Request;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// What a request says about who signed it, Signature Version 4, in its `Authorization` header or,
/// presigned, in its query string. Source: [Signature Version
/// 4](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
///
/// @param scopeDate the day in the credential scope, `20261124`
/// @param service in the credential scope, `sqs`
/// @param terminator the scope's end, `aws4_request`
/// @param signedHeaders as written, names between semicolons
/// @param timestamp when it was signed, as written
/// @param expiresSeconds how long a presigned request is good; null in a header
record Authorization(
        String accessKeyId,
        String scopeDate,
        String region,
        String service,
        String terminator,
        String signedHeaders,
        String signature,
        String timestamp,
        @Nullable String sessionToken,
        @Nullable String expiresSeconds,
        boolean presigned) {

    /// What an `Authorization` header says behind its algorithm; empty what it does not say.
    private record Parameters(String credential, String signature, String signedHeaders) {

        /// Each ends at a comma or a space; of equal names the last one counts.
        static Parameters of(String header, int from) {
            String credential = "";
            String signature = "";
            String signedHeaders = "";
            int begin = from;
            for (int i = from; i <= header.length(); i++) {
                char c = i == header.length() ? ',' : header.charAt(i);
                if (c == ',' || c == ' ') {
                    int equals = header.indexOf('=', begin, i);
                    if (equals > begin) {
                        String value = header.substring(equals + 1, i).strip();
                        if (isNamed(header, begin, equals, "Credential")) {
                            credential = value;
                        } else if (isNamed(header, begin, equals, "SignedHeaders")) {
                            signedHeaders = value;
                        } else if (isNamed(header, begin, equals, "Signature")) {
                            signature = value;
                        }
                    }
                    begin = i + 1;
                }
            }
            return new Parameters(credential, signature, signedHeaders);
        }

        /// Without making a string of the name.
        private static boolean isNamed(String header, int from, int to, String name) {
            int begin = from;
            while (begin < to && Character.isWhitespace(header.charAt(begin))) {
                begin++;
            }
            int end = begin + name.length();
            return end <= to
                    && header.startsWith(name, begin)
                    && header.substring(end, to).isBlank();
        }
    }

    static final String ALGORITHM = "AWS4-HMAC-SHA256";

    private static final String ANY_VERSION = "AWS4-";
    private static final int SCOPE_PARTS = 5;
    private static final int SERVICE_PART = 3;
    private static final List<String> QUERY_PARAMETERS =
            List.of(
                    "X-Amz-Algorithm",
                    "X-Amz-Credential",
                    "X-Amz-Signature",
                    "X-Amz-SignedHeaders",
                    "X-Amz-Date");

    /// The credential scope, `accessKeyId/date/region/service/terminator`.
    String scope() {
        return scopeDate + "/" + region + "/" + service + "/" + terminator;
    }

    /// The names of the headers that are signed.
    List<String> signedHeaderNames() {
        return List.of(signedHeaders.split(";"));
    }

    /// Null when the request is not signed.
    ///
    /// @throws ServiceException `IncompleteSignature` when it is, and not as it should be
    static @Nullable Authorization of(Request request) {
        String header = request.header("authorization");
        String signature =
                header != null && header.strip().startsWith(ANY_VERSION) ? header.strip() : null;
        if (request.query().contains("X-Amz-Algorithm")) {
            if (header != null) {
                throw CommonErrors.invalidSignature(
                        "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization'"
                                + " as HTTP header.");
            }
            return presigned(QueryString.parameters(request.query()));
        }
        return signature == null ? null : inHeader(request, signature);
    }

    /// The access key that a request claims, however broken the rest is; null when it claims none.
    static @Nullable String claimedKey(Request request) {
        String credential = credential(request);
        return credential == null ? null : credential.split("/", 2)[0];
    }

    /// The service in the credential scope, however broken the rest is; null when there is none.
    static @Nullable String service(Request request) {
        String credential = credential(request);
        if (credential == null) {
            return null;
        }
        int begin = 0;
        int end = credential.indexOf('/');
        for (int part = 0; part < SERVICE_PART && end >= 0; part++) {
            begin = end + 1;
            end = credential.indexOf('/', begin);
        }
        return end < 0 ? null : credential.substring(begin, end);
    }

    private static @Nullable String credential(Request request) {
        String header = request.header("authorization");
        if (header != null && header.contains("Credential=")) {
            return header.substring(header.indexOf("Credential=") + "Credential=".length());
        }
        return request.query().contains("X-Amz-Credential=")
                ? QueryString.parameters(request.query()).getOrDefault("X-Amz-Credential", "")
                : null;
    }

    private static Authorization inHeader(Request request, String header) {
        int space = header.indexOf(' ');
        String algorithm = space < 0 ? header : header.substring(0, space);
        Parameters parameters = Parameters.of(header, algorithm.length());
        StringBuilder missing = new StringBuilder();
        tellMissing(missing, "Credential", parameters.credential());
        tellMissing(missing, "Signature", parameters.signature());
        tellMissing(missing, "SignedHeaders", parameters.signedHeaders());
        String amzDate = request.header("x-amz-date");
        String timestamp = amzDate == null ? request.header("date") : amzDate;
        if (timestamp == null) {
            missing.append(
                    "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date'"
                            + " header. ");
        }
        if (!missing.isEmpty()) {
            throw CommonErrors.incompleteSignature(missing + "Authorization=" + header);
        }
        if (!algorithm.equals(ALGORITHM)) {
            throw CommonErrors.incompleteSignature(
                    "Unsupported AWS 'algorithm': '" + algorithm + "'.");
        }
        String[] scope = scope(parameters.credential());
        return new Authorization(
                scope[0],
                scope[1],
                scope[2],
                scope[3],
                scope[4],
                parameters.signedHeaders(),
                parameters.signature(),
                String.valueOf(timestamp).strip(),
                request.header("x-amz-security-token"),
                null,
                false);
    }

    private static void tellMissing(StringBuilder missing, String name, String value) {
        if (value.isEmpty()) {
            missing.append("Authorization header requires '").append(name).append("' parameter. ");
        }
    }

    private static Authorization presigned(Map<String, String> parameters) {
        StringBuilder missing = new StringBuilder();
        for (String name : QUERY_PARAMETERS) {
            if (parameters.getOrDefault(name, "").isEmpty()) {
                missing.append("AWS query-string parameters must include '")
                        .append(name)
                        .append("'. ");
            }
        }
        if (!missing.isEmpty()) {
            throw CommonErrors.incompleteSignature(
                    missing + "Re-examine the query-string parameters.");
        }
        String algorithm = parameters.getOrDefault("X-Amz-Algorithm", "");
        if (!algorithm.equals(ALGORITHM)) {
            throw CommonErrors.incompleteSignature(
                    "Unsupported AWS 'algorithm': '" + algorithm + "'.");
        }
        String[] scope = scope(parameters.getOrDefault("X-Amz-Credential", ""));
        return new Authorization(
                scope[0],
                scope[1],
                scope[2],
                scope[3],
                scope[4],
                parameters.getOrDefault("X-Amz-SignedHeaders", ""),
                parameters.getOrDefault("X-Amz-Signature", ""),
                parameters.getOrDefault("X-Amz-Date", ""),
                parameters.get("X-Amz-Security-Token"),
                parameters.get("X-Amz-Expires"),
                true);
    }

    private static String[] scope(String credential) {
        String[] parts = credential.split("/", -1);
        if (parts.length != SCOPE_PARTS) {
            throw CommonErrors.incompleteSignature(
                    "Credential must have exactly 5 slash-delimited elements, e.g."
                            + " keyid/date/region/service/term, got '"
                            + credential
                            + "'");
        }
        return parts;
    }
}
