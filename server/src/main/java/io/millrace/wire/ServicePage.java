package io.millrace.wire;

import io.millrace.api.ErrorModel;
import io.millrace.http.Body;
import io.millrace.http.Request;
import io.millrace.http.Response;

import java.util.Set;

/// Something that a service answers beside its operations, for whoever may call these: where
/// credentials are configured, requests must be signed for the service, body included; in
/// development mode they may be, which tells account and region, or not.
///
/// @param pathPrefix requests whose path begins with it are for this page; ends with `/` unless it
///   is the whole path; not `/` itself, where operations are called
/// @param methods with which it is asked
public record ServicePage(String pathPrefix, Set<String> methods, Answer answer) {

    /// The longest body of a request.
    static final int BODY_BYTES_MAX = 1_048_576;

    private static final int FORBIDDEN = 403;

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

    /// The status of a refusal: who is not allowed to, or is not who they say, hears 403 at every
    /// page, whatever status the service's own protocol has for that.
    public static int status(ErrorModel error) {
        boolean denied = error.code().startsWith("AccessDenied");
        return denied ? FORBIDDEN : error.queryHttpStatus();
    }

    /// A refusal with the status that it has at a page.
    static ServiceException refusal(ServiceException e) {
        ErrorModel error = e.error();
        int status = status(error);
        return new ServiceException(
                new ErrorModel(
                        error.shape(),
                        error.code(),
                        status,
                        error.senderFault(),
                        error.queryCode(),
                        status),
                e.message(),
                e.details());
    }

    boolean serves(Request request) {
        String path = request.path();
        boolean meant =
                pathPrefix.endsWith("/") ? path.startsWith(pathPrefix) : path.equals(pathPrefix);
        return meant && methods.contains(request.method());
    }
}
