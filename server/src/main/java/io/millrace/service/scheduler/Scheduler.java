package io.millrace.service.scheduler;

import io.millrace.api.scheduler.SchedulerApi;
import io.millrace.delivery.EventBuses;
import io.millrace.delivery.JobHandler;
import io.millrace.delivery.Outbox;
import io.millrace.delivery.RemoteTargets;
import io.millrace.delivery.Targets;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.secret.CustomerKeys;
import io.millrace.storage.Sweeper;
import io.millrace.timer.Firing;
import io.millrace.timer.Timers;
import io.millrace.wire.ExecutionRoles;
import io.millrace.wire.Ids;
import io.millrace.wire.LocalCalls;
import io.millrace.wire.Resources;
import io.millrace.wire.Service;

import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// Amazon EventBridge Scheduler: its operation table, and what runs its schedules.
public final class Scheduler implements AutoCloseable {
    /// The kind of jobs that [#handler] carries out.
    public static final String JOBS = Invocation.KIND;

    private final Service service;
    private final Timers timers;
    private final ScheduleRuns runs;
    private final Invocations invocations;
    private final DeleteScheduleGroup deleteGroup;
    private final ClientTokens tokens;
    private final Sweeper removal;
    private final Sweeper tokenSweeper;

    /// What schedules can call.
    ///
    /// @param targets in the store, and where dead letters go
    /// @param remotes outside of it
    /// @param calls operations of this server
    /// @param roles as which they are called
    /// @param endpoint our own URL
    /// @param keys that schedules may be encrypted with
    public record Reach(
            Targets targets,
            EventBuses buses,
            RemoteTargets remotes,
            LocalCalls calls,
            ExecutionRoles roles,
            String endpoint,
            CustomerKeys keys) {}

    /// Puts the service together.
    ///
    /// @param random picks times within flexible windows
    /// @param outbox must have [#handler] as the handler of [#JOBS]
    public Scheduler(
            Store store,
            InstantSource clock,
            Ids ids,
            RandomGenerator random,
            Outbox outbox,
            Reach reach) {
        this.timers = new Timers(store, clock, Timers.Kind.SCHEDULE, this::fire);
        Groups groups = new Groups();
        Schedules schedules = new Schedules(clock, random, timers);
        Invoker invoker =
                new Invoker(reach.targets(), reach.buses(), outbox, reach.roles().areEnforced());
        this.runs = new ScheduleRuns(ids, schedules, invoker);
        this.invocations = new Invocations(store, ids, invoker, reach);
        ScheduleCheck check = new ScheduleCheck(reach.calls(), reach.roles(), reach.keys());
        this.tokens = new ClientTokens(store, clock);
        this.deleteGroup = new DeleteScheduleGroup(store, clock, groups, schedules, tokens);
        GroupTags tags = new GroupTags(store, groups);
        this.service =
                Service.of(
                                SchedulerApi.MODEL,
                                SchedulerLimits.BODY_BYTES_MAX,
                                SchedulerErrors::constraints)
                        .messageName("Message")
                        .resources(Resources.tagged(tags::ofArn))
                        .handle(
                                SchedulerApi.CREATE_SCHEDULE,
                                new CreateSchedule(store, clock, groups, schedules, check, tokens))
                        .handle(
                                SchedulerApi.UPDATE_SCHEDULE,
                                new UpdateSchedule(store, clock, groups, schedules, check, tokens))
                        .handle(
                                SchedulerApi.GET_SCHEDULE,
                                new GetSchedule(store, groups, schedules))
                        .handle(
                                SchedulerApi.DELETE_SCHEDULE,
                                new DeleteSchedule(store, groups, schedules, tokens))
                        .handle(
                                SchedulerApi.LIST_SCHEDULES,
                                new ListSchedules(store, groups, schedules))
                        .handle(
                                SchedulerApi.CREATE_SCHEDULE_GROUP,
                                new CreateScheduleGroup(store, clock, groups, tokens))
                        .handle(
                                SchedulerApi.GET_SCHEDULE_GROUP,
                                new GetScheduleGroup(store, groups))
                        .handle(SchedulerApi.DELETE_SCHEDULE_GROUP, deleteGroup)
                        .handle(
                                SchedulerApi.LIST_SCHEDULE_GROUPS,
                                new ListScheduleGroups(store, groups))
                        .handle(SchedulerApi.TAG_RESOURCE, tags::tag)
                        .handle(SchedulerApi.UNTAG_RESOURCE, tags::untag)
                        .handle(SchedulerApi.LIST_TAGS_FOR_RESOURCE, tags::list)
                        .build();
        this.removal =
                new Sweeper(
                        store,
                        "scheduler-groups",
                        SchedulerKeys.removals(),
                        Duration.ZERO,
                        deleteGroup::sweep);
        this.tokenSweeper =
                new Sweeper(
                        store,
                        "scheduler-tokens",
                        SchedulerKeys.tokens(),
                        SchedulerLimits.TOKEN_SWEEP_PAUSE,
                        tokens::sweep);
    }

    public Service service() {
        return service;
    }

    /// Makes the calls that the outbox owes.
    public JobHandler handler() {
        return invocations;
    }

    /// Takes up what is due, also from before a restart.
    public void start() {
        timers.start();
        removal.start();
        tokenSweeper.start();
    }

    /// Lets schedules look at the clock again.
    public void clockMoved() {
        timers.clockMoved();
    }

    /// For tests: runs everything that is due, and tells how many.
    int fireDue() {
        return timers.fireDue();
    }

    boolean sweepGroups() {
        return deleteGroup.sweep();
    }

    boolean sweepTokens() {
        return tokens.sweep();
    }

    @Override
    public void close() {
        timers.close();
        removal.close();
        tokenSweeper.close();
    }

    private void fire(Transaction transaction, Firing firing) {
        runs.fire(transaction, firing);
    }
}
