package dev.kumiko.crds;

import java.util.Map;

/**
 * A form of text that the API asks for again and again. The API server answers a broken {@code
 * pattern} with the bare regular expression; a rule says what would be accepted.
 *
 * @param mend what a refused user reads
 * @param extra further CEL condition on {@code self}, or empty
 */
record Form(int maxLength, String mend, String extra) {
  private static final String QUANTITY =
      "must be a whole number with a binary unit, Ki, Mi, Gi or Ti, for example 20Gi, and at most 1024Ti";
  private static final String AT_MOST_1PI = "quantity(self).compareTo(quantity('1Pi')) <= 0";
  private static final String SHORT_NAME =
      "must be 1 to 16 lower-case letters, digits or '-', with no '-' at its ends";
  private static final String IPV4 = "([0-9]{1,3}\\.){3}[0-9]{1,3}";

  private static final Map<String, Form> KNOWN =
      Map.ofEntries(
          Map.entry(
              "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$",
              new Form(
                  63,
                  "must be a name: 1 to 63 lower-case letters, digits or '-', with no '-' at its ends",
                  "")),
          Map.entry("^[a-z0-9]([-a-z0-9]{0,14}[a-z0-9])?$", new Form(16, SHORT_NAME, "")),
          Map.entry("^[1-9][0-9]*(Ki|Mi|Gi|Ti)$", new Form(16, QUANTITY, AT_MOST_1PI)),
          Map.entry(
              "^(0|[1-9][0-9]*(Ki|Mi|Gi|Ti))$", new Form(16, QUANTITY + "; or 0", AT_MOST_1PI)),
          Map.entry(
              "^" + IPV4 + "$",
              new Form(15, "must be an IPv4 address, for example 10.1.1.5", "isIP(self)")),
          Map.entry(
              "^" + IPV4 + "/[0-9]{1,2}$",
              new Form(18, "must be an IPv4 prefix, for example 10.1.1.0/24", "isCIDR(self)")),
          Map.entry(
              "^[0-9a-f][26ae](:[0-9a-f]{2}){5}$",
              new Form(
                  17,
                  "must be a locally administered unicast MAC in lower case, for example 02:00:00:00:00:01",
                  "")),
          Map.entry(
              "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
              new Form(
                  317, "must be the key of a label, for example topology.kubernetes.io/rack", "")),
          Map.entry(
              "^[A-Za-z0-9._-]{1,64}$",
              new Form(64, "must be 1 to 64 letters, digits, '.', '_' or '-'", "")),
          Map.entry(
              "^[A-Za-z0-9_-]{1,32}$",
              new Form(32, "must be 1 to 32 letters, digits, '_' or '-'", "")),
          Map.entry(
              "^(ssl|tcp|unix):[^\\s]+$",
              new Form(
                  253,
                  "must be ssl:ADDRESS:PORT, tcp:ADDRESS:PORT or unix:PATH of a database",
                  "")),
          Map.entry(
              "^(qemu|test)(\\+(tls|tcp|unix))?://[^\\s]*$",
              new Form(
                  253,
                  "must be a libvirt URI of the drivers qemu or test, for example qemu+tls://10.0.0.11/system",
                  "")),
          Map.entry(
              "^-----BEGIN CERTIFICATE-----[\\s\\S]+-----END CERTIFICATE-----\\s*$",
              new Form(65536, "must be one or more certificates in PEM", "")),
          Map.entry(
              "^(https?|file)://[^\\s]+$",
              new Form(2048, "must be an http://, https:// or file:// URL without blanks", "")),
          Map.entry(
              "^https://[^\\s/?#@]+/?$",
              new Form(
                  261,
                  "must be https:// and an address, without a path, for example https://10.0.9.17",
                  "")),
          Map.entry(
              "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
              new Form(
                  64,
                  "must be 1 to 64 letters, digits, '.', '_' or '-', with a letter or digit first",
                  "")),
          Map.entry(
              "^[^\\s/]+:[0-9]{1,5}$",
              new Form(253, "must be address:port, for example 10.0.0.1:3300", "")),
          Map.entry(
              "^[^\\r\\n]+$", new Form(16384, "must be one line: give one key per entry", "")),
          Map.entry(
              "^sha(256:[0-9a-f]{64}|512:[0-9a-f]{128})$",
              new Form(
                  135,
                  "must be sha256: and 64, or sha512: and 128, hexadecimal digits in lower case",
                  "")));

  static Form of(String pattern) {
    Form form = KNOWN.get(pattern);
    if (form == null) {
      throw new IllegalStateException(
          "no mend is known for the pattern " + pattern + ": add it to " + Form.class.getName());
    }
    return form;
  }

  /** The CEL rule on {@code self}. */
  String rule(String pattern) {
    String matches = "self.matches(r'" + pattern + "')";
    return extra.isEmpty() ? matches : matches + " && " + extra;
  }
}
