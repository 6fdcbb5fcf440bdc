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
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;

/// awsJson 1.0 and 1.1.
///
/// @param service null while it is not known whom the request is for
/// @param content the request's body; empty before it is read
record JsonDialect(@Nullable Service service, Request request, byte[] content) implements Dialect {
    static final String CONTENT_TYPE = "application/x-amz-json-";

    private static final int ZIPPED_BYTES_MIN = 2048;

    @Override
    public <I extends Shape> I read(OperationModel<I, ?> operation) {
        return JsonShapeReader.read(content, operation.input());
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
        String type = error.code();
        String messageName = "message";
        if (service != null) {
            type = service.errorType(error);
            messageName = service.messageName();
            if (service.model().queryCompatible()) {
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
        return response(error.httpStatus(), body, headers);
    }

    /// As the error's own shape calls it, which differs even within a service.
    private static String messageName(@Nullable Shape details, String usual) {
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
        headers.put("Content-Type", CONTENT_TYPE + version());
        return headers;
    }

    private String version() {
        if (service != null && service.model().jsonVersion() != null) {
            return service.model().jsonVersion();
        }
        String asked = request.header("content-type");
        return asked != null && asked.startsWith(CONTENT_TYPE + "1.1") ? "1.1" : "1.0";
    }

    private Response response(int status, byte[] body, Map<String, String> headers) {
        if (service == null || !service.checksummed()) {
            return new Response(status, headers, body);
        }
        byte[] sent = body;
        if (body.length >= ZIPPED_BYTES_MIN && wantsGzip()) {
            sent = gzip(body);
            headers.put("Content-Encoding", "gzip");
        }
        CRC32 crc = new CRC32(); // over the bytes as they are sent, compressed or not
        crc.update(sent);
        headers.put("x-amz-crc32", String.valueOf(crc.getValue()));
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
