package dev.kumiko.network.fabric;

final class InMemoryFabricTablesTest extends FabricTablesContract {
  private final InMemoryFabricTables twin = new InMemoryFabricTables("h1", "h2");

  @Override
  protected FabricTables tables() {
    return twin;
  }

  @Override
  protected ForeignHand foreignHand() {
    return twin;
  }
}
