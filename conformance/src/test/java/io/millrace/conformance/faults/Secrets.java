package io.millrace.conformance.faults;

import io.millrace.conformance.Clients;
import io.millrace.conformance.faults.Calls.Outcome;

import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Secrets that get ever greater numbers: AWSCURRENT is the last one, and AWSPREVIOUS the one
/// before it.
final class Secrets implements Workload {

    /// Then another secret takes its place.
    private static final int VERSIONS_MAX = 20;

    private final World world;
    private final Clients aws;
    private final StateChecker checker = new StateChecker();
    private final AtomicInteger number = new AtomicInteger();
    private String name = ""; // these two by the caller only
    private int versions = VERSIONS_MAX;

    Secrets(World world) {
        this.world = world;
        this.aws = world.aws();
    }

    @Override
    public void prepare() {}

    @Override
    public void start() {
        world.calls().repeat(world.random(), _ -> step());
    }

    private void step() {
        Outcome outcome;
        if (versions == VERSIONS_MAX) {
            versions = 0;
            name = "secret-" + number.incrementAndGet();
            Runnable create =
                    () -> aws.secrets.createSecret(to -> to.name(name).secretString(text(0)));
            outcome = world.calls().call("secretsmanager CreateSecret", create);
        } else {
            versions++;
            Runnable put =
                    () ->
                            aws.secrets.putSecretValue(
                                    to -> to.secretId(name).secretString(text(versions)));
            outcome = world.calls().call("secretsmanager PutSecretValue", put);
        }
        String previous = versions == 0 ? "nothing" : text(versions - 1);
        checker.changed(name, text(versions) + " after " + previous, outcome);
        if (outcome == Outcome.DONE) {
            Runnable look = () -> checker.seen(name, state(name));
            outcome = world.calls().call("secretsmanager GetSecretValue", look);
        } else {
            versions = VERSIONS_MAX; // it may change yet
        }
        if (outcome == Outcome.UNKNOWN) {
            world.calls().idle();
        }
    }

    private static String text(int version) {
        return Integer.toString(version);
    }

    private String state(String secret) {
        try {
            return value(secret, "AWSCURRENT") + " after " + value(secret, "AWSPREVIOUS");
        } catch (ResourceNotFoundException _) {
            return "nothing";
        }
    }

    private String value(String secret, String label) {
        try {
            return aws.secrets
                    .getSecretValue(of -> of.secretId(secret).versionStage(label))
                    .secretString();
        } catch (ResourceNotFoundException e) {
            if (label.equals("AWSPREVIOUS")) {
                return "nothing";
            }
            throw e;
        }
    }

    @Override
    public void drain() {}

    @Override
    public List<String> violations() {
        return checker.violations(this::state);
    }
}
