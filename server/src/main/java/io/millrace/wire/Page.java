package io.millrace.wire;

import io.millrace.http.Handler;

import java.util.Set;

/// Something that the gateway serves beside the services, to anyone: whoever must not see it is for
/// the page to tell.
///
/// @param pathPrefix requests whose path begins with it are for this page; ends with `/` unless it
///   is the whole path
/// @param methods with which it is asked
public record Page(String pathPrefix, Set<String> methods, Handler handler) {
    private static final Set<String> FETCHING = Set.of("GET", "HEAD");

    public Page {
        methods = Set.copyOf(methods);
    }

    /// A page to be fetched.
    public Page(String pathPrefix, Handler handler) {
        this(pathPrefix, FETCHING, handler);
    }

    boolean serves(String method, String path) {
        return methods.contains(method)
                && ((pathPrefix.endsWith("/") && pathPrefix.length() > 1)
                        ? path.startsWith(pathPrefix)
                        : path.equals(pathPrefix));
    }
}
