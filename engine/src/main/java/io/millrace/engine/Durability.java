package io.millrace.engine;

/// What happens to a group's part of the log before it is acknowledged. All but the first exist for
/// the tests of the crash tests, which must find the losses that the others cause.
enum Durability {
    /// Written and synced.
    SYNCED,
    /// Handed to the operating system: does not survive a power loss.
    UNSYNCED,
    /// Left in memory: does not survive a kill.
    UNWRITTEN
}
