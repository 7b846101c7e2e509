package org.thywill.web.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a form before a thread begins to work on the request.
 *
 * <p>A client that sends its body slowly thus holds a connection and some memory, but no thread, so
 * any number of them cannot keep the server from other clients. A body that arrives at less than a
 * minimum rate is given up with 408, and one that is larger than it said with 413.
 *
 * <p>Bodies that are no forms are not read here or anywhere.
 */
public final class RequestBodyReader extends Handler.Wrapper {
  /** How many bytes a form may have. */
  public static final int BYTES_MAX = 256_000;

  /**
   * A body that is too long, but not longer than so many of the longest, is received and thrown
   * away, so that its sender sees the answer instead of a broken connection.
   */
  private static final int THROWN_AWAY_MAX = 4;

  private static final String FORM = "application/x-www-form-urlencoded";

  private final Limits limits;

  /**
   * The limits on a body.
   *
   * @param bytesMax the next handler gets nothing of a longer one if its length is known; it is
   *     refused here if not
   * @param grace how long any body may take to arrive
   * @param bytesPerSecondMin allows more time for a body that says its length
   */
  public record Limits(int bytesMax, Duration grace, int bytesPerSecondMin) {
    private long millis(long length) {
      return grace.toMillis() + TimeUnit.SECONDS.toMillis(Math.max(0, length)) / bytesPerSecondMin;
    }
  }

  public RequestBodyReader(Limits limits) {
    this.limits = limits;
  }

  /** Whether the request has a body that is not a form of a page. */
  static boolean isForeign(@Nullable String contentType) {
    return contentType != null
        && !contentType.isBlank()
        && !contentType.split(";", 2)[0].strip().equalsIgnoreCase(FORM);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    long length = request.getLength();
    boolean isForm =
        HttpMethod.POST.is(request.getMethod())
            && !isForeign(request.getHeaders().get(HttpHeader.CONTENT_TYPE));
    if (!isForm || length == 0 || length > (long) THROWN_AWAY_MAX * limits.bytesMax()) {
      return super.handle(request, response, callback);
    }
    CompletableFuture<byte[]> body = new CompletableFuture<>();
    Scheduler.Task deadline =
        request
            .getComponents()
            .getScheduler()
            .schedule(
                () -> body.completeExceptionally(new TimeoutException()),
                limits.millis(length),
                TimeUnit.MILLISECONDS);
    CompletableFuture<byte[]> _ =
        body.whenComplete(
            (bytes, failure) -> {
              deadline.cancel();
              request
                  .getContext()
                  .execute(() -> handleWithBody(request, response, callback, bytes, failure));
            });
    if (length > limits.bytesMax()) {
      Content.Source.consumeAll(
          request, Callback.from(() -> body.complete(new byte[0]), body::completeExceptionally));
    } else {
      Content.Source.asByteArrayAsync(request, limits.bytesMax(), new Arrival(body));
    }
    return true;
  }

  private void handleWithBody(
      Request request,
      Response response,
      Callback callback,
      byte @Nullable [] bytes,
      @Nullable Throwable failure) {
    if (bytes == null) {
      Response.writeError(request, response, callback, status(failure));
      return;
    }
    try {
      if (!super.handle(new WithBody(request, bytes), response, callback)) {
        Response.writeError(request, response, callback, 404);
      }
    } catch (Exception e) {
      Response.writeError(request, response, callback, e);
    }
  }

  private static int status(@Nullable Throwable failure) {
    return switch (failure) {
      case TimeoutException _ -> 408;
      case IllegalStateException _ -> 413;
      case null, default -> 400;
    };
  }

  /** Completes a future when the body has arrived, or failed; never waits. */
  private record Arrival(CompletableFuture<byte[]> body) implements Promise.Invocable<byte[]> {
    @Override
    public void succeeded(byte[] bytes) {
      body.complete(bytes);
    }

    @Override
    public void failed(Throwable failure) {
      body.completeExceptionally(failure);
    }

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }
  }

  /** A request whose body has arrived. */
  private static final class WithBody extends Request.Wrapper {
    private Content.@Nullable Chunk unread;

    WithBody(Request request, byte[] bytes) {
      super(request);
      this.unread = Content.Chunk.from(ByteBuffer.wrap(bytes), true);
    }

    @Override
    public Content.Chunk read() {
      Content.Chunk next = Objects.requireNonNullElse(unread, Content.Chunk.EOF);
      unread = null;
      return next;
    }

    @Override
    public void demand(Runnable onContent) {
      onContent.run();
    }
  }
}
