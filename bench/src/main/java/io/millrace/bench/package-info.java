/// Measures Millrace beside others: a load generator with latency histograms, start-up and idle
/// probes, and the cost of the wire codecs.
///
/// Every figure is a ratio against something that ran in the same run, interleaved with it. Nothing
/// here asserts a time. Start reading at [Main].
@NullMarked
package io.millrace.bench;

import org.jspecify.annotations.NullMarked;
