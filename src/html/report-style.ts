/** How a report looks, beside what it has in common with the page. */
export const REPORT_STYLE = `
main { max-width: 82rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
.about { margin: 0; font-size: 0.9rem; }
section { margin-top: 2.5rem; }
section > h2, section > h3 { margin-bottom: 0.4rem; }
.wide { overflow-x: auto; }
.prose { max-width: 46rem; }
pre { overflow-x: auto; padding: 0.8rem; background: var(--raised); }
.stepped { display: grid; grid-template-columns: minmax(0, 1fr) 20rem; gap: 1rem 2rem; margin-top: 1rem; align-items: start; }
.stepped > .controls { grid-column: 1 / -1; display: none; gap: 0.5rem; align-items: center; flex-wrap: wrap; }
.stepped.live > .controls { display: flex; }
.stepped button { white-space: nowrap; font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--line); padding: 0.2rem 0.8rem; cursor: pointer; }
.stepped .states { position: sticky; top: 1rem; overflow-x: auto; }
@media (max-width: 55rem) { .stepped { grid-template-columns: minmax(0, 1fr); } .stepped .states { position: static; } }
/* On a narrow screen a reader scrolls to what is cut off: there is no pointer that could ask for the whole text. */
@media (max-width: 40rem) {
  .stepped .diagram { --number: 2.6rem; --source: 10rem; --least: calc(var(--text) * 0.47rem + 1rem); }
  .stepped .diagram .source { display: inline; }
}
.bars { display: grid; grid-template-columns: fit-content(40%) minmax(4rem, 24rem) max-content; overflow-wrap: anywhere; gap: 0.4rem 0.8rem; align-items: center; font-size: 0.9rem; }
.bars .figure { font-variant-numeric: tabular-nums; }
.bars .expected { fill: none; stroke: var(--faint); }
.bars .actual { fill: var(--accent); }
.bars .short { fill: var(--bad); }
.witness td:not(:first-child) { min-width: 7rem; }
.history text { font: 12px var(--mono); fill: var(--ink); }
.history rect { fill: var(--raised); stroke: var(--accent); }
.history .culprit rect { stroke: var(--bad); stroke-width: 2.5; }
.command { display: block; overflow-wrap: anywhere; user-select: all; color: var(--faint); }
.contents { display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; margin-top: 1.5rem; }
h1, h2, h3, p, li, q { overflow-wrap: anywhere; }
.wide { margin: 1rem 0; }
.wide td, .wide th { vertical-align: top; }
.wide th[scope='row'] { min-width: 8rem; }
.wide .figure { white-space: nowrap; }
.wide td:last-child { min-width: 9rem; }
.wide table code { white-space: pre-wrap; }
`
