package io.millrace.conformance.faults;

import io.millrace.conformance.Clients;
import io.millrace.conformance.faults.Calls.Outcome;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.core.SdkBytes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// KMS keys that encrypt, rotate, and are disabled and enabled: what was encrypted before a kill
/// decrypts after it, and a key is enabled or not as was answered last.
final class Keys implements Workload {
    private static final String ENABLED = "Enabled";
    private static final String DISABLED = "Disabled";

    private final World world;
    private final Clients aws;
    private final StateChecker states = new StateChecker();
    private final Map<String, SdkBytes> ciphertexts = new ConcurrentHashMap<>(); // by plaintext
    private final List<String> violations = new ArrayList<>();
    private final AtomicInteger number = new AtomicInteger();
    private @Nullable String encrypting; // these two by their callers only
    private @Nullable String switched;
    private boolean enabled;

    Keys(World world) {
        this.world = world;
        this.aws = world.aws();
    }

    @Override
    public void prepare() {}

    @Override
    public void start() {
        world.calls().repeat(world.random(), this::encrypt);
        world.calls().repeat(world.random(), _ -> changeState());
    }

    /// With one key until a rotation of it has no answer.
    private void encrypt(SplittableRandom random) {
        String key = encrypting;
        Outcome outcome;
        if (key == null) {
            encrypting = create();
            return;
        }
        if (random.nextInt(20) == 0) {
            Runnable rotate = () -> aws.kms.rotateKeyOnDemand(request -> request.keyId(key));
            outcome = world.calls().call("kms RotateKeyOnDemand", rotate);
            encrypting = outcome == Outcome.DONE ? key : null; // at AWS, so many rotations a key
        } else {
            String text = "text-" + number.incrementAndGet();
            Runnable encrypt =
                    () ->
                            ciphertexts.put(
                                    text,
                                    aws.kms
                                            .encrypt(request ->
                                                    request.keyId(key)
                                                            .plaintext(
                                                                    SdkBytes.fromUtf8String(text)))
                                            .ciphertextBlob());
            outcome = world.calls().call("kms Encrypt", encrypt);
        }
        if (outcome == Outcome.UNKNOWN) {
            world.calls().idle();
        }
    }

    private void changeState() {
        String key = switched;
        if (key == null) {
            switched = create();
            enabled = true;
            return;
        }
        enabled = !enabled;
        Runnable change =
                enabled
                        ? () -> aws.kms.enableKey(request -> request.keyId(key))
                        : () -> aws.kms.disableKey(request -> request.keyId(key));
        Outcome outcome = world.calls().call(enabled ? "kms EnableKey" : "kms DisableKey", change);
        states.changed(key, enabled ? ENABLED : DISABLED, outcome);
        if (outcome == Outcome.DONE) {
            outcome = world.calls().call("kms DescribeKey", () -> states.seen(key, state(key)));
        } else {
            switched = null; // it may change yet
        }
        if (outcome == Outcome.UNKNOWN) {
            world.calls().idle();
        }
    }

    private @Nullable String create() {
        AtomicReference<@Nullable String> key = new AtomicReference<>();
        Runnable create = () -> key.set(aws.kms.createKey(request -> {}).keyMetadata().keyId());
        Outcome outcome = world.calls().call("kms CreateKey", create);
        String made = key.get();
        if (made != null) {
            states.changed(made, ENABLED, outcome);
        } else {
            world.calls().idle();
        }
        return made;
    }

    private String state(String key) {
        return aws.kms.describeKey(request -> request.keyId(key)).keyMetadata().keyStateAsString();
    }

    /// Decrypts everything.
    @Override
    public void drain() {
        violations.clear();
        ciphertexts.forEach((text, ciphertext) -> {
            String found =
                    aws.kms
                            .decrypt(request -> request.ciphertextBlob(ciphertext))
                            .plaintext()
                            .asUtf8String();
            world.calls().count("kms Decrypt", Outcome.DONE);
            if (!found.equals(text)) {
                violations.add("what was encrypted as %s is %s".formatted(text, found));
            }
        });
    }

    @Override
    public List<String> violations() {
        List<String> all = new ArrayList<>(violations);
        all.addAll(states.violations(this::state));
        if (ciphertexts.isEmpty()) {
            all.add("nothing was ever encrypted: it was not tested");
        }
        return all;
    }
}
