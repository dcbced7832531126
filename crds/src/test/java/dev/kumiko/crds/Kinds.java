package dev.kumiko.crds;

import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Claim;
import dev.kumiko.v1alpha1.Fabric;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Image;
import dev.kumiko.v1alpha1.InstanceType;
import dev.kumiko.v1alpha1.Migration;
import dev.kumiko.v1alpha1.Network;
import dev.kumiko.v1alpha1.Port;
import dev.kumiko.v1alpha1.StoragePool;
import dev.kumiko.v1alpha1.Tenant;
import dev.kumiko.v1alpha1.VirtualMachine;
import dev.kumiko.v1alpha1.Volume;
import dev.kumiko.v1alpha1.Vrf;
import io.fabric8.kubernetes.client.CustomResource;
import java.util.List;

/** Every kind of the API. */
final class Kinds {
  static final List<Class<? extends CustomResource<?, ?>>> ALL =
      List.of(
          Attachment.class,
          Claim.class,
          Fabric.class,
          Fence.class,
          Host.class,
          Image.class,
          InstanceType.class,
          Migration.class,
          Network.class,
          Port.class,
          StoragePool.class,
          Tenant.class,
          VirtualMachine.class,
          Volume.class,
          Vrf.class);

  private Kinds() {}
}
