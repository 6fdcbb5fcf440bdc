package io.millrace.api;

import org.jspecify.annotations.Nullable;

/// The input has the shape that the model asks for, but a value in it is none. Thrown when the
/// whole request has been read, because violated constraints of the model come first: check those
/// of [#shape], then answer this message. Has no stack trace.
public class InvalidMember extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private transient @Nullable Shape shape;

    protected InvalidMember(String message) {
        super(message, null, false, false);
    }

    /// Completes this with the request that it is about.
    public InvalidMember in(Shape request) {
        shape = request;
        return this;
    }

    public String message() {
        return String.valueOf(getMessage());
    }

    /// The request, with something harmless in the invalid value's place.
    public Shape shape() {
        Shape request = shape;
        if (request == null) {
            throw new IllegalStateException("thrown before the request was read");
        }
        return request;
    }
}
