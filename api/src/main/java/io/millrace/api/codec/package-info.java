/// Readers and writers of shapes, one pair per protocol: awsJson, and awsQuery with its XML
/// answers.
///
/// Promises: what is written can be read again; malformed, endless or deep input ends in a
/// [io.millrace.api.SerializationFailure] and nothing else. Missing on purpose: HTTP, signatures,
/// and which error is answered to whom.
@NullMarked
package io.millrace.api.codec;

import org.jspecify.annotations.NullMarked;
