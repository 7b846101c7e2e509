package org.thywill.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogLocationTest {
  @Test
  void period_isThatOfAPathOfTheLogs_andOfNoOther() {
    LogLocation monthly = new LogLocation("users/{month}_users.txt");
    assertThat(monthly.period("users/2024_01_users.txt")).contains("2024_01");
    assertThat(monthly.period("users/2024_12_users.txt")).contains("2024_12");
    for (String other :
        new String[] {
          "users/2024_00_users.txt",
          "users/2024_13_users.txt",
          "users/2024-01_users.txt",
          "users/024_01_users.txt",
          "users/2024_01_users.txt.gz",
          "x/users/2024_01_users.txt",
          "users/２０２４_01_users.txt",
          "users/_users.txt",
          "users/2024_1x_users.txt",
          ""
        }) {
      assertThat(monthly.period(other)).as(other).isEmpty();
    }
    LogLocation yearly = new LogLocation("operations/{year}_operations.txt");
    assertThat(yearly.period("operations/2024_operations.txt")).contains("2024");
    assertThat(yearly.period("operations/2024_01_operations.txt")).isEmpty();
    LogLocation one = new LogLocation("roles/role_history.txt");
    assertThat(one.period("roles/role_history.txt")).contains("");
    assertThat(one.period("roles/role_history.txt2")).isEmpty();
  }

  @Test
  void everyLog_belongsToOneTable() {
    for (Table table : Catalog.TABLES) {
      String file = table.logLocation().file(0);
      assertThat(
              Catalog.TABLES.stream().filter(other -> other.logLocation().period(file).isPresent()))
          .containsExactly(table);
    }
  }
}
