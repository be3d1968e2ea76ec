/** One schedule to step through: the controls, who could go next, and the diagram. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { Diagram } from '../../src/html/diagram/diagram.tsx'
import { Forks } from './forks.tsx'
import { useKeys } from './use-keys.ts'
import type { Walk, Walking } from './walking.ts'

interface SteppingProps {
  readonly walk: Walk
  readonly walking: Walking
}

/** How long each step is shown while it plays, in milliseconds. */
const PACE = 700

export function Stepping({ walk, walking }: SteppingProps) {
  const { recording, position } = walk
  const last = recording.steps.length
  const [isPlaying, setPlaying] = useState(false)
  const [arrows, setArrows] = useState(false)
  const [whole, setWhole] = useState(false)
  const atEnd = position === last
  useEffect(() => {
    if (!isPlaying || atEnd) return setPlaying(false)
    const timer = setTimeout(() => walking.goTo(position + 1), PACE)
    return () => clearTimeout(timer)
  }, [isPlaying, position, atEnd])
  const play = (): void => {
    if (atEnd && !isPlaying) walking.goTo(0)
    setPlaying(!isPlaying)
  }
  const go = (to: number): void => {
    setPlaying(false)
    walking.goTo(to)
  }
  const move = (steps: number): void => {
    setPlaying(false)
    walking.goBy(steps)
  }
  const schedule = useRef<HTMLDivElement>(null)
  useEffect(() => showCurrent(schedule.current), [position, recording, whole])
  useKeys({ walk, go, move, play, take: (actor) => walking.take(actor) })
  return (
    <section class="stepping" aria-label="The schedule, step by step">
      <h2>{titleOf(walk)}</h2>
      <div class="controls">
        <div class="moves" role="group" aria-label="Steps">
          <Move name="First" icon="M3 2v12M14 2 5 8l9 6z" isPossible={position > 0} onDo={() => go(0)} />
          <Move name="Previous" icon="M11 2 5 8l6 6-6-6z" isPossible={position > 0} onDo={() => move(-1)} />
          <Move
            name={isPlaying ? 'Pause' : 'Play'}
            icon={isPlaying ? 'M4 2v12M5 2v12M11 2v12M12 2v12' : 'M4 2v12l9-6z'}
            isPossible={last > 0}
            onDo={play}
          />
          <Move name="Next" icon="M5 2l6 6-6 6 6-6z" isPossible={!atEnd} onDo={() => move(1)} />
          <Move name="Last" icon="M13 2v12M2 2v12l9-6z" isPossible={!atEnd} onDo={() => go(last)} />
        </div>
        <input
          class="scrubber"
          type="range"
          min="0"
          max={last}
          value={position}
          aria-label="Step"
          aria-valuetext={`step ${position} of ${last}`}
          onInput={({ currentTarget }) => go(Number(currentTarget.value))}
        />
        <output class="faint">
          {position} of {last}
        </output>
      </div>
      <Forks walk={walk} walking={walking} />
      <div class="ticks">
        <Tick name="What happens before what" isOn={arrows} onChange={setArrows} />
        <Tick name="A row for each access" isOn={whole} onChange={setWhole} />
      </div>
      {last === 0 ? (
        <p class="faint">No step has been taken.</p>
      ) : (
        <div ref={schedule}>
          <Diagram
            recording={recording}
            position={position}
            noReturn={walk.failure?.inevitable?.step}
            happensBefore={arrows}
            whole={whole}
            onStep={go}
          />
        </div>
      )}
    </section>
  )
}

/** Scrolls a long diagram to the current row. The page itself stays where it is. */
function showCurrent(host: HTMLDivElement | null): void {
  const diagram = host?.querySelector('.diagram')
  const row = host?.querySelector('[aria-current=step]')
  if (!(diagram instanceof HTMLElement)) return
  if (!(row instanceof HTMLElement)) return diagram.scrollTo({ top: 0 })
  const [seen, at] = [diagram.getBoundingClientRect(), row.getBoundingClientRect()]
  // A row stays in sight with one more on each side; the head of the diagram covers the first.
  const above = at.top - 2 * at.height - seen.top
  const below = at.bottom + at.height - seen.bottom
  if (above < 0) diagram.scrollTop += above
  else if (below > 0) diagram.scrollTop += below
}

function titleOf({ failure, leftAt, end, recording }: Walk): string {
  if (failure !== undefined) return 'The smallest schedule that fails'
  if (end === null) return recording.steps.length === 0 ? 'Step by hand' : 'By hand, so far'
  const fails = recording.judgement.faults.length > 0
  return `${leftAt === undefined ? 'A schedule' : 'Your schedule'} that ${fails ? 'fails' : 'holds'}`
}

interface TickProps {
  readonly name: string
  readonly isOn: boolean
  readonly onChange: (isOn: boolean) => void
}

function Tick({ name, isOn, onChange }: TickProps) {
  return (
    <label class="tick faint">
      <input type="checkbox" checked={isOn} onChange={({ currentTarget }) => onChange(currentTarget.checked)} />
      {name}
    </label>
  )
}

interface MoveProps {
  readonly name: string
  /** The path of its picture, 16 units wide and high. */
  readonly icon: string
  readonly isPossible: boolean
  readonly onDo: () => void
}

/** One that is not possible stays in place, so that the keyboard's focus does. */
function Move({ name, icon, isPossible, onDo }: MoveProps) {
  return (
    <button
      type="button"
      aria-label={name}
      title={name}
      aria-disabled={!isPossible}
      onClick={() => isPossible && onDo()}
    >
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <path d={icon} fill="currentColor" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round" />
      </svg>
    </button>
  )
}
