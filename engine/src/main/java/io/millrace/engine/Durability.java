package io.millrace.engine;

/// When the committer acknowledges. All but the first exist for the tests of the crash tests, which
/// must find the losses that the others cause.
enum Durability {
    /// After the log was synced.
    SYNCED,
    /// After the log was handed to the operating system: does not survive a power loss.
    UNSYNCED,
    /// Before the log was handed to anybody: does not survive a kill.
    ACKNOWLEDGED_EARLY
}
