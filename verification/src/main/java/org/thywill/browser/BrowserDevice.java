package org.thywill.browser;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
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

/** A member's device: does what people do who see a page and its words, and know no selectors. */
final class BrowserDevice {
  /**
   * All words of a page: what is folded is unfolded, and times stand there as they are and not as
   * how long ago. Fields follow, without what a form carries for the server alone.
   */
  private static final String ALL_WORDS =
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

  private static final int PATIENCE_MILLIS = 20_000;
  private static final int STEP_MILLIS = 20;

  private final ChromeDriver driver;
  private final String window;
  private final String server;

  BrowserDevice(ChromeDriver driver, String window, String server) {
    this.driver = driver;
    this.window = window;
    this.server = server;
  }

  /** Opens a page by its path, or by a whole link. */
  BrowserDevice open(String address) {
    look().get(address.startsWith("http") ? address : server + address);
    return this;
  }

  /** Follows a link by its words. */
  BrowserDevice follow(String words) {
    return leaveBy(look().findElement(By.linkText(words)));
  }

  /** Presses the first button with these words. */
  BrowserDevice press(String words) {
    return leaveBy(
        look().findElement(By.xpath("//button[normalize-space()=" + quoted(words) + "]")));
  }

  /**
   * Clicks on something that leads elsewhere, and waits until another page is there. The driver
   * does not: it looks at the old one until the server answers.
   */
  private BrowserDevice leaveBy(WebElement element) {
    driver.executeScript("document.documentElement.setAttribute('data-left', '')");
    element.click();
    for (int tries = 0; tries < PATIENCE_MILLIS / STEP_MILLIS; tries++) {
      if (hasArrived()) {
        return this;
      }
      pause();
    }
    throw new AssertionError("nothing came of it; the page says:\n" + text());
  }

  private boolean hasArrived() {
    try {
      return Boolean.TRUE.equals(
          driver.executeScript(
              "return document.readyState === 'complete' &&"
                  + " !document.documentElement.hasAttribute('data-left')"));
    } catch (WebDriverException e) {
      return false; // between two pages there is none to be asked
    }
  }

  private static void pause() {
    try {
      Thread.sleep(STEP_MILLIS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Unfolds what is folded behind these words. */
  BrowserDevice unfold(String words) {
    look().findElement(By.xpath("//summary[normalize-space()=" + quoted(words) + "]")).click();
    return this;
  }

  /**
   * Writes into the first field with this label that can be seen, in place of what stands there.
   */
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

  /** Chooses by a label that begins with these words. */
  BrowserDevice choose(String words) {
    look()
        .findElement(By.xpath("//label[starts-with(normalize-space(), " + quoted(words) + ")]"))
        .click();
    return this;
  }

  /** What stands in the field with this label. */
  String value(String label) {
    return Objects.requireNonNull(field(label).getDomProperty("value"));
  }

  private WebElement field(String label) {
    return look()
        .findElements(By.xpath("//label[starts-with(normalize-space(), " + quoted(label) + ")]"))
        .stream()
        .map(each -> driver.findElement(By.id(Objects.requireNonNull(each.getDomAttribute("for")))))
        .filter(WebElement::isDisplayed)
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException("no field " + label + " on:\n" + text()));
  }

  /** The words that can be seen. */
  String text() {
    return look().findElement(By.tagName("body")).getText();
  }

  /**
   * The words of the first thing on the page that a selector finds; for what has no label, such as
   * digits to be read aloud.
   */
  String text(String selector) {
    return look().findElement(By.cssSelector(selector)).getText();
  }

  /** Where it is now. */
  String path() {
    return URI.create(Objects.requireNonNull(look().getCurrentUrl())).getPath();
  }

  /** Whether our script has run on this page: it gives times in the reader's zone. */
  boolean hasRunScript() {
    return !Objects.requireNonNull(look().findElement(By.tagName("time")).getDomAttribute("title"))
        .endsWith("UTC");
  }

  /** Fetches what is no page as its owner would download it. Only where scripts run. */
  String download(String path) {
    return String.valueOf(
        look()
            .executeAsyncScript(
                "var done = arguments[1]; fetch(arguments[0]).then(function (answer) { return"
                    + " answer.text(); }).then(done, done);",
                path));
  }

  /**
   * All words of every page that links lead to from the front page, by path; without what is
   * downloaded.
   */
  Map<String, String> everyPage() {
    Map<String, String> pages = new TreeMap<>();
    Deque<String> ahead = new ArrayDeque<>(List.of(server + "/"));
    while (!ahead.isEmpty()) {
      String address = ahead.removeFirst();
      String name = URLDecoder.decode(address.substring(server.length()), StandardCharsets.UTF_8);
      if (!pages.containsKey(name)) {
        open(address);
        pages.put(name, String.valueOf(driver.executeScript(ALL_WORDS)));
        ahead.addAll(links());
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

  private ChromeDriver look() {
    driver.switchTo().window(window);
    return driver;
  }

  private static String quoted(String words) {
    return "\"" + words + "\"";
  }
}
