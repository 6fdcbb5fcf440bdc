package io.millrace.engine;

/// The world's failure: the disk is full, a sync failed, the store is closed. After a failed write
/// the store refuses every further one: what is on disk is then unknown until it is opened again.
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
