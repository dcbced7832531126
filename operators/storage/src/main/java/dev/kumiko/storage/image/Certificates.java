package dev.kumiko.storage.image;

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
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Authorities that https sources may be signed by, beside the public ones.
 *
 * @param pem certificates in PEM, one after the other; empty: only the public ones
 */
record Certificates(String pem) {
  static final Certificates PUBLIC = new Certificates("");

  /** MAY throw {@link Rejection}: what the platform team wrote is no certificate. */
  SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trusted(), new SecureRandom());
      return context;
    } catch (CertificateException e) {
      throw new Rejection(
          "InvalidImageCertificates",
          "the StoragePool's imageCertificates are not certificates in PEM: " + e.getMessage());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this Java runtime has no TLS", e);
    }
  }

  private TrustManager[] trusted() throws GeneralSecurityException, IOException {
    KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
    authorities.load(null, null);
    List<Certificate> all = new ArrayList<>(known());
    all.addAll(
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))));
    for (Certificate authority : all) {
      authorities.setCertificateEntry("authority-" + authorities.size(), authority);
    }
    return managers(authorities);
  }

  private static List<Certificate> known() throws GeneralSecurityException {
    List<Certificate> known = new ArrayList<>();
    for (TrustManager manager : managers(null)) {
      if (manager instanceof X509TrustManager x509) {
        known.addAll(List.of(x509.getAcceptedIssuers()));
      }
    }
    return known;
  }

  /**
   * @param authorities null: the public ones, as the Java runtime has them
   */
  private static TrustManager[] managers(@Nullable KeyStore authorities)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(authorities);
    return factory.getTrustManagers();
  }
}
