package io.millrace.service.logs.filter;

import java.util.Map;

/// The empty pattern.
record EveryEvent() implements FilterPattern {

    @Override
    public boolean matches(String message) {
        return true;
    }

    @Override
    public Map<String, String> extract(String message) {
        return Map.of();
    }
}
