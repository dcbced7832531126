package dev.kumiko.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * Keeps logs, objects and the state of libvirt, Ceph and OVN of the moment in which a story, or
 * what it begins or ends with, fails. A story fails as well when a fault ends an operator
 * meanwhile: it is started again, so that nobody might notice.
 */
final class Evidence
    implements BeforeEachCallback,
        AfterEachCallback,
        TestExecutionExceptionHandler,
        LifecycleMethodExecutionExceptionHandler {
  private Instant begun = Instant.MAX;

  @Override
  public void beforeEach(ExtensionContext context) {
    begun = Instant.now();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    List<Path> faults = Lab.faultsOfOperators(begun);
    if (!faults.isEmpty()) {
      throw collected(
          context,
          context.getRequiredTestMethod().getName() + "-fault",
          new AssertionError("a fault ended an operator: " + faults));
    }
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw collected(context, context.getRequiredTestMethod().getName(), failure);
  }

  @Override
  public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw collected(context, "beforeAll", failure);
  }

  @Override
  public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw collected(context, context.getRequiredTestMethod().getName() + "-before", failure);
  }

  @Override
  public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw collected(context, context.getRequiredTestMethod().getName() + "-after", failure);
  }

  @Override
  public void handleAfterAllMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw collected(context, "afterAll", failure);
  }

  private static AssertionError collected(
      ExtensionContext context, String method, Throwable failure) {
    String name = context.getRequiredTestClass().getSimpleName() + "." + method;
    Path folder = Lab.repository().resolve("e2e/target/evidence").resolve(name);
    Shell.Answer answer = Lab.ask(Duration.ofMinutes(1), "collect", folder.toString());
    String where =
        answer.ok() ? folder.toString() : folder + " (incomplete: " + answer.output() + ")";
    AssertionError named =
        new AssertionError(failure.getMessage() + "\nevidence: " + where, failure);
    named.setStackTrace(failure.getStackTrace());
    return named;
  }
}
