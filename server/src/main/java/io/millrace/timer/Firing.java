package io.millrace.timer;

/// A timer whose time has come.
///
/// @param owner whose it is, as given to [Timers#set]
/// @param dueMillis when it was due
/// @param nowMillis when it fires
/// @param sinceMillis a little before this server was started: no server was there for what was due
///   earlier
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record Firing(String owner, long dueMillis, long nowMillis, long sinceMillis, byte[] state) {

    /// Whether no server was there at its time.
    public boolean missed() {
        return dueMillis < sinceMillis;
    }
}
