package io.millrace.service.scheduler;

import io.millrace.api.Constraints;
import io.millrace.api.scheduler.SchedulerApi;
import io.millrace.wire.ServiceException;

import java.util.List;

/// Scheduler's refusals, in its words.
final class SchedulerErrors {

    static final String ROLE_NOT_ASSUMABLE =
            "The execution role you provide must allow AWS EventBridge Scheduler to assume the"
                    + " role.";

    private SchedulerErrors() {}

    static ServiceException constraints(List<String> violations) {
        return validation(Constraints.message(violations));
    }

    static ServiceException validation(String message) {
        return new ServiceException(SchedulerApi.Errors.VALIDATION_EXCEPTION, message);
    }

    static ServiceException conflict(String message) {
        return new ServiceException(SchedulerApi.Errors.CONFLICT_EXCEPTION, message);
    }

    static ServiceException notFound(String message) {
        return new ServiceException(SchedulerApi.Errors.RESOURCE_NOT_FOUND_EXCEPTION, message);
    }

    static ServiceException scheduleNotFound(String name) {
        return notFound("Schedule " + name + " does not exist.");
    }

    static ServiceException scheduleExists(String name) {
        return conflict("Schedule " + name + " already exists.");
    }

    static ServiceException groupNotFound(String name) {
        return notFound("Schedule group " + name + " does not exist.");
    }

    static ServiceException groupExists(String name) {
        return conflict("Schedule group " + name + " already exists.");
    }

    static ServiceException groupDeleting(String name) {
        return conflict("Schedule group " + name + " is being deleted.");
    }

    static ServiceException tokenReused() {
        return conflict("The client token was used for a request with other parameters.");
    }

    static ServiceException unsupportedService(String service) {
        return validation(service + " is not a supported service for a target.");
    }

    static ServiceException unsupportedAction(String service, String action) {
        return validation(
                action + " is not a supported API action of " + service + " for a target.");
    }

    static ServiceException roleNotAssumable() {
        return validation(ROLE_NOT_ASSUMABLE);
    }

    static ServiceException tooMany(String what) {
        return new ServiceException(
                SchedulerApi.Errors.SERVICE_QUOTA_EXCEEDED_EXCEPTION,
                "The maximum number of " + what + " has been reached.");
    }
}
