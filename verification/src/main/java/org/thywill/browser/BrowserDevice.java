package org.thywill.browser;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.openqa.selenium.By;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;

/** A device of a member, driven by what people see: labels, links and buttons. */
final class BrowserDevice {
  /**
   * A script that returns the whole text of a page, with its fields but the hidden ones.
   *
   * <p>Folded parts are opened, and times are shown as they are, not as how long ago.
   */
  private static final String WHOLE_TEXT =
      """
      document.querySelectorAll('time').forEach(function (time) { time.textContent = time.dateTime; });
      document.querySelectorAll('details').forEach(function (each) { each.open = true; });
      var fields = document.querySelectorAll('input:not([type=hidden]), textarea, select');
      return document.title + '\\n' + document.body.innerText + '\\n' + Array.from(fields).map(function (field) {
        return field.name + '=' + field.value + (field.checked ? ' (chosen)' : '');
      }).join('\\n');\
      """;

  private static final String LINKS =
      "return Array.from(document.querySelectorAll('a[href]')).map(function (a) { return a.href;"
          + " });";

  private static final Duration LOAD_TIME_MAX = Duration.ofSeconds(20);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

  private final ChromeDriver driver;
  private final String window;
  private final String server;

  BrowserDevice(ChromeDriver driver, String window, String server) {
    this.driver = driver;
    this.window = window;
    this.server = server;
  }

  /** Opens a page by its path or its whole address. */
  BrowserDevice open(String address) {
    window().get(address.startsWith("http") ? address : server + address);
    return this;
  }

  /** Follows the link with this text. */
  BrowserDevice follow(String words) {
    return leaveBy(window().findElement(By.linkText(words)));
  }

  /** Presses the first button with this text. */
  BrowserDevice press(String words) {
    return leaveBy(
        window().findElement(By.xpath("//button[normalize-space()=" + quoted(words) + "]")));
  }

  /**
   * Clicks on something that leads to another page, and waits for that page. The driver does not
   * wait: until the server answers it works on the old page.
   */
  private BrowserDevice leaveBy(WebElement element) {
    driver.executeScript("document.documentElement.setAttribute('data-left', '')");
    element.click();
    long startedNanos = System.nanoTime();
    while (!isNewPageLoaded()) {
      if (System.nanoTime() - startedNanos > LOAD_TIME_MAX.toNanos()) {
        throw new AssertionError("no other page was loaded; this page shows:\n" + text());
      }
      pause();
    }
    return this;
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_INTERVAL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a page is loaded", e);
    }
  }

  private boolean isNewPageLoaded() {
    try {
      return Boolean.TRUE.equals(
          driver.executeScript(
              "return document.readyState === 'complete' &&"
                  + " !document.documentElement.hasAttribute('data-left')"));
    } catch (WebDriverException e) {
      // Between two pages there is none that could run a script.
      return false;
    }
  }

  /** Opens the folded part with this summary. */
  BrowserDevice unfold(String words) {
    window().findElement(By.xpath("//summary[normalize-space()=" + quoted(words) + "]")).click();
    return this;
  }

  /** Replaces the content of the first visible field with this label. */
  BrowserDevice write(String label, String text) {
    WebElement field = field(label);
    field.clear();
    field.sendKeys(text);
    return this;
  }

  /** Chooses an option of the field with this label. */
  BrowserDevice choose(String label, String option) {
    field(label)
        .findElement(By.xpath(".//option[normalize-space()=" + quoted(option) + "]"))
        .click();
    return this;
  }

  /** Chooses what has a label that begins with these words. */
  BrowserDevice choose(String words) {
    window()
        .findElement(By.xpath("//label[starts-with(normalize-space(), " + quoted(words) + ")]"))
        .click();
    return this;
  }

  /** The content of the field with this label. */
  String value(String label) {
    return Objects.requireNonNull(field(label).getDomProperty("value"));
  }

  private WebElement field(String label) {
    return window()
        .findElements(By.xpath("//label[starts-with(normalize-space(), " + quoted(label) + ")]"))
        .stream()
        .map(each -> driver.findElement(By.id(Objects.requireNonNull(each.getDomAttribute("for")))))
        .filter(WebElement::isDisplayed)
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException("no field " + label + " on:\n" + text()));
  }

  /** The visible text of the page. */
  String text() {
    return window().findElement(By.tagName("body")).getText();
  }

  /** The text of the first element that a CSS selector finds; for what has no label. */
  String text(String selector) {
    return window().findElement(By.cssSelector(selector)).getText();
  }

  /** The path of the page. */
  String path() {
    return URI.create(Objects.requireNonNull(window().getCurrentUrl())).getPath();
  }

  /** Whether the page's script has run: it shows times in the reader's time zone. */
  boolean hasRunScript() {
    return !Objects.requireNonNull(
            window().findElement(By.tagName("time")).getDomAttribute("title"))
        .endsWith("UTC");
  }

  /** Downloads a file as the member would. Works only on a device that runs scripts. */
  String download(String path) {
    return String.valueOf(
        window()
            .executeAsyncScript(
                "var done = arguments[1]; fetch(arguments[0]).then(function (answer) { return"
                    + " answer.text(); }).then(done, done);",
                path));
  }

  /** The whole text of every page that links lead to from the front page, by path. */
  Map<String, String> everyPage() {
    Map<String, String> pages = new TreeMap<>();
    Deque<String> queue = new ArrayDeque<>(List.of(server + "/"));
    while (!queue.isEmpty()) {
      String address = queue.removeFirst();
      String name = URLDecoder.decode(address.substring(server.length()), StandardCharsets.UTF_8);
      if (!pages.containsKey(name)) {
        open(address);
        pages.put(name, String.valueOf(driver.executeScript(WHOLE_TEXT)));
        queue.addAll(links());
      }
    }
    return pages;
  }

  private Set<String> links() {
    Set<String> links = new TreeSet<>();
    if (driver.executeScript(LINKS) instanceof List<?> found) {
      for (Object each : found) {
        String link = each.toString().replaceAll("#.*", "");
        if (link.startsWith(server + "/") && !link.endsWith("/me/data")) {
          links.add(link);
        }
      }
    }
    return links;
  }

  private ChromeDriver window() {
    driver.switchTo().window(window);
    return driver;
  }

  private static String quoted(String words) {
    return "\"" + words + "\"";
  }
}
