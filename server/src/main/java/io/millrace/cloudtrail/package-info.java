/// A record of each API call, as AWS CloudTrail has it, on the default event bus of who called.
///
/// Promises: whoever got an answer finds the record of the call on the bus, durably; the record
/// hides what is sensitive and is bounded; records are not recorded. Opt-in: an operator chooses.
/// May depend on `callrecord`, `delivery`, `engine` and `wire`. Deliberately missing: CloudTrail's
/// own API, trails, and records of what nobody called for. Start reading at [CloudTrail].
@NullMarked
package io.millrace.cloudtrail;

import org.jspecify.annotations.NullMarked;
