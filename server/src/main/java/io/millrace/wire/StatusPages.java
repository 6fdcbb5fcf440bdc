package io.millrace.wire;

import io.millrace.http.Response;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/// What a server tells about itself: `/_millrace/health` and, since scripts look there,
/// `/_localstack/health`; and `/` and `/ping`, where DynamoDB tells that it is healthy. Not ready
/// is 503.
final class StatusPages {
    private final String version;
    private final String region;
    private final List<Service> services;
    private final BooleanSupplier ready;

    StatusPages(Gateway.Settings settings, List<Service> services) {
        this.version = settings.version();
        this.region = settings.region();
        this.ready = settings.ready();
        this.services = services;
    }

    List<Page> pages() {
        return List.of(
                new Page("/", _ -> health()),
                new Page("/ping", _ -> health()),
                new Page("/_millrace/health", _ -> status()),
                new Page("/_localstack/health", _ -> status()));
    }

    private Response health() {
        return ready.getAsBoolean() ? FrontDoor.healthy(region) : status();
    }

    private Response status() {
        boolean up = ready.getAsBoolean();
        String states =
                services.stream()
                        .map(service -> service.model().id())
                        .sorted()
                        .map(id -> "\"" + id + "\": \"" + (up ? "available" : "error") + "\"")
                        .collect(Collectors.joining(", "));
        return Response.of(
                up ? 200 : 503,
                "application/json",
                """
                {"name": "millrace", "version": "%s", "state": "%s", "services": {%s}}
                """
                        .formatted(version, up ? "ready" : "not ready", states));
    }
}
