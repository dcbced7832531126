package dev.kumiko.tenancy;

import dev.kumiko.reconcile.Action;
import java.util.Map;
import java.util.TreeMap;

/** Everything that can be done to a tenant. */
sealed interface TenantAction extends Action {
  /** The object that is written: one that is refused keeps no other from its turn. */
  @Override
  String target();

  record CreateNamespace(String name) implements TenantAction {
    @Override
    public String target() {
      return "namespace/" + name;
    }

    @Override
    public String describe() {
      return "create namespace " + name;
    }
  }

  record DeleteNamespace(String name) implements TenantAction {
    @Override
    public String target() {
      return "namespace/" + name;
    }

    @Override
    public String describe() {
      return "delete namespace " + name;
    }
  }

  record Grant(String namespace, Access access) implements TenantAction {
    @Override
    public String target() {
      return "rolebinding/" + access.role();
    }

    @Override
    public String describe() {
      return "grant " + access.describe() + " in namespace " + namespace;
    }
  }

  record Revoke(String namespace, Access access) implements TenantAction {
    @Override
    public String target() {
      return "rolebinding/" + access.role();
    }

    @Override
    public String describe() {
      return "revoke " + access.describe() + " in namespace " + namespace;
    }
  }

  /** Takes away what has the name of a binding of ours and binds something else. */
  record Clear(String namespace, String binding) implements TenantAction {
    @Override
    public String target() {
      return "rolebinding/" + binding;
    }

    @Override
    public String describe() {
      return "remove RoleBinding "
          + binding
          + " from namespace "
          + namespace
          + ": it binds another role";
    }
  }

  record SetQuota(String namespace, Map<String, Integer> hard) implements TenantAction {
    public SetQuota {
      hard = Map.copyOf(hard);
    }

    @Override
    public String target() {
      return "resourcequota/" + TenantObjects.QUOTA;
    }

    @Override
    public String describe() {
      return "limit namespace " + namespace + " to " + new TreeMap<>(hard);
    }
  }

  record RemoveQuota(String namespace) implements TenantAction {
    @Override
    public String target() {
      return "resourcequota/" + TenantObjects.QUOTA;
    }

    @Override
    public String describe() {
      return "remove the quota of namespace " + namespace;
    }
  }

  record CreateVrf(String name, String fabric) implements TenantAction {
    @Override
    public String target() {
      return "vrf/" + name;
    }

    @Override
    public String describe() {
      return "create Vrf " + name + " on fabric " + fabric;
    }
  }

  record DeleteVrf(String name) implements TenantAction {
    @Override
    public String target() {
      return "vrf/" + name;
    }

    @Override
    public String describe() {
      return "delete Vrf " + name;
    }
  }
}
