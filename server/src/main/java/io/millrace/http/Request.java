package io.millrace.http;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// A request whose head has been read, and whose body waits to be read. For one thread.
public final class Request {

    /// Opens the bytes of the body, which tells a client that waits for it to go on.
    @FunctionalInterface
    public interface Source {
        InputStream open();

        /// Tells that so many bytes more are held for this request.
        ///
        /// @throws BodyException when there is no room for them
        default void reserve(long bytes) {}
    }

    private static final int UNZIP_STEP_BYTES = 16 << 10;

    private final String method;
    private final String path;
    private final String query;
    private final Headers headers;
    private final String remoteAddress;
    private final Client client;
    private final Source source;

    /// @param path as it was sent, without decoding; begins with `/`
    /// @param query as it was sent, without the `?`; empty when there is none
    /// @param remoteAddress the client's address, without its port
    public Request(
            String method,
            String path,
            String query,
            Headers headers,
            String remoteAddress,
            Source source) {
        this(method, path, query, headers, remoteAddress, Client.UNSEEN, source);
    }

    /// @param client who waits for the answer
    public Request(
            String method,
            String path,
            String query,
            Headers headers,
            String remoteAddress,
            Client client,
            Source source) {
        this.method = method;
        this.path = path;
        this.query = query;
        this.headers = headers;
        this.remoteAddress = remoteAddress;
        this.client = client;
        this.source = source;
    }

    public String method() {
        return method;
    }

    public String path() {
        return path;
    }

    public String query() {
        return query;
    }

    public Headers headers() {
        return headers;
    }

    /// The first value of the field with this lower-case name.
    public @Nullable String header(String name) {
        return headers.first(name);
    }

    public String remoteAddress() {
        return remoteAddress;
    }

    /// `https` when it came encrypted, else `http`.
    public String scheme() {
        return client.isSecure() ? "https" : "http";
    }

    public Client client() {
        return client;
    }

    /// Reads the whole body, to be called once.
    ///
    /// @param bytesMax the limit, before and after decompression
    /// @throws BodyException when it is longer or broken; the server then sees to the rest of it
    public Body body(int bytesMax) {
        long declared = declaredBytes();
        if (declared == 0) {
            return Body.EMPTY;
        }
        if (declared > bytesMax) {
            throw tooLarge(bytesMax);
        }
        String encoding = header("content-encoding");
        byte[] raw = read(source.open(), declared, bytesMax);
        if (encoding == null || encoding.isBlank() || encoding.strip().equals("identity")) {
            return new Body(raw, raw);
        }
        return switch (encoding.strip().toLowerCase(Locale.ROOT)) {
            case "gzip", "x-gzip" -> new Body(raw, unzip(raw, bytesMax, source));
            default ->
                    throw new BodyException(
                            BodyException.Reason.MALFORMED,
                            "The content encoding " + encoding + " is not supported.");
        };
    }

    /// The length in the head; 0 when there is no body, -1 when only its end will tell.
    private long declaredBytes() {
        if (header("transfer-encoding") != null) {
            return -1;
        }
        String length = header("content-length");
        if (length == null) {
            return 0;
        }
        try {
            return Long.parseUnsignedLong(length.strip());
        } catch (NumberFormatException _) {
            throw new BodyException(BodyException.Reason.MALFORMED, "Invalid Content-Length.");
        }
    }

    private static byte[] read(InputStream in, long declared, int bytesMax) {
        try {
            byte[] bytes = in.readNBytes(declared < 0 ? bytesMax : (int) declared);
            if (in.read() >= 0) {
                throw tooLarge(bytesMax);
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] unzip(byte[] raw, int bytesMax, Source source) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] step = new byte[UNZIP_STEP_BYTES];
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(raw))) {
            for (int count = in.read(step); count >= 0; count = in.read(step)) {
                if (bytes.size() + count > bytesMax) {
                    throw tooLarge(bytesMax);
                }
                source.reserve(count);
                bytes.write(step, 0, count);
            }
            return bytes.toByteArray();
        } catch (ZipException | EOFException _) {
            throw new BodyException(BodyException.Reason.MALFORMED, "Invalid gzip data.");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BodyException tooLarge(int bytesMax) {
        return new BodyException(
                BodyException.Reason.TOO_LARGE,
                "Request body is longer than " + bytesMax + " bytes.");
    }
}
