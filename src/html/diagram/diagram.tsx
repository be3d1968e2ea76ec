/** The interleaving diagram: a lane for each actor, a row for each step or call, time running down. */
import type { Recording } from '../../explore/replay/recording.ts'
import { sourceLabels } from '../../explore/report/source-labels.ts'
import { Arrows } from './arrows.tsx'
import { Ending } from './ending.tsx'
import { betweenRows, rowsOf } from './rows.ts'
import type { DiagramRow } from './row.ts'
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
  /** The largest number of rows: of more, the middle is left out. Default: no bound. */
  readonly most?: number | undefined
  /** Makes each row a button; called with the number of steps up to the row's end. */
  readonly onStep?: (position: number) => void
}

export function Diagram(props: DiagramProps) {
  const { recording, position = recording.steps.length, whole = false, noReturn = 0, most } = props
  const { actors, steps } = recording
  const rows = rowsOf(recording, { whole, most })
  const label = sourceLabels(rows.flatMap(({ frame }) => frame ?? []))
  const arrows = betweenRows(props.happensBefore === true ? happensBefore(steps) : readsFrom(steps), rows)
  return (
    <div
      class="diagram"
      style={{ '--lanes': actors.length, '--text': laneWidth(props, rows) }}
      role="group"
      aria-label="Schedule"
      tabIndex={0}
    >
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
          {rows.map((row, index) => (
            <Row key={row.from} {...props} {...{ row, position, label }} before={rows[index - 1]} />
          ))}
        </ol>
        <Arrows arrows={arrows} rows={rows} taken={position} lanes={actors.length} />
      </div>
      {noReturn > 0 && noReturn <= steps.length ? (
        <p class="no-return-note">↓ no return: from step {noReturn} on, every continuation fails.</p>
      ) : undefined}
      {position === steps.length ? <Ending recording={recording} /> : undefined}
    </div>
  )
}

interface RowProps extends DiagramProps {
  readonly row: DiagramRow
  /** The row above; undefined for the first. */
  readonly before: DiagramRow | undefined
  readonly position: number
  readonly label: (frame: NonNullable<DiagramRow['frame']>) => string
}

function Row(props: RowProps) {
  const { row, position, label, recording, onStep } = props
  const { actor, text, frame, from, to, step, within } = row
  const isCurrent = from < position && position <= to
  const cells = (
    <>
      <span class="figure faint">{step}</span>
      <span
        class={within ? 'lane-cell within' : 'lane-cell'}
        style={{ ...laneColour(actor), gridColumn: actor + 2 }}
        title={text}
      >
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

function classOf({ row, before, position, recording, noReturn }: RowProps): string {
  const { preempts } = recording.steps[row.from]!
  const switches = before !== undefined && before.actor !== row.actor
  return [
    'diagram-row',
    row.from >= position ? 'ahead' : '',
    preempts ? 'preempts' : '',
    switches && !preempts ? 'switches' : '',
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
function Marks(props: RowProps) {
  return (
    <>
      {marksOf(props, props.row).map((mark) => (
        <em key={mark} class={mark === PREEMPTS ? 'mark' : 'mark bad'}>
          {mark}{' '}
        </em>
      ))}
    </>
  )
}

const PREEMPTS = '⇄ preempts'

function marksOf({ recording, noReturn }: DiagramProps, row: DiagramRow): string[] {
  const inRace = recording.races.some((pair) => pair.some((step) => isIn(row, step + 1)))
  return [
    ...(recording.steps[row.from]!.preempts ? [PREEMPTS] : []),
    ...(inRace ? ['⚡ data race'] : []),
    ...(isIn(row, noReturn) ? ['↓ no return'] : []),
  ]
}

/** A lane is as wide as its longest text, within these bounds. */
const [NARROWEST, WIDEST] = [14, 40]

/** Returns how many characters a lane must have room for. */
function laneWidth(props: DiagramProps, rows: readonly DiagramRow[]): number {
  const lengths = rows.map((row) => [...marksOf(props, row), row.text].join('  ').length + (row.within ? 2 : 0))
  return Math.min(WIDEST, Math.max(NARROWEST, ...lengths))
}

/** As many as `style.ts` has colours for. */
const COLOURS = 4

/** Returns the colour of a lane, as a style. */
export function laneColour(actor: number): { readonly '--lane': string } {
  return { '--lane': `var(--lane-${actor % COLOURS})` }
}
