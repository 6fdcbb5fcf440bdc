/// Event patterns, filter policies, input transformers and ARNs: what decides where an event goes
/// and what it looks like there.
///
/// Pure functions of their input; no store, no service, no clock. Start reading at [Arn], for
/// events at [EventPattern] and [EventPatternIndex].
@NullMarked
package io.millrace.pattern;

import org.jspecify.annotations.NullMarked;
