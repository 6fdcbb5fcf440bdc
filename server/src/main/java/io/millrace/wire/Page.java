package io.millrace.wire;

import io.millrace.http.Handler;

/// Something that the gateway serves beside the services: anyone may fetch it, by `GET`.
///
/// @param pathPrefix requests whose path begins with it are for this page; ends with `/` unless it
///   is the whole path
public record Page(String pathPrefix, Handler handler) {

    boolean serves(String path) {
        return (pathPrefix.endsWith("/") && pathPrefix.length() > 1)
                ? path.startsWith(pathPrefix)
                : path.equals(pathPrefix);
    }
}
