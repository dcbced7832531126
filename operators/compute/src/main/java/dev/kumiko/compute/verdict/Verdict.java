package dev.kumiko.compute.verdict;

/** What is made of the evidence; the message is for people. */
public sealed interface Verdict {
  String message();

  /** It answers. */
  record Alive() implements Verdict {
    @Override
    public String message() {
      return "libvirtd answers";
    }
  }

  /** Not enough is known, or not for long enough. */
  record Open(String message) implements Verdict {}

  /** The machine or its guests live, only libvirtd or the way to it does not: guests run on. */
  record DaemonDown(String message) implements Verdict {}

  /** Every signal is silent: nothing on it may write any more. */
  record Dead(String message) implements Verdict {}

  /** More hosts than the policy allows fell silent at once: a person decides. */
  record TooMany(String message) implements Verdict {}

  /** We are the ones who are cut off: nobody is given up. */
  record Isolated(String message) implements Verdict {}
}
