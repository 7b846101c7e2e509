package org.thywill.operations.report;

/**
 * How reports that are pages look, such as a {@link RecoveryReportPage}, on a bright screen, on a
 * dark one, on a telephone, and on paper.
 */
public final class ReportStyle {
  public static final String CSS =
      """
      :root { color-scheme: light dark; --ink: #1d2733; --soft: #566273; --line: #d9dfe6; --page: #f5f7f9; --card: #fff; --good: #1f7a4d; --warn: #8f5b00; --bad: #b3261e; --bar: #4a76a8; }
      @media screen and (prefers-color-scheme: dark) { :root { --ink: #e7ecf2; --soft: #a9b5c3; --line: #35414e; --page: #131a21; --card: #1c252e; --good: #6fd3a0; --warn: #f0bd63; --bad: #ff9a91; --bar: #7fb0e6; } }
      * { box-sizing: border-box; }
      body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
      main { max-width: 52rem; margin: 0 auto; padding: 2rem 1rem 3rem; }
      h1 { font-size: 1.7rem; margin: 0; line-height: 1.25; }
      h2 { font-size: 1.15rem; margin: 0 0 .6rem; }
      p { margin: .4rem 0; }
      .soft { color: var(--soft); } .good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
      section, .answer, .facts div { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
      section, .answer { padding: 1.1rem 1.3rem; margin: 1rem 0; }
      .answer { display: flex; gap: 1.2rem; align-items: center; }
      .answer strong { font-size: 1.2rem; }
      .answer p { margin: .2rem 0 0; overflow-wrap: anywhere; }
      .sign { flex: none; }
      .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 1rem; margin: 1rem 0; }
      .facts div { padding: .8rem 1rem; }
      .facts strong { display: block; font-size: 1.3rem; }
      ul { padding-left: 1.2rem; margin: .3rem 0; }
      li { margin: .35rem 0; }
      .checks { list-style: none; padding: 0; }
      .checks li { display: flex; gap: .7rem; align-items: flex-start; }
      table { border-collapse: collapse; width: 100%; }
      th, td { text-align: left; padding: .35rem 1rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
      th { font-weight: 600; }
      th:last-child, td:last-child { padding-right: 0; }
      .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
      .day { text-align: right; }
      .place { min-width: 7rem; }
      .what { display: flex; gap: 0 1rem; } .what span:first-child { flex: 0 0 9.5rem; }
      .part th { padding-top: .9rem; color: var(--soft); text-transform: uppercase; font-size: .8rem; letter-spacing: .05em; }
      svg { max-width: 100%; height: auto; }
      svg text { fill: var(--soft); font: 13px system-ui, sans-serif; }
      code { font-size: .9em; overflow-wrap: anywhere; }
      @media (max-width: 40rem) { section, .answer { padding: .9rem; } th, td { padding-right: .6rem; } .what { flex-direction: column; } .what span:first-child { flex: none; } svg text { font-size: 22px; } }
      @media print { :root { color-scheme: light; --page: #fff; --ink: #000; --soft: #444; --line: #bbb; } body { font-size: 10.5pt; } main { max-width: none; padding: 0; }
        section, .answer { padding: .7rem 1rem; } tr, li, svg, .answer, .facts, section:not(.long) { break-inside: avoid; } .facts { grid-template-columns: repeat(4, 1fr); } h2 { break-after: avoid; } svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
      """;

  private ReportStyle() {}
}
