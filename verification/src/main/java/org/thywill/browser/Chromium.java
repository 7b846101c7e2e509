package org.thywill.browser;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.bidi.browsingcontext.BrowsingContext;
import org.openqa.selenium.bidi.browsingcontext.CreateContextParameters;
import org.openqa.selenium.bidi.module.Browser;
import org.openqa.selenium.bidi.module.LogInspector;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/**
 * One Chromium in which every device of the story is a window with cookies of its own. It talks to
 * nobody but the server under test.
 */
final class Chromium implements AutoCloseable {
  private static final List<String> FLAGS =
      List.of(
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--disable-dev-shm-usage",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--window-size=1280,900");
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  private final ChromeDriver driver;
  private final Browser browser;
  private final List<String> exceptions = new CopyOnWriteArrayList<>();

  /**
   * Starts it with a profile in an empty folder; installs it first where it is missing and that can
   * be done.
   */
  Chromium(Path profile) throws IOException, InterruptedException {
    install();
    SELENIUM.setLevel(
        Level.SEVERE); // it warns of each Chromium that is newer than itself; what is used here is
    // in the standard
    ChromeOptions options = new ChromeOptions();
    options.setBinary(onPath("chromium").toFile());
    options.addArguments(FLAGS);
    options.addArguments("--user-data-dir=" + profile);
    options.setCapability("webSocketUrl", true);
    driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(onPath("chromedriver").toFile())
                .withLogOutput(OutputStream.nullOutputStream())
                .build(),
            options);
    browser = new Browser(driver);
    new LogInspector(driver).onJavaScriptException(entry -> exceptions.add(entry.getText()));
  }

  private static void install() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("bash", "install-browser").redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(said.strip());
    }
  }

  private static Path onPath(String program) {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new AssertionError("missing: " + program));
  }

  /**
   * A new device, which nobody has used.
   *
   * @param name by which it introduces itself to the server
   * @param hasScript whether its owner lets pages run scripts
   */
  BrowserDevice device(String server, String name, boolean hasScript) {
    String window =
        new BrowsingContext(
                driver,
                new CreateContextParameters(WindowType.TAB)
                    .userContext(browser.createUserContext()))
            .getId();
    driver.switchTo().window(window);
    driver.executeCdpCommand("Emulation.setUserAgentOverride", Map.of("userAgent", name));
    driver.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", !hasScript));
    return new BrowserDevice(driver, window, server);
  }

  /** What went wrong in scripts of any page so far. */
  List<String> exceptions() {
    return exceptions;
  }

  @Override
  public void close() {
    driver.quit();
  }
}
