package io.millrace.wire;

import io.millrace.api.ErrorModel;
import io.millrace.api.OperationModel;
import io.millrace.api.Shape;
import io.millrace.api.codec.QueryShapeReader;
import io.millrace.api.codec.QueryXml;
import io.millrace.http.Response;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// awsQuery: form parameters in, XML out.
///
/// @param parameters decoded; empty before the body is read
record QueryDialect(Service service, Map<String, String> parameters) implements Dialect {

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
                headers(requestId),
                QueryXml.response(service.model(), operation, output, requestId));
    }

    @Override
    public Response refuse(
            ErrorModel error, String message, @Nullable Shape details, String requestId) {
        byte[] body =
                error.equals(CommonErrors.UNKNOWN_PATH)
                        ? UNKNOWN_PATH
                        : QueryXml.error(
                                service.model(),
                                error,
                                message.isEmpty() ? null : service.queryMessage(message),
                                details,
                                requestId);
        Map<String, String> headers = headers(requestId);
        headers.put("x-amzn-ErrorType", error.queryCodeOrCode());
        return new Response(error.queryHttpStatus(), headers, body);
    }

    private static Map<String, String> headers(String requestId) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("x-amzn-RequestId", requestId);
        headers.put("Content-Type", "text/xml");
        return headers;
    }
}
