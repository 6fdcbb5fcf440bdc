package io.millrace.service.pipes;

/// Where a pipe is, by the API's names. What is on its way (`…ING`) is carried on by whoever holds
/// the pipe's lease, also after a restart.
enum PipeState {
    CREATING,
    RUNNING,
    STOPPED,
    UPDATING,
    STARTING,
    STOPPING,
    DELETING,
    CREATE_FAILED,
    UPDATE_FAILED,
    START_FAILED;

    /// Whether there is something to do for the pipe.
    boolean isAtWork() {
        return this == RUNNING || isOnItsWay();
    }

    boolean isOnItsWay() {
        return switch (this) {
            case CREATING, UPDATING, STARTING, STOPPING, DELETING -> true;
            case RUNNING, STOPPED, CREATE_FAILED, UPDATE_FAILED, START_FAILED -> false;
        };
    }

    /// Where it ends when it cannot go on.
    PipeState failed() {
        return switch (this) {
            case CREATING -> CREATE_FAILED;
            case UPDATING -> UPDATE_FAILED;
            case RUNNING,
                    STOPPED,
                    STARTING,
                    STOPPING,
                    DELETING,
                    CREATE_FAILED,
                    UPDATE_FAILED,
                    START_FAILED ->
                    START_FAILED;
        };
    }
}
