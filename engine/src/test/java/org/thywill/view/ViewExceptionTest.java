package org.thywill.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.thywill.archive.disk.DiskFull;

/** A full disk is named as the cause, whether SQLite or the file system reports it. */
class ViewExceptionTest {
  @Test
  void databaseThatIsFull_isADiskThatIsFull() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        Statement sql = connection.createStatement()) {
      sql.execute("CREATE TABLE t (x)");
      sql.execute("PRAGMA max_page_count = 3");
      sql.execute("BEGIN");
      SQLException full =
          catchThrowableOfType(
              SQLException.class, () -> sql.execute("INSERT INTO t VALUES (zeroblob(100000))"));
      assertThat(ViewException.of("cannot write", full))
          .hasMessage("cannot write: disk full")
          .matches(failure -> !failure.needsRebuild());
      assertThatThrownBy(() -> sql.execute("ROLLBACK TO mark"))
          .as("what SQLite says afterwards")
          .satisfies(after -> assertThat(DiskFull.isCauseOf(after)).isFalse());
    }
  }

  @Test
  void fullDisk_isRecognised_inAnyCause_andNothingElseIs() {
    assertThat(
            DiskFull.isCauseOf(
                new IOException(
                    "outer", new FileSystemException("f", null, "No space left on device"))))
        .isTrue();
    assertThat(DiskFull.isCauseOf(new IOException("Permission denied"))).isFalse();
    IOException one = new IOException("one");
    IOException two = new IOException("two", one);
    one.initCause(two);
    assertThat(DiskFull.isCauseOf(one)).as("a chain of causes that is a circle").isFalse();
  }
}
