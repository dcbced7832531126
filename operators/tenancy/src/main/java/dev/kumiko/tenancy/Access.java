package dev.kumiko.tenancy;

import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who has a role in the tenant's namespace: one RoleBinding, named as the ClusterRole that it
 * binds.
 *
 * @param held the operators need it until the last object of the tenant is gone, so that it
 *     outlives a namespace that is deleted under them
 */
record Access(String role, Set<Subject> subjects, boolean held) {
  /** A user, a group, or a service account with its namespace. */
  record Subject(String kind, String namespace, String name) {
    @Override
    public String toString() {
      return namespace.isEmpty() ? kind + " " + name : kind + " " + namespace + ":" + name;
    }
  }

  Access {
    subjects = Set.copyOf(subjects);
  }

  String describe() {
    return role
        + " to "
        + subjects.stream().map(Subject::toString).sorted().collect(Collectors.joining(", "));
  }
}
