package io.millrace.bench;

import java.nio.charset.StandardCharsets;

/// The bytes of one HTTP request.
record Request(String name, byte[] bytes) {

    /// An awsJson request, signed well-formed but not truly: no server compared here checks it.
    static Request json(String service, String version, String target, String body) {
        return post("/", service, "application/x-amz-json-" + version, target, body);
    }

    static Request dynamodb(String operation, String body) {
        return json("dynamodb", "1.0", "DynamoDB_20120810." + operation, body);
    }

    static Request sqs(String operation, String body) {
        return json("sqs", "1.0", "AmazonSQS." + operation, body);
    }

    static Request events(String operation, String body) {
        return json("events", "1.1", "AWSEvents." + operation, body);
    }

    /// An awsQuery request; `form` is already encoded.
    static Request sns(String form) {
        return query("sns", form);
    }

    static Request query(String service, String form) {
        return post("/", service, "application/x-www-form-urlencoded", "", form);
    }

    /// A restJson request.
    static Request rest(String method, String path, String service, String body) {
        return request(method, path, service, "application/json", "", body);
    }

    /// One of our own pages.
    static Request page(String method, String path, String body) {
        return request(method, path, "page", "text/plain", "", body);
    }

    static Request echo(String body) {
        return post("/_millrace/echo", "echo", "application/octet-stream", "", body);
    }

    private static Request post(
            String path, String service, String contentType, String target, String body) {
        return request("POST", path, service, contentType, target, body);
    }

    private static Request request(
            String method,
            String path,
            String service,
            String contentType,
            String target,
            String body) {
        byte[] payload = body.getBytes(StandardCharsets.UTF_8);
        String head =
                method
                        + " "
                        + path
                        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                        + contentType
                        + (target.isEmpty() ? "" : "\r\nX-Amz-Target: " + target)
                        + "\r\nX-Amz-Date: 20260101T000000Z\r\nAuthorization: AWS4-HMAC-SHA256"
                        + " Credential=development/20260101/us-east-1/"
                        + service
                        + "/aws4_request, SignedHeaders=host;x-amz-date, Signature="
                        + "0".repeat(64)
                        + "\r\nContent-Length: "
                        + payload.length
                        + "\r\n\r\n";
        byte[] start = head.getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = new byte[start.length + payload.length];
        System.arraycopy(start, 0, bytes, 0, start.length);
        System.arraycopy(payload, 0, bytes, start.length, payload.length);
        return new Request(target.isEmpty() ? service : target, bytes);
    }
}
