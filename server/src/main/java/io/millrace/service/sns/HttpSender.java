package io.millrace.service.sns;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

/// Posts to an HTTP endpoint. Thread-safe.
public interface HttpSender {

    /// Posts once, and tells the status of the answer.
    int post(URI url, Map<String, String> headers, byte[] body)
            throws IOException, InterruptedException;
}
