package io.millrace.wire;

import io.millrace.http.Body;
import io.millrace.http.Request;
import io.millrace.http.Response;

import java.util.Set;

/// Something that a service answers beside its operations, for whoever may call these: where
/// credentials are configured, requests must be signed for the service, body included; in
/// development mode they may be, which tells account and region, or not.
///
/// @param pathPrefix requests whose path begins with it are for this page; ends with `/` unless it
///   is the whole path
/// @param methods with which it is asked
public record ServicePage(String pathPrefix, Set<String> methods, Answer answer) {

    /// The longest body of a request.
    static final int BODY_BYTES_MAX = 1_048_576;

    /// Answers the requests to a page. A [ServiceException] becomes an answer in JSON.
    @FunctionalInterface
    public interface Answer {

        /// Answers one request.
        ///
        /// @param caller who signed the request, or an anonymous one
        Response to(Caller caller, Request request, Body body);
    }

    public ServicePage {
        methods = Set.copyOf(methods);
    }

    boolean serves(Request request) {
        return methods.contains(request.method())
                && (pathPrefix.endsWith("/")
                        ? request.path().startsWith(pathPrefix)
                        : request.path().equals(pathPrefix));
    }
}
