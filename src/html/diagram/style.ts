/** How a diagram looks. Rows have one height, which the arrows rely on. */
export const DIAGRAM_STYLE = `
.diagram { --row: 2.1rem; --number: 3rem; --source: 11rem; --least: calc(var(--text) * 0.47rem + 1.6rem); font-size: 0.9rem; overflow-x: auto; position: relative; }
.diagram-head, .diagram-cells {
  display: grid;
  grid-template-columns: var(--number) repeat(var(--lanes), minmax(0, 1fr)) var(--source);
  align-items: center; text-align: left;
}
.diagram-head { border-bottom: 1px solid var(--line); padding: 0.3rem 0; font-weight: 600; }
.lane-name { color: var(--lane); }
.diagram-head, .diagram-body { min-width: calc(var(--number) + var(--lanes) * var(--least) + var(--source)); }
.diagram-body { position: relative; }
.diagram-rows { list-style: none; margin: 0; padding: 0; }
.diagram-row { height: var(--row); border-top: 1px solid transparent; }
.diagram-row.switches { border-top: 1px solid var(--line); }
.diagram-row.preempts { border-top: 1px dashed var(--odd); }
.diagram-row.no-return { border-top: 2px solid var(--bad); }
.diagram-row[aria-current] { background: var(--raised); box-shadow: inset 3px 0 0 var(--accent); }
.diagram-row.ahead .lane-cell, .diagram-row.ahead .source { color: var(--faint); }
.diagram-cells { width: 100%; height: 100%; border: 0; padding: 0; background: none; font: inherit; color: inherit; }
.diagram-cells .figure { padding-right: 0.8rem; text-align: right; }
.lane-cell { border-left: 3px solid var(--lane); padding: 0 0.6rem; font-family: var(--mono); font-size: 0.85em; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.lane-cell.within { padding-left: 1.8rem; }
.no-return-note { margin: 0.6rem 0 0; color: var(--bad); }
.source { grid-column: -2; padding-left: 1rem; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.diagram .figure { font-variant-numeric: tabular-nums; }
.mark { font: italic 0.9em var(--sans); margin-right: 0.6em; }
.arrows { position: absolute; pointer-events: none; top: 0; height: 100%; left: var(--number); width: calc(100% - var(--number) - var(--source)); }
.arrow { fill: none; stroke: var(--faint); stroke-width: 1.2; vector-effect: non-scaling-stroke; opacity: 0.55; }
.arrow.now { stroke: var(--accent); stroke-width: 2; opacity: 1; }
.memory { font-size: 0.9rem; }
.memory-title { margin: 0.3rem 0; color: var(--faint); }
.memory th { font-weight: 400; font-family: var(--mono); font-size: 0.9em; }
.memory td { font-variant-numeric: tabular-nums; white-space: nowrap; }
.memory tr.changed { font-weight: 700; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 40rem) {
  .diagram { --number: 2rem; --source: 0rem; --least: 10rem; }
  .diagram .source { display: none; }
  .diagram .lane-cell { padding: 0 0.3rem; }
  .diagram .lane-cell.within { padding-left: 1.1rem; }
}
`
