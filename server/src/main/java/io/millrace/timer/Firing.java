package io.millrace.timer;

/// A timer whose time has come.
///
/// @param owner whose it is, as given to [Timers#set]
/// @param dueMillis when it was due
/// @param nowMillis when it fires
/// @param missed whether it was due before this server was started, so that no server was there at
///   its time
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record Firing(String owner, long dueMillis, long nowMillis, boolean missed, byte[] state) {}
