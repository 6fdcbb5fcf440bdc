package io.millrace.service.sns;

/// How SNS behaves where the server may choose.
///
/// @param endpoint the base URL of links in messages that no request of a client caused, without a
///   slash at its end
/// @param secure whether credentials are configured: then services need a topic's permission to
///   publish, as at AWS
public record SnsOptions(String endpoint, boolean secure) {}
