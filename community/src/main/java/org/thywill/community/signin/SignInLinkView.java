package org.thywill.community.signin;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.thywill.community.member.MemberNames;
import org.thywill.view.ViewReader;

/**
 * The member whom a sign-in link signs in.
 *
 * @param member the handle
 * @param name the display name
 */
public record SignInLinkView(String member, String name) {

  /** The member of a link; empty if the link cannot be used. Looking at it changes nothing. */
  public static Optional<SignInLinkView> find(ViewReader view, String token, Instant now)
      throws IOException {
    Optional<String> member = SignInLinks.member(view, token, now);
    return member.isEmpty()
        ? Optional.empty()
        : Optional.of(new SignInLinkView(member.get(), MemberNames.of(view, member.get())));
  }
}
