package io.millrace.wire;

import io.millrace.api.ErrorModel;
import io.millrace.api.Member;
import io.millrace.api.OperationModel;
import io.millrace.api.Shape;
import io.millrace.api.codec.JsonShapeReader;
import io.millrace.api.codec.JsonShapeWriter;
import io.millrace.http.Request;
import io.millrace.http.Response;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/// awsJson 1.0 and 1.1.
///
/// @param service null while it is not known whom the request is for
/// @param content the request's body; empty before it is read
record JsonDialect(@Nullable Service service, Request request, byte[] content) implements Dialect {
    static final String CONTENT_TYPE = "application/x-amz-json-";
    static final String PLAIN_CONTENT_TYPE = "application/json";

    private static final String CORAL = "com.amazon.coral.service#";
    private static final int ZIPPED_BYTES_MIN = 2048;
    private static final int BAD_REQUEST = 400;
    private static final Set<String> CAPITAL_MESSAGES =
            Set.of("SerializationException", "AccessDeniedException");

    @Override
    public <I extends Shape> I read(OperationModel<I, ?> operation) {
        return JsonShapeReader.read(content, operation.input());
    }

    @Override
    public void checkSyntax() {
        if (content.length > 0 && (service != null || speaks(request))) {
            JsonShapeReader.checkSyntax(content);
        }
    }

    @Override
    public Response answer(OperationModel<?, ?> operation, Shape output, String requestId) {
        return response(200, JsonShapeWriter.write(output), headers(requestId));
    }

    @Override
    public Response refuse(
            ErrorModel error, String message, @Nullable Shape details, String requestId) {
        Map<String, String> headers = headers(requestId);
        headers.put("x-amzn-ErrorType", error.code());
        String type = anyones(error);
        String messageName = "message";
        int status = error.httpStatus();
        if (service != null) {
            type = service.errorType(error);
            messageName = messageName(error, service);
            if (service.model().queryCompatible()) { // it has kept the statuses, too
                status = error.queryHttpStatus();
                headers.put(
                        "x-amzn-query-error",
                        error.queryCodeOrCode() + (error.senderFault() ? ";Sender" : ";Receiver"));
            }
        }
        byte[] body =
                JsonShapeWriter.writeError(
                        type,
                        messageName(details, messageName),
                        message.isEmpty() ? null : message,
                        details);
        return response(status, body, headers);
    }

    /// Of whoever might have been meant: what AWS knows has its namespace, what is ours has none.
    private static String anyones(ErrorModel error) {
        return error.httpStatus() == BAD_REQUEST ? CORAL + error.code() : error.code();
    }

    /// Two common errors call it otherwise: so says DynamoDB.
    private static String messageName(ErrorModel error, Service service) {
        return service.checksummed() && CAPITAL_MESSAGES.contains(error.code())
                ? "Message"
                : service.messageName();
    }

    /// As the error's own shape calls it, which differs even within a service.
    static String messageName(@Nullable Shape details, String usual) {
        if (details != null) {
            for (Member member : details.schema().members()) {
                if (member.name().equalsIgnoreCase(usual)) {
                    return member.name();
                }
            }
        }
        return usual;
    }

    private Map<String, String> headers(String requestId) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("x-amzn-RequestId", requestId);
        headers.put("Content-Type", contentType());
        return headers;
    }

    private String contentType() {
        if (service != null && !service.checksummed()) {
            return CONTENT_TYPE + version();
        }
        String asked = mediaType(request);
        boolean plain = service != null || asked.equals(PLAIN_CONTENT_TYPE);
        return plain && !asked.equals(CONTENT_TYPE + "1.0")
                ? PLAIN_CONTENT_TYPE
                : CONTENT_TYPE + version();
    }

    /// Whether the request says that its body is JSON.
    static boolean speaks(Request request) {
        String type = mediaType(request);
        return type.startsWith(CONTENT_TYPE) || type.equals(PLAIN_CONTENT_TYPE);
    }

    /// The request's content type without its parameters; empty when there is none.
    static String mediaType(Request request) {
        String type = request.header("content-type");
        if (type == null) {
            return "";
        }
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    private String version() {
        if (service != null && service.model().jsonVersion() != null) {
            return service.model().jsonVersion();
        }
        return mediaType(request).equals(CONTENT_TYPE + "1.1") ? "1.1" : "1.0";
    }

    private Response response(int status, byte[] body, Map<String, String> headers) {
        if (service != null && !service.checksummed()) {
            return new Response(status, headers, body);
        }
        byte[] sent = body;
        if (body.length >= ZIPPED_BYTES_MIN && wantsGzip()) {
            sent = gzip(body);
            headers.put("Content-Encoding", "gzip");
        }
        headers.put(Checksum.HEADER, Checksum.of(sent));
        return new Response(status, headers, sent);
    }

    private boolean wantsGzip() {
        for (String value : request.headers().all("accept-encoding")) {
            for (String encoding : value.split(",", -1)) {
                String[] parts = encoding.split(";", 2);
                if (parts[0].strip().equalsIgnoreCase("gzip")
                        && (parts.length == 1 || !parts[1].strip().matches("q=0(\\.0*)?"))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 4);
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return out.toByteArray();
    }
}
