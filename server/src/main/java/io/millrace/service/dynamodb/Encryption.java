package io.millrace.service.dynamodb;

import org.jspecify.annotations.Nullable;

/// How a table asked to be encrypted at rest.
///
/// @param type `AES256` or `KMS`
record Encryption(String type, @Nullable String kmsKeyArn) {}
