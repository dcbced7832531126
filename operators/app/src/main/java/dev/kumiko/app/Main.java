package dev.kumiko.app;

import dev.kumiko.compute.verdict.Policy;
import dev.kumiko.v1alpha1.Kumiko;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** The command line. */
@Command(
    name = "kumiko",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Makes the resources of kumiko.dev true, on libvirt, Ceph and OVN.")
public final class Main implements Callable<Integer> {
  @Option(
      names = "--kinds",
      split = ",",
      converter = GroupName.class,
      defaultValue = "tenancy,network,storage,compute",
      description = "Groups of kinds to run: tenancy, network, storage, compute.")
  private EnumSet<Group> groups = EnumSet.allOf(Group.class);

  @Option(
      names = "--namespace",
      description =
          "The operators' namespace, whose secrets cluster-scoped resources name. Default:"
              + " $POD_NAMESPACE, or "
              + Kumiko.SYSTEM_NAMESPACE
              + ".")
  private @Nullable String namespace;

  @Option(
      names = "--lease",
      defaultValue = "kumiko",
      description = "Lease that processes with the same kinds take turns with.")
  private String lease = "kumiko";

  @Option(
      names = "--lease-namespace",
      description = "Where the lease is. Default: the operators' namespace.")
  private @Nullable String leaseNamespace;

  @Option(
      names = "--identity",
      description =
          "This process in the lease; a successor with the same identity does not wait. Default:"
              + " $POD_NAME, or a random one.")
  private @Nullable String identity;

  @Option(
      names = "--http-address",
      defaultValue = "0.0.0.0",
      description = "Address for /healthz, /readyz and /metrics.")
  private String httpAddress = "0.0.0.0";

  @Option(
      names = "--http-port",
      defaultValue = "8080",
      description = "Port for /healthz, /readyz and /metrics.")
  private int httpPort = 8080;

  @Option(
      names = "--concurrency",
      defaultValue = "16",
      description = "Passes of one kind at the same time.")
  private int concurrency = 16;

  @Option(
      names = "--scratch",
      description =
          "Directory of this process alone, for downloads and client certificates. Default:"
              + " kumiko-LEASE in the directory for temporary files.")
  private @Nullable Path scratch;

  @Option(
      names = "--scratch-gibibytes",
      description =
          "What downloads may take of the disk together, in GiB. Default: all that it has left.")
  private @Nullable Long scratchGibibytes;

  @Option(
      names = "--image-gibibytes",
      defaultValue = "256",
      description = "Largest image that is imported, in GiB.")
  private long imageGibibytes = 256;

  @Option(
      names = "--denied-sources",
      split = ",",
      description =
          "Addresses, blocks (CIDR) and names that no image is fetched from, besides those of"
              + " Hosts, StoragePools, Fabrics and the API server.")
  private List<String> deniedSources = List.of();

  @Option(
      names = "--detection-seconds",
      defaultValue = "5",
      description =
          "For how long libvirtd and every guest of a host must be silent before it is given up and"
              + " its guests are started elsewhere.")
  private int detectionSeconds = 5;

  @Option(
      names = "--patience-seconds",
      defaultValue = "0",
      description =
          "For how long a host whose guests live may be without its libvirtd before it is given up"
              + " as well; 0: for ever.")
  private int patienceSeconds;

  @Option(
      names = "--silent-percent",
      defaultValue = "10",
      description =
          "Share of all hosts that may fall silent at once and still be given up; one always may.")
  private int silentPercent = 10;

  @Option(
      names = "--spared-hosts",
      converter = Count.class,
      defaultValue = "0",
      description =
          "Loss of how many hosts there is to be room for; only machines that lost theirs may take"
              + " that room.")
  private int sparedHosts;

  @Option(
      names = "--parallel-migrations",
      converter = AtLeastOne.class,
      defaultValue = "8",
      description =
          "Guests that are moved at a time, in the whole cloud; of these, two from or to one host.")
  private int parallelMigrations = 8;

  private final Map<String, String> environment;

  Main(Map<String, String> environment) {
    this.environment = environment;
  }

  public static void main(String[] arguments) {
    int status = new CommandLine(new Main(System.getenv())).execute(arguments);
    if (status != 0) {
      System.exit(status);
    }
  }

  @Override
  public Integer call() throws Exception {
    Operators operators = new Operators(settings());
    Runtime.getRuntime().addShutdownHook(new Thread(operators::close, "shutdown"));
    operators.run();
    return 0;
  }

  Settings settings() {
    String home = given(namespace).or(() -> env("POD_NAMESPACE")).orElse(Kumiko.SYSTEM_NAMESPACE);
    return new Settings(
        groups,
        home,
        given(leaseNamespace).orElse(home),
        lease,
        given(identity).or(() -> env("POD_NAME")).orElseGet(() -> UUID.randomUUID().toString()),
        new InetSocketAddress(httpAddress, httpPort),
        concurrency,
        Optional.ofNullable(scratch)
            .orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir"), "kumiko-" + lease)),
        scratchGibibytes == null ? Long.MAX_VALUE : scratchGibibytes << 30,
        imageGibibytes << 30,
        deniedSources,
        new Policy(
            Duration.ofSeconds(detectionSeconds),
            Duration.ofSeconds(patienceSeconds),
            silentPercent),
        sparedHosts,
        parallelMigrations);
  }

  private static Optional<String> given(@Nullable String value) {
    return Optional.ofNullable(value).filter(v -> !v.isBlank());
  }

  private Optional<String> env(String name) {
    return given(environment.get(name));
  }

  private static final class GroupName implements ITypeConverter<Group> {
    @Override
    public Group convert(String value) {
      try {
        return Group.named(value);
      } catch (IllegalArgumentException e) {
        throw new CommandLine.TypeConversionException(e.getMessage());
      }
    }
  }

  private static final class Count implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      return wholeNumber(value, 0);
    }
  }

  private static final class AtLeastOne implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      return wholeNumber(value, 1);
    }
  }

  private static int wholeNumber(String value, int from) {
    try {
      int count = Integer.parseInt(value);
      if (count >= from) {
        return count;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new CommandLine.TypeConversionException(
        "'" + value + "' is no whole number from " + from);
  }
}
