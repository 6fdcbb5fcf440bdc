package io.millrace.wire;

import io.millrace.api.ErrorModel;
import io.millrace.api.OperationModel;
import io.millrace.api.Shape;
import io.millrace.api.codec.QueryShapeReader;
import io.millrace.api.codec.QueryXml;
import io.millrace.http.Request;
import io.millrace.http.Response;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// awsQuery: form parameters in, XML out; or JSON, for who accepts nothing else.
///
/// @param parameters decoded; empty before the body is read
/// @param json whether answers are JSON
record QueryDialect(Service service, Map<String, String> parameters, boolean json)
        implements Dialect {
    private static final String JSON = "application/json";

    /// Before the body is read.
    static QueryDialect of(Service service, Request request) {
        return new QueryDialect(service, Map.of(), JSON.equals(request.header("accept")));
    }

    /// Who names no action is told so, as by AWS at a queue's URL.
    private static final byte[] UNKNOWN_PATH =
            "<UnknownOperationException/>\n".getBytes(StandardCharsets.UTF_8);

    @Override
    public <I extends Shape> I read(OperationModel<I, ?> operation) {
        return QueryShapeReader.read(parameters, operation.input());
    }

    @Override
    public Response answer(OperationModel<?, ?> operation, Shape output, String requestId) {
        return new Response(
                200,
                headers(requestId, json),
                json
                        ? QueryJson.response(operation, output, requestId)
                        : QueryXml.response(service.model(), operation, output, requestId));
    }

    @Override
    public Response refuse(
            ErrorModel error, String message, @Nullable Shape details, String requestId) {
        Map<String, String> headers =
                headers(requestId, json && !error.equals(CommonErrors.UNKNOWN_PATH));
        headers.put("x-amzn-ErrorType", error.queryCodeOrCode());
        return new Response(
                error.queryHttpStatus(), headers, body(error, message, details, requestId));
    }

    private byte[] body(
            ErrorModel error, String message, @Nullable Shape details, String requestId) {
        if (error.equals(CommonErrors.UNKNOWN_PATH)) {
            return UNKNOWN_PATH;
        }
        String words = message.isEmpty() ? null : service.queryMessage(message);
        return json
                ? QueryJson.error(error, words == null ? "" : words, requestId)
                : QueryXml.error(service.model(), error, words, details, requestId);
    }

    private static Map<String, String> headers(String requestId, boolean json) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("x-amzn-RequestId", requestId);
        headers.put("Content-Type", json ? JSON : "text/xml");
        return headers;
    }
}
