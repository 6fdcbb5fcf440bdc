package io.millrace.service.pipes;

/// Leaves a transaction that delivered a part of what belongs together, so that nothing of it is
/// written.
final class Undelivered extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    Undelivered(Failure failure) {
        super(failure.text(), null, false, false);
        this.failure = failure;
    }

    Failure failure() {
        return failure;
    }
}
