package io.millrace.service.pipes;

import io.millrace.delivery.RemoteTargets;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;

import org.jspecify.annotations.Nullable;

/// What whoever holds a pipe's lease does with it: brings it to the state that it is on its way to,
/// and makes the run of one that is running. Thread-safe.
final class PipeSteps {
    private static final String INVALID = "Input parameter is invalid from the request due to : ";

    private final Run.Parts parts;
    private final RemoteTargets remotes;
    private final PipeRole role;
    private final FromQueue queues;
    private final FromStream streams;

    PipeSteps(Run.Parts parts, RemoteTargets remotes, PipeRole role) {
        this.parts = parts;
        this.remotes = remotes;
        this.role = role;
        this.queues = new FromQueue(parts.queues());
        this.streams = new FromStream(parts.clock(), parts.streams());
    }

    Run.Parts parts() {
        return parts;
    }

    /// The pipe where it was going to; null when it is gone, or changed meanwhile.
    ///
    /// @throws Leases.LostException when the pipe is another server's now
    @Nullable StoredPipe settle(StoredPipe pipe, Leases.Lease lease) {
        StoredPipe seen =
                parts.store().<@Nullable StoredPipe>read(tx -> StoredPipes.current(tx, pipe));
        if (seen == null) {
            return null;
        }
        String denial = seen.isToRun() ? role.problem(seen) : null;
        return parts.store()
                .<@Nullable StoredPipe>write(tx -> {
                    Leases.check(tx, pipe.number(), lease);
                    StoredPipe current = StoredPipes.current(tx, pipe);
                    return current == null || current.generation() != seen.generation()
                            ? null
                            : settle(tx, current, denial);
                });
    }

    Source source(StoredPipe pipe) {
        SourceKind kind = SourceKind.of(pipe.settings().source());
        if (kind == SourceKind.SQS) {
            return queues;
        }
        if (kind == SourceKind.DYNAMODB) {
            return streams;
        }
        throw new IllegalStateException("a pipe without a source: " + pipe.arn());
    }

    Run run(StoredPipe pipe, Leases.Lease lease) {
        return new Run(pipe, lease, new Stages(pipe, parts.clock(), remotes, parts.trace()), parts);
    }

    /// @param denial why the pipe's role does not do; null when it does
    private @Nullable StoredPipe settle(Transaction tx, StoredPipe pipe, @Nullable String denial) {
        return switch (pipe.currentState()) {
            case RUNNING -> denial == null ? pipe : fail(tx, pipe, denial);
            case STOPPED, CREATE_FAILED, UPDATE_FAILED, START_FAILED -> pipe;
            case DELETING -> {
                StoredPipes.remove(tx, pipe);
                yield null;
            }
            case STOPPING -> put(tx, pipe.in(PipeState.STOPPED, null));
            case CREATING, UPDATING, STARTING -> {
                StoredPipes.putTrouble(tx, pipe, null);
                if (!pipe.isToRun()) {
                    yield put(tx, pipe.in(PipeState.STOPPED, null));
                }
                String problem = problem(tx, pipe);
                if (problem != null || denial != null) {
                    yield fail(tx, pipe, problem == null ? denial : problem);
                }
                source(pipe).begin(tx, pipe);
                yield put(tx, pipe.in(PipeState.RUNNING, null));
            }
        };
    }

    private static StoredPipe fail(Transaction tx, StoredPipe pipe, @Nullable String problem) {
        String reason = StoredPipes.cut(INVALID + problem);
        return put(tx, pipe.in(pipe.currentState().failed(), reason));
    }

    private static StoredPipe put(Transaction tx, StoredPipe pipe) {
        StoredPipes.put(tx, pipe);
        return pipe;
    }

    /// Why the pipe cannot run; null when it can.
    private @Nullable String problem(Snapshot tx, StoredPipe pipe) {
        String problem = source(pipe).problem(tx, pipe);
        if (problem != null) {
            return problem;
        }
        Arn enrichment = pipe.settings().enrichmentArn();
        if (enrichment != null && !remotes.has(enrichment)) {
            return "Millrace has no enrichment behind " + enrichment + ".";
        }
        Arn target = pipe.settings().targetArn();
        TargetKind kind = TargetKind.of(target);
        boolean there =
                kind != null
                        && (kind.isRemote() ? remotes.has(target) : parts.delivery().has(target));
        return there ? null : "Millrace has no target behind " + target + ".";
    }
}
