package io.millrace.objects;

/// An object cannot be written or read. The message is for whoever asked.
public final class ObjectStorageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// Why.
    public enum Reason {
        /// No storage has been configured.
        NOT_CONFIGURED,
        NO_SUCH_BUCKET,
        NO_SUCH_KEY,
        ACCESS_DENIED,
        /// A key that the storage cannot have.
        INVALID_KEY,
        /// It may work when tried again.
        UNAVAILABLE
    }

    private final Reason reason;

    public ObjectStorageException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public ObjectStorageException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    static ObjectStorageException noSuchBucket() {
        return new ObjectStorageException(
                Reason.NO_SUCH_BUCKET,
                "The specified bucket does not exist (Service: Amazon S3; Status Code: 404; Error"
                        + " Code: NoSuchBucket)");
    }

    static ObjectStorageException noSuchKey() {
        return new ObjectStorageException(
                Reason.NO_SUCH_KEY,
                "The specified key does not exist. (Service: Amazon S3; Status Code: 404; Error"
                        + " Code: NoSuchKey)");
    }
}
