package io.millrace.service.events;

import java.net.URI;
import java.net.URISyntaxException;

/// The URLs that people let us call. AWS takes `https` alone, to public hosts; `http` and private
/// addresses are allowed here, because this server usually stands beside what it calls.
final class Endpoints {

    private Endpoints() {}

    /// @param member named in the refusal
    /// @throws io.millrace.wire.ServiceException when we would not call it
    static void check(String member, String url) {
        try {
            // stars in the path are places for values
            URI uri = new URI(url.replace('*', 'x'));
            boolean isHttp =
                    "https".equalsIgnoreCase(uri.getScheme())
                            || "http".equalsIgnoreCase(uri.getScheme());
            if (isHttp && uri.getHost() != null && uri.getUserInfo() == null) {
                return;
            }
        } catch (URISyntaxException _) { // said below
        }
        throw EventsErrors.validation(
                "Parameter " + member + " is not valid. Reason: Must be a valid HTTPS URL.");
    }
}
