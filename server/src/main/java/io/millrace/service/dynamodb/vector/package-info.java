/// Vectors and how near they are to each other: the form in which an index keeps them, the distance
/// functions of `SearchVectors`, and the search for the nearest.
///
/// Promises: exact results; nothing is boxed and nothing is decoded but the numbers of each vector
/// that is looked at. Depends on items only; knows no tables. Deliberately missing: an approximate
/// index (see decision 6). Start at [StoredVector].
@NullMarked
package io.millrace.service.dynamodb.vector;

import org.jspecify.annotations.NullMarked;
