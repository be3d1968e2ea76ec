/** The interleaving diagram: a lane for each actor, a row for each step, time running down. */
import type { RecordedStep, Recording } from '../../explore/replay/recording.ts'
import { isEvent, stepText } from '../../explore/report/step-text.ts'
import { sourceLabels } from '../../explore/report/source-labels.ts'
import { Arrows } from './arrows.tsx'
import { happensBefore, readsFrom } from './saw.ts'
import { Ending } from './ending.tsx'

export interface DiagramProps {
  readonly recording: Recording
  /** How many steps count as taken. Default: all. */
  readonly position?: number
  /** The step of no return, counted from 1. */
  readonly noReturn?: number | undefined
  /** Whether arrows show what happens before what, and not only which write each read saw. Default: false. */
  readonly happensBefore?: boolean
  /** Makes each row a button; called with the number of steps up to and including its own. */
  readonly onStep?: (position: number) => void
}

export function Diagram(props: DiagramProps) {
  const { recording, position = recording.steps.length } = props
  const { actors, steps } = recording
  const label = sourceLabels(steps.flatMap(({ frames: [frame] }) => frame ?? []))
  const arrows = props.happensBefore === true ? happensBefore(steps) : readsFrom(steps)
  return (
    <div class="diagram" style={{ '--lanes': actors.length }}>
      <div class="diagram-head" aria-hidden="true">
        <span class="figure">step</span>
        {actors.map((name, index) => (
          <span class="lane-name" style={laneColour(index)}>
            {name}
          </span>
        ))}
        <span>source</span>
      </div>
      <div class="diagram-body">
        <ol class="diagram-rows">
          {steps.map((step, index) => (
            <Row
              key={index}
              {...{ props, step, index, label }}
              isTaken={index < position}
              isLast={index === position - 1}
            />
          ))}
        </ol>
        <Arrows arrows={arrows} steps={steps} taken={position} lanes={actors.length} />
      </div>
      {position === steps.length ? <Ending recording={recording} /> : undefined}
    </div>
  )
}

interface RowProps {
  readonly props: DiagramProps
  readonly step: RecordedStep
  readonly index: number
  readonly label: (frame: RecordedStep['frames'][number]) => string
  readonly isTaken: boolean
  readonly isLast: boolean
}

function Row({ props, step, index, label, isTaken, isLast }: RowProps) {
  const { recording, noReturn, onStep } = props
  const [frame] = step.frames
  const source = frame === undefined ? '' : label(frame)
  const cells = (
    <>
      <span class="figure faint">{index + 1}</span>
      <span class="lane-cell" style={{ ...laneColour(step.actor), gridColumn: step.actor + 2 }}>
        <span class="visually-hidden">{recording.actors[step.actor]}: </span>
        {textOf(step, recording.actors)}
        <Marks {...{ props, step, index }} />
      </span>
      <code class="faint source">{source}</code>
    </>
  )
  const state = `diagram-row${isTaken ? '' : ' ahead'}${step.preempts ? ' preempts' : ''}${noReturn === index + 1 ? ' no-return' : ''}`
  return (
    <li class={state} aria-current={isLast ? 'step' : undefined}>
      {onStep === undefined ? (
        <div class="diagram-cells">{cells}</div>
      ) : (
        <button type="button" class="diagram-cells" onClick={() => onStep(index + 1)}>
          {cells}
        </button>
      )}
    </li>
  )
}

/** What is said of a step in words beside it, so that colour alone tells nothing. */
function Marks({ props, step, index }: Pick<RowProps, 'props' | 'step' | 'index'>) {
  const { recording, noReturn } = props
  const inRace = recording.races.some((pair) => pair.includes(index))
  return (
    <>
      {step.preempts ? <em class="mark">⇄ preempts</em> : undefined}
      {inRace ? <em class="mark bad">⚡ data race</em> : undefined}
      {noReturn === index + 1 ? <em class="mark bad">↓ from here on, every continuation fails</em> : undefined}
    </>
  )
}

function textOf(step: RecordedStep, actors: readonly string[]): string {
  if (step.action === 'call') return step.begins ?? ''
  if (isEvent(step)) return `returns ${step.returns ?? ''}`
  const begins = step.begins === undefined ? '' : `${step.begins}: `
  const returns = step.returns === undefined || step.returns === '' ? '' : `, returns ${step.returns}`
  const name = step.action === 'crash' || step.action === 'timeout' ? '' : `${step.action} `
  return `${begins}${name}${stepText(step, actors)}${returns}`
}

/** As many as `style.ts` has colours for. */
const COLOURS = 4

/** Returns the colour of a lane, as a style. */
export function laneColour(actor: number): { readonly '--lane': string } {
  return { '--lane': `var(--lane-${actor % COLOURS})` }
}
