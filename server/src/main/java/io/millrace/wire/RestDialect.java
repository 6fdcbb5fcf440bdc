package io.millrace.wire;

import io.millrace.api.ErrorModel;
import io.millrace.api.OperationModel;
import io.millrace.api.Shape;
import io.millrace.api.codec.JsonShapeReader;
import io.millrace.api.codec.JsonShapeWriter;
import io.millrace.api.codec.RestPayload;
import io.millrace.api.codec.RestShapeReader;
import io.millrace.http.Request;
import io.millrace.http.Response;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// restJson1: the operation in method and path, its members in path, query string and a body of
/// JSON.
///
/// @param route null when nothing is served at the path
/// @param content the request's body; empty before it is read
record RestDialect(Service service, @Nullable Route route, Request request, byte[] content)
        implements Dialect {
    private static final String BYTES_CONTENT_TYPE = "application/octet-stream";

    /// What a method and a path lead to.
    ///
    /// @param labels by name, decoded
    record Route(OperationModel<?, ?> operation, Map<String, String> labels) {}

    private record Head(Map<String, String> labels, Request request)
            implements RestShapeReader.Head {

        @Override
        public @Nullable String label(String name) {
            return labels.get(name);
        }

        @Override
        public List<String> query(String name) {
            return QueryString.pairs(request.query()).stream()
                    .filter(pair -> pair[0].equals(name))
                    .map(pair -> pair[1])
                    .toList();
        }

        @Override
        public @Nullable String header(String name) {
            return request.header(name.toLowerCase(Locale.ROOT));
        }
    }

    @Override
    public <I extends Shape> I read(OperationModel<I, ?> operation) {
        Map<String, String> labels = route == null ? Map.of() : route.labels();
        return RestShapeReader.read(content, new Head(labels, request), operation.input());
    }

    @Override
    public void checkSyntax() {
        if (content.length > 0) {
            JsonShapeReader.checkSyntax(content);
        }
    }

    @Override
    public Response answer(OperationModel<?, ?> operation, Shape output, String requestId) {
        int status = operation.http() == null ? 200 : operation.http().status();
        if (status == 204) {
            return new Response(status, Map.of("x-amzn-RequestId", requestId), new byte[0]);
        }
        String contentType =
                RestPayload.hasPayload(output)
                        ? BYTES_CONTENT_TYPE
                        : JsonDialect.PLAIN_CONTENT_TYPE;
        return new Response(status, headers(requestId, contentType), RestPayload.write(output));
    }

    @Override
    public Response refuse(
            ErrorModel error, String message, @Nullable Shape details, String requestId) {
        Map<String, String> headers = headers(requestId, JsonDialect.PLAIN_CONTENT_TYPE);
        headers.put("x-amzn-ErrorType", error.code());
        byte[] body =
                JsonShapeWriter.writeError(
                        null,
                        JsonDialect.messageName(details, service.messageName()),
                        message.isEmpty() ? null : message,
                        details);
        return new Response(CommonErrors.restStatus(error), headers, body);
    }

    private static Map<String, String> headers(String requestId, String contentType) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("x-amzn-RequestId", requestId);
        headers.put("Content-Type", contentType);
        return headers;
    }

    /// Finds the operation of a service by method and path; null when there is none.
    static @Nullable Route route(Service service, Request request) {
        String[] path = segments(request.path());
        for (OperationModel<?, ?> operation : service.model().operations()) {
            if (operation.http() == null || !operation.http().method().equals(request.method())) {
                continue;
            }
            Map<String, String> labels = labels(operation.http().path().split("/", -1), path);
            if (labels != null) {
                return new Route(operation, labels);
            }
        }
        return null;
    }

    private static String[] segments(String path) {
        boolean folder = path.length() > 1 && path.endsWith("/");
        return (folder ? path.substring(0, path.length() - 1) : path).split("/", -1);
    }

    /// The labels' values when the path is of the template. An ARN in the last label may have its
    /// slashes as they are.
    private static @Nullable Map<String, String> labels(String[] template, String[] path) {
        String last = template[template.length - 1];
        boolean open = last.toLowerCase(Locale.ROOT).endsWith("arn}");
        if (path.length < template.length || (path.length > template.length && !open)) {
            return null;
        }
        Map<String, String> labels = new LinkedHashMap<>();
        for (int i = 0; i < template.length; i++) {
            boolean label = template[i].startsWith("{");
            boolean rest = i == template.length - 1 && path.length > template.length;
            String value = rest ? String.join("/", List.of(path).subList(i, path.length)) : path[i];
            if (label ? value.isEmpty() : !template[i].equals(value)) {
                return null;
            }
            if (label) {
                String name = template[i].substring(1, template[i].length() - 1);
                labels.put(name, QueryString.decodePath(value));
            }
        }
        return labels;
    }
}
