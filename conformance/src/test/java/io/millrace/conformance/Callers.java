package io.millrace.conformance;

import io.millrace.Eventually;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.core.exception.SdkException;

import java.io.UncheckedIOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;

/// Threads that call a server which is killed meanwhile, again and again until they are closed. One
/// that fails otherwise than by the server's absence or refusal fails the test; so does an answer
/// that the server failed internally, also one that was not the SDK's last try.
final class Callers implements AutoCloseable {
    private final Clients aws;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /// @param aws by which they call
    Callers(Clients aws) {
        this.aws = aws;
    }

    /// Begins to repeat a call, with growing numbers; one that failed is not repeated: its outcome
    /// is open.
    void repeat(IntConsumer call) {
        threads.execute(() -> {
            for (int number = 0; !stopped.get() && !failed(); number++) {
                try {
                    call.accept(number);
                } catch (SdkException | UncheckedIOException _) {
                    LockSupport.parkNanos(5_000_000); // away, or it refused
                } catch (RuntimeException | Error e) {
                    failure.compareAndSet(null, e);
                }
            }
        });
    }

    /// Waits until a count has grown by so much.
    void awaitMore(String what, IntSupplier count, int more) {
        int enough = count.getAsInt() + more;
        Eventually.see(
                what + ", " + enough + " of them",
                count::getAsInt,
                now -> now >= enough || failed());
        checkNoneFailed();
    }

    @Override
    public void close() {
        stopped.set(true);
        threads.close();
        checkNoneFailed();
    }

    private boolean failed() {
        return failure.get() != null || aws.internalFailure() != null;
    }

    private void checkNoneFailed() {
        Throwable cause = failure.get();
        if (cause != null) {
            throw new AssertionError("a caller failed", cause);
        }
        String internal = aws.internalFailure();
        if (internal != null) {
            throw new AssertionError("the server failed internally at a " + internal);
        }
    }
}
