package io.millrace.service.scheduler;

import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

/// Which schedule group is meant.
record GroupName(String accountId, String region, String name) {
    static final String DEFAULT = "default";

    private static final String GROUP = "schedule-group/";
    private static final String SCHEDULE = "schedule/";

    /// Null means the default group.
    static GroupName of(Caller caller, @Nullable String name) {
        return new GroupName(caller.accountId(), caller.region(), name == null ? DEFAULT : name);
    }

    /// The group of an ARN `…:schedule-group/name`, whose form is checked.
    static GroupName ofArn(String text) {
        Arn arn = Arn.parse(text).orElseThrow();
        String name = arn.resource().substring(GROUP.length());
        return new GroupName(arn.accountId(), arn.region(), name);
    }

    /// As [#ofArn(String)], of the caller's own.
    static GroupName ofArn(Caller caller, String text) {
        GroupName group = ofArn(text);
        if (!group.accountId.equals(caller.accountId())) {
            throw SchedulerErrors.groupNotFound(group.name);
        }
        return group;
    }

    static boolean isGroup(String arn) {
        return Arn.parse(arn).filter(each -> each.resource().startsWith(GROUP)).isPresent();
    }

    boolean isDefault() {
        return name.equals(DEFAULT);
    }

    String arn() {
        return Arn.of("scheduler", region, accountId, GROUP + name).toString();
    }

    String scheduleArn(String schedule) {
        return Arn.of("scheduler", region, accountId, SCHEDULE + name + "/" + schedule).toString();
    }

    /// What the ARN of a schedule names.
    record Schedule(GroupName group, String name) {

        static Schedule ofArn(String text) {
            Arn arn = Arn.parse(text).orElseThrow();
            String[] path = arn.resource().split("/", -1);
            return new Schedule(new GroupName(arn.accountId(), arn.region(), path[1]), path[2]);
        }
    }
}
