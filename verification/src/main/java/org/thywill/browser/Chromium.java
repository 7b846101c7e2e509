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
 * A Chromium in which every device is a window with its own cookies.
 *
 * <p>It connects to the server under test only.
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
   * Starts Chromium, after it has been installed where it is missing.
   *
   * @param profile an empty folder
   * @throws AssertionError if it is missing and cannot be installed
   */
  Chromium(Path profile) throws IOException, InterruptedException {
    install();
    // Selenium warns of each Chromium that is newer than itself; what is used here is standard.
    SELENIUM.setLevel(Level.SEVERE);
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
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(output.strip());
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
   * A new device without cookies.
   *
   * @param server the address of the server, without a slash at its end
   * @param name the user agent that it sends
   * @param hasScript whether it runs scripts
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

  /** The exceptions in scripts of all pages so far. */
  List<String> exceptions() {
    return exceptions;
  }

  @Override
  public void close() {
    driver.quit();
  }
}
