package dev.halfopen.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.SysctlProfile;
import dev.halfopen.world.World;
import dev.halfopen.world.WorldBuilder;
import org.junit.jupiter.api.Test;

class ChurnTest {
  private static final long MS = 1_000_000;

  @Test
  void everyConnectionTakesTenPackets() {
    WorldBuilder builder = new WorldBuilder(1, MemoryBudget.unlimited());
    SysctlProfile kernel = new SysctlProfile(KernelProfile.LINUX_6_18);
    Host clients = builder.farm("clients", kernel, 10);
    Host server = builder.host("server", new SysctlProfile(KernelProfile.LINUX_6_18));
    builder.link(clients, server, 10_000_000_000L, MS, 1 << 24);
    ChurnConfig config = new ChurnConfig();
    config.serverAddress = server.firstAddress();
    config.connectionsMax = 1000;
    ChurnClient client = new ChurnClient(config);
    ChurnServer answering = new ChurnServer(config);
    World world = builder.application(clients, client).application(server, answering).build();
    world.run(3000 * MS);
    assertThat(client.offered()).isEqualTo(1000);
    assertThat(client.completed()).isEqualTo(1000);
    assertThat(client.failed() + client.refused()).isZero();
    assertThat(answering.accepted()).isEqualTo(1000);
    assertThat(world.packetsSent()).isEqualTo(10_000);
  }
}
