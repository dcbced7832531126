package dev.kumiko.compute.power;

import dev.kumiko.reconcile.Rejection;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Who may vouch for a power controller. */
final class RedfishTrust {
  private RedfishTrust() {}

  /** MAY throw {@link Rejection}: what the Host names is no certificate. */
  static SSLContext of(PowerAddress address) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      TrustManager[] trusted =
          address.certificates().isPresent() ? only(address.certificates().get()) : null;
      context.init(null, trusted, new SecureRandom());
      return context;
    } catch (CertificateException e) {
      throw new Rejection(
          "PowerOffFailed",
          address.url() + ": its certificates are no certificates in PEM: " + e.getMessage());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this Java runtime has no TLS", e);
    }
  }

  private static TrustManager[] only(String pem) throws GeneralSecurityException, IOException {
    Collection<? extends Certificate> named =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    if (named.isEmpty()) {
      throw new CertificateException("there is none");
    }
    KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
    authorities.load(null, null);
    for (Certificate authority : named) {
      authorities.setCertificateEntry("authority-" + authorities.size(), authority);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(authorities);
    return factory.getTrustManagers();
  }
}
