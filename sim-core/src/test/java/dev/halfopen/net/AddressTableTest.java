package dev.halfopen.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AddressTableTest {
  private static final int TEN = 10 << 24;

  private final AddressTable table = new AddressTable();

  @Test
  void nobodyOwnsWhatWasNotAssigned() {
    table.assign(TEN + 5, 1, 3);
    assertThat(table.hostOf(TEN + 4)).isEqualTo(AddressTable.NOBODY);
    assertThat(table.hostOf(TEN + 5)).isEqualTo(3);
    assertThat(table.hostOf(TEN + 6)).isEqualTo(AddressTable.NOBODY);
    assertThat(table.hostOf(0)).isEqualTo(AddressTable.NOBODY);
    assertThat(table.hostOf(-1)).isEqualTo(AddressTable.NOBODY);
  }

  @Test
  void aFarmMayCoverMoreThanHalfOfAllAddresses() {
    table.assign(1, Integer.MAX_VALUE, 0);
    table.assign(Integer.MIN_VALUE, Integer.MAX_VALUE, 1);
    assertThat(table.hostOf(0)).isEqualTo(AddressTable.NOBODY);
    assertThat(table.hostOf(1)).isZero();
    assertThat(table.hostOf(Integer.MAX_VALUE)).isZero();
    assertThat(table.hostOf(Integer.MIN_VALUE)).isEqualTo(1);
    assertThat(table.hostOf(-2)).isEqualTo(1);
    assertThat(table.hostOf(-1)).isEqualTo(AddressTable.NOBODY);
  }

  @Test
  void aLaterOwnerTakesItsPartOfAnEarlierOnes() {
    table.assign(TEN, 1 << 24, 0);
    table.assign(TEN + 1000, 5_000_000, 1);
    table.assign(TEN + 3000, 1, 2);
    table.assign(TEN + (1 << 20), 1 << 20, 3);
    assertThat(table.hostOf(TEN + 999)).isZero();
    assertThat(table.hostOf(TEN + 1000)).isEqualTo(1);
    assertThat(table.hostOf(TEN + 3000)).isEqualTo(2);
    assertThat(table.hostOf(TEN + 3001)).isEqualTo(1);
    assertThat(table.hostOf(TEN + (1 << 20))).isEqualTo(3);
    assertThat(table.hostOf(TEN + (2 << 20))).isEqualTo(1);
    assertThat(table.hostOf(TEN + 5_001_000)).isZero();
  }

  @Test
  void findsEachOwnerAsAListOfRangesDoes() {
    Random random = new Random(1);
    int[] first = new int[200];
    int[] count = new int[200];
    for (int i = 0; i < first.length; i++) {
      first[i] = TEN + random.nextInt(1 << 23);
      count[i] = 1 + random.nextInt(1 << random.nextInt(22));
      table.assign(first[i], count[i], i);
    }
    for (int n = 0; n < 100_000; n++) {
      int address = TEN - 1000 + random.nextInt(1 << 24);
      int owner = AddressTable.NOBODY;
      for (int i = 0; i < first.length; i++) {
        owner = address >= first[i] && address < first[i] + count[i] ? i : owner;
      }
      assertThat(table.hostOf(address)).isEqualTo(owner);
    }
  }
}
