/// The language of CloudWatch Logs' filter patterns: terms, JSON conditions and space-delimited
/// fields. Source: [filter pattern
/// syntax](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html).
///
/// Promises: a pattern costs a bounded amount of work for each character of a message, whatever
/// both are. Knows nothing of groups and streams. Start reading at [FilterPattern].
@NullMarked
package io.millrace.service.logs.filter;

import org.jspecify.annotations.NullMarked;
