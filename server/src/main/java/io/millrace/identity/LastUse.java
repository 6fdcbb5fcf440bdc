package io.millrace.identity;

/// When something was last used, to within some minutes.
///
/// @param service as credential scopes name it, as `sqs`
public record LastUse(long millis, String service, String region) {}
