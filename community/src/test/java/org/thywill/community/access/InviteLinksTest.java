package org.thywill.community.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;

class InviteLinksTest {
  private static final long NOW = 1_000;

  private static Row link(@Nullable Long expiresAtMicros, long used, @Nullable Long usesMax) {
    return Row.in(Catalog.INVITES)
        .set(Catalog.Invites.TOKEN, "token")
        .set(Catalog.Invites.EXPIRES_AT, expiresAtMicros)
        .set(Catalog.Invites.USED_COUNT, used)
        .set(Catalog.Invites.MAX_USES, usesMax)
        .set(Catalog.Invites.KIND, LinkKind.NEW_USER.label())
        .build();
  }

  private static LinkState state(@Nullable Long expiresAtMicros, long used, @Nullable Long max) {
    return InviteLinks.state(link(expiresAtMicros, used, max), NOW);
  }

  @Test
  void state_dependsOnTimeAndUses() {
    assertThat(state(NOW + 1, 0, 1L)).isEqualTo(LinkState.OPEN);
    assertThat(state(NOW, 0, 1L)).isEqualTo(LinkState.EXPIRED);
    assertThat(state(NOW + 1, 1, 1L)).isEqualTo(LinkState.USED_UP);
    assertThat(state(NOW - 1, 1, 1L)).isEqualTo(LinkState.EXPIRED);
    assertThat(state(NOW - 1, 0, 0L)).isEqualTo(LinkState.REVOKED);
  }

  @Test
  void state_ofAnImportedLinkWithoutAnEndOrANumberOfUses_isOpen() {
    assertThat(state(null, 9, 10L)).isEqualTo(LinkState.OPEN);
    assertThat(state(NOW + 1, 1_000_000, null)).isEqualTo(LinkState.OPEN);
    assertThat(state(null, 10, 10L)).isEqualTo(LinkState.USED_UP);
  }

  @Test
  void requireOpen_saysWhyALinkCannotBeUsed() {
    Row open = link(NOW + 1, 0, 1L);
    assertThat(InviteLinks.requireOpen(open, "invite", NOW)).isSameAs(open);
    assertThatThrownBy(() -> InviteLinks.requireOpen(link(NOW, 0, 1L), "invite", NOW))
        .isInstanceOf(ForbiddenException.class)
        .hasMessage("This invite has expired. Please ask for a new one.");
    assertThatThrownBy(() -> InviteLinks.requireOpen(link(NOW + 1, 1, 1L), "link", NOW))
        .isInstanceOf(ForbiddenException.class)
        .hasMessage("This link has been used. Please ask for a new one.");
  }
}
