/** The interleaving diagram: a lane for each actor, a row for each step or call, time running down. */
import type { Recording } from '../../explore/replay/recording.ts'
import { sourceLabels } from '../../explore/report/source-labels.ts'
import { Arrows } from './arrows.tsx'
import { Ending } from './ending.tsx'
import { betweenRows, rowsOf } from './rows.ts'
import type { DiagramRow } from './rows.ts'
import { happensBefore, readsFrom } from './saw.ts'

export interface DiagramProps {
  readonly recording: Recording
  /** How many steps count as taken. Default: all. */
  readonly position?: number
  /** The step of no return, counted from 1. */
  readonly noReturn?: number | undefined
  /** Whether arrows show what happens before what, and not only which write each read saw. Default: false. */
  readonly happensBefore?: boolean
  /** Whether each access has a row, also within a call that was not interrupted. Default: false. */
  readonly whole?: boolean
  /** Makes each row a button; called with the number of steps up to the row's end. */
  readonly onStep?: (position: number) => void
}

export function Diagram(props: DiagramProps) {
  const { recording, position = recording.steps.length, whole = false } = props
  const { actors, steps } = recording
  const rows = rowsOf(recording, whole)
  const label = sourceLabels(rows.flatMap(({ frame }) => frame ?? []))
  const arrows = betweenRows(props.happensBefore === true ? happensBefore(steps) : readsFrom(steps), rows)
  return (
    <div class="diagram" style={{ '--lanes': actors.length }} role="group" aria-label="Schedule" tabIndex={0}>
      <div class="diagram-head" aria-hidden="true">
        <span class="figure">step</span>
        {actors.map((name, index) => (
          <span key={name} class="lane-name" style={laneColour(index)}>
            {name}
          </span>
        ))}
        <span class="source">source</span>
      </div>
      <div class="diagram-body">
        <ol class="diagram-rows">
          {rows.map((row) => (
            <Row key={row.from} {...props} {...{ row, position, label }} />
          ))}
        </ol>
        <Arrows arrows={arrows} rows={rows} taken={position} lanes={actors.length} />
      </div>
      {position === steps.length ? <Ending recording={recording} /> : undefined}
    </div>
  )
}

interface RowProps extends DiagramProps {
  readonly row: DiagramRow
  readonly position: number
  readonly label: (frame: NonNullable<DiagramRow['frame']>) => string
}

function Row(props: RowProps) {
  const { row, position, label, recording, onStep } = props
  const { actor, text, frame, from, to } = row
  const isCurrent = from < position && position <= to
  const cells = (
    <>
      <span class="figure faint">{to}</span>
      <span class="lane-cell" style={{ ...laneColour(actor), gridColumn: actor + 2 }} title={text}>
        <span class="visually-hidden">{recording.actors[actor]}: </span>
        <Marks {...props} />
        {text}
      </span>
      <code class="faint source">{frame === undefined ? '' : label(frame)}</code>
    </>
  )
  return (
    <li class={classOf(props)} aria-current={isCurrent ? 'step' : undefined} data-end={to}>
      {onStep === undefined ? (
        <div class="diagram-cells">{cells}</div>
      ) : (
        <button type="button" class="diagram-cells" onClick={() => onStep(to)}>
          {cells}
        </button>
      )}
    </li>
  )
}

function classOf({ row, position, recording, noReturn }: RowProps): string {
  const preempts = recording.steps[row.from]!.preempts
  return [
    'diagram-row',
    row.from >= position ? 'ahead' : '',
    preempts ? 'preempts' : '',
    isIn(row, noReturn) ? 'no-return' : '',
  ]
    .filter(Boolean)
    .join(' ')
}

/** Whether a row has the step with this number, which counts from 1. */
function isIn({ from, to }: DiagramRow, step: number | undefined): boolean {
  return step !== undefined && from < step && step <= to
}

/** What is said of a row in words, so that colour alone tells nothing. */
function Marks({ row, recording, noReturn }: RowProps) {
  const inRace = recording.races.some((pair) => pair.some((step) => isIn(row, step + 1)))
  return (
    <>
      {recording.steps[row.from]!.preempts ? <em class="mark">⇄ preempts </em> : undefined}
      {inRace ? <em class="mark bad">⚡ data race </em> : undefined}
      {isIn(row, noReturn) ? <em class="mark bad">↓ no return </em> : undefined}
    </>
  )
}

/** As many as `style.ts` has colours for. */
const COLOURS = 4

/** Returns the colour of a lane, as a style. */
export function laneColour(actor: number): { readonly '--lane': string } {
  return { '--lane': `var(--lane-${actor % COLOURS})` }
}
