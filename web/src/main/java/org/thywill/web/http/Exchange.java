package org.thywill.web.http;

import io.javalin.http.Context;
import java.util.Objects;

/** A request that is being answered: Javalin's context, the principal, and the view. */
record Exchange(Context context, Principal principal, LazyViewReader lazyView) {
  /** The cookie that the CSRF token is bound to; empty for a visitor who has none yet. */
  String formSecret() {
    return switch (principal) {
      case Principal.Member member -> member.session();
      case Principal.Claimant claimant -> claimant.session();
      case Principal.DecoyClaimant decoy -> decoy.session();
      case Principal.Visitor _ -> Objects.requireNonNullElse(BrowserCookie.VISITOR.of(context), "");
    };
  }
}
