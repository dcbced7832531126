package dev.kumiko.compute.power;

/** An account of a power controller; the password is never printed. */
public record PowerLogin(String username, String password) {
  @Override
  public String toString() {
    return "PowerLogin[" + username + ", …]";
  }
}
