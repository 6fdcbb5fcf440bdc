package io.millrace.service.dynamodb;

/// What capacity is for: reads and writes are counted and limited apart.
enum CapacityKind {
    READ("Read"),
    WRITE("Write");

    private final String word;

    CapacityKind(String word) {
        this.word = word;
    }

    /// As it stands in names of the API.
    String word() {
        return word;
    }
}
