/** The colours and type of the page and of the reports, in light and dark. One text, because a report carries it inside. */
import { DIAGRAM_STYLE } from './diagram/style.ts'

export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#ffffff, #14171c);
  --raised: light-dark(#f4f5f7, #1d2229);
  --line: light-dark(#d5d9e0, #363d48);
  --ink: light-dark(#1b1f27, #e6e9ee);
  --faint: light-dark(#555d6b, #a3acba);
  --accent: light-dark(#1f5fbf, #7db2ff);
  --good: light-dark(#1a6b35, #6fd08c);
  --bad: light-dark(#b3261e, #ff8f85);
  --odd: light-dark(#8a5a00, #f0b95a);
  --lane-0: light-dark(#1f5fbf, #7db2ff);
  --lane-1: light-dark(#a3457b, #f29acb);
  --lane-2: light-dark(#1a7a6d, #62d3c3);
  --lane-3: light-dark(#8a5a00, #f0b95a);
  --sans: system-ui, sans-serif;
  --mono: ui-monospace, 'SF Mono', Consolas, monospace;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 var(--sans); }
h1, h2, h3 { line-height: 1.2; text-wrap: balance; }
code, pre { font-family: var(--mono); font-size: 0.9em; }
a { color: var(--accent); }
table { border-collapse: collapse; }
th, td { padding: 0.2rem 0.8rem 0.2rem 0; text-align: left; border-bottom: 1px solid var(--line); }
td.figure, th.figure { text-align: right; font-variant-numeric: tabular-nums; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.good { color: var(--good); }
.bad { color: var(--bad); }
.odd { color: var(--odd); }
.faint { color: var(--faint); }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
${DIAGRAM_STYLE}`
