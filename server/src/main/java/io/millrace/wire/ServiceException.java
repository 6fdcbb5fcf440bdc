package io.millrace.wire;

import io.millrace.api.ErrorModel;
import io.millrace.api.Shape;

import org.jspecify.annotations.Nullable;

/// A refusal in the API's own words; becomes the protocol's error answer. Has no stack trace: under
/// overload most requests end here.
public final class ServiceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ErrorModel error;
    private final transient @Nullable Shape details;

    public ServiceException(ErrorModel error, String message) {
        this(error, message, null);
    }

    /// @param details the modelled error shape, when it has members beyond the message
    public ServiceException(ErrorModel error, String message, @Nullable Shape details) {
        super(message, null, false, false);
        this.error = error;
        this.details = details;
    }

    public ErrorModel error() {
        return error;
    }

    public String message() {
        return String.valueOf(getMessage());
    }

    public @Nullable Shape details() {
        return details;
    }
}
