package org.thywill.web.site;

import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.thywill.community.news.News;
import org.thywill.community.settings.Feature;
import org.thywill.web.format.Period;
import org.thywill.web.http.Answer;
import org.thywill.web.http.Said;
import org.thywill.web.http.Site;
import org.thywill.web.http.Visit;

/** What is new, for members to read, and for operators to add to. */
public final class NewsPages {
  private final News news;

  public NewsPages(Site site) {
    this.news = site.community().news();
  }

  /** What was new on a day. */
  record Day(LocalDate day, List<News.Entry> entries) {
    String title() {
      return Period.DAY.name(day);
    }
  }

  /**
   * The latest days first.
   *
   * @param isAll whether nothing is left out that lies further back
   */
  record View(List<Day> days, boolean isAll) {
    String label(News.Kind kind) {
      return switch (kind) {
        case NEW -> "New";
        case ENHANCED -> "Better";
        case FIXED -> "Mended";
        case META -> "About this place";
      };
    }

    List<News.Kind> kinds() {
      return List.of(News.Kind.values());
    }
  }

  public Answer show(Visit visit) throws IOException {
    visit.require(Feature.WHATS_NEW);
    List<News.Entry> latest = News.latest(visit.view());
    Map<LocalDate, List<News.Entry>> byDay = new LinkedHashMap<>();
    latest.forEach(
        entry -> byDay.computeIfAbsent(entry.day(), day -> new ArrayList<>()).add(entry));
    List<Day> days =
        byDay.entrySet().stream().map(each -> new Day(each.getKey(), each.getValue())).toList();
    return Answer.page(
        "site/whatsnew.jte", "What is new", new View(days, latest.size() < News.SHOWN_MAX));
  }

  public Answer add(Visit visit) throws IOException {
    visit.require(Feature.WHATS_NEW);
    news.add(visit.member().handle(), News.Kind.of(visit.field("kind")), visit.field("text"));
    return Answer.goOn("/whats-new", Said.NEWS_ADDED);
  }

  public Answer takeBack(Visit visit) throws IOException {
    visit.require(Feature.WHATS_NEW);
    news.takeBack(visit.member().handle(), visit.part("entry"));
    return Answer.goOn("/whats-new", Said.NEWS_TAKEN_BACK);
  }
}
