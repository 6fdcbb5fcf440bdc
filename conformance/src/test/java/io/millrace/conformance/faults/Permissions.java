package io.millrace.conformance.faults;

import io.millrace.conformance.Clients;
import io.millrace.conformance.faults.Calls.Outcome;

import software.amazon.awssdk.services.iam.model.NoSuchEntityException;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Users who are allowed something and denied it again: what was answered last holds.
final class Permissions implements Workload {
    private static final String ACTION = "sqs:SendMessage";
    private static final List<String> EFFECTS = List.of("Allow", "Deny");
    private static final List<String> DECISIONS = List.of("allowed", "explicitDeny");
    private static final String UNDECIDED = "implicitDeny";

    private final World world;
    private final Clients aws;
    private final StateChecker checker = new StateChecker();
    private final AtomicInteger number = new AtomicInteger();
    private String user = ""; // these two by the caller only
    private int changes;

    Permissions(World world) {
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
        if (user.isEmpty()) {
            user = "user-" + number.incrementAndGet();
            changes = 0;
            Runnable create = () -> aws.iam.createUser(request -> request.userName(user));
            outcome = world.calls().call("iam CreateUser", create);
            checker.changed(user, UNDECIDED, outcome);
        } else {
            int effect = changes++ % EFFECTS.size();
            String policy =
                    """
                    {"Version":"2012-10-17","Statement":[{"Effect":"%s","Action":"%s","Resource":"*"}]}\
                    """
                            .formatted(EFFECTS.get(effect), ACTION);
            Runnable put =
                    () ->
                            aws.iam.putUserPolicy(request ->
                                    request.userName(user)
                                            .policyName("policy")
                                            .policyDocument(policy));
            outcome = world.calls().call("iam PutUserPolicy", put);
            checker.changed(user, DECISIONS.get(effect), outcome);
        }
        if (outcome == Outcome.DONE) {
            Runnable look = () -> checker.seen(user, decision(user));
            outcome = world.calls().call("iam SimulatePrincipalPolicy", look);
        } else {
            user = ""; // it may change yet
        }
        if (outcome == Outcome.UNKNOWN) {
            world.calls().idle();
        }
    }

    private String decision(String name) {
        String arn = "arn:aws:iam::" + aws.account() + ":user/" + name;
        try {
            return aws.iam
                    .simulatePrincipalPolicy(
                            request -> request.policySourceArn(arn).actionNames(ACTION))
                    .evaluationResults()
                    .getFirst()
                    .evalDecisionAsString();
        } catch (NoSuchEntityException _) {
            return "nothing";
        }
    }

    @Override
    public void drain() {}

    @Override
    public List<String> violations() {
        return checker.violations(this::decision);
    }
}
