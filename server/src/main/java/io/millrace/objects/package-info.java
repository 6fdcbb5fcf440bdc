/// Buckets of objects, for what services bring in from outside and leave there: a folder, or any
/// endpoint that speaks S3.
///
/// Promises: an object is there whole or not at all; keys come in the order of their bytes; no key
/// leads out of the folder. May depend on the JDK alone. Deliberately missing: multipart uploads,
/// versions, deletion; whatever nobody here needs. Start reading at
/// [io.millrace.objects.ObjectStorage].
@NullMarked
package io.millrace.objects;

import org.jspecify.annotations.NullMarked;
