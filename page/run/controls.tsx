/** The controls of a run: which bug, which variants of it, and how it is run. */
import { threadLessons } from '../../src/lab/lessons/index.ts'
import { whole } from '../../src/terminal/figures.ts'
import { defaultsOf, MOST_WORKERS, mostIterations } from './choices.ts'
import type { Choices } from './choices.ts'
import { gapOf, gapPartsOf, lengthsWith, lengthWords, sharesWith, shareWords } from './gap-steps.ts'
import { roundSteps, Slider } from './slider.tsx'

export interface ControlsProps {
  readonly choices: Choices
  onChange(choices: Choices): void
  /** While it runs, nothing can be changed. */
  readonly disabled: boolean
}

const WORKERS = Array.from({ length: MOST_WORKERS }, (_, index) => index + 1)

export function Controls({ choices, onChange, disabled }: ControlsProps) {
  const { lesson, workers, iterations } = choices
  return (
    <>
      <div class="field">
        <label for="bug">Bug</label>
        <select
          id="bug"
          disabled={disabled}
          onChange={({ currentTarget }) => onChange(defaultsOf(threadLessons[currentTarget.selectedIndex]!))}
        >
          {threadLessons.map(({ name, title }) => (
            <option value={name} selected={name === lesson.name}>
              {title}
            </option>
          ))}
        </select>
      </div>
      <Variants choices={choices} onChange={onChange} disabled={disabled} />
      <Slider
        id="workers"
        name="Workers"
        values={WORKERS}
        value={workers}
        words={(count) => (count === 1 ? '1 thread' : `${count} threads`)}
        onChange={(value) => onChange({ ...choices, workers: value })}
        disabled={disabled}
      />
      <Slider
        id="iterations"
        name="Iterations"
        values={roundSteps(mostIterations(lesson), lesson.load.iterations, iterations)}
        value={iterations}
        words={(count) => `${whole(count)} each`}
        onChange={(value) => onChange({ ...choices, iterations: value })}
        disabled={disabled}
      />
      <Gap choices={choices} onChange={onChange} disabled={disabled} />
    </>
  )
}

function Variants({ choices, onChange, disabled }: ControlsProps) {
  const { lesson, variants } = choices
  const toggle = (name: string): void => {
    const chosen = lesson.variants
      .map((each) => each.name)
      .filter((each) => variants.includes(each) !== (each === name))
    // At least one is run.
    if (chosen.length > 0) onChange({ ...choices, variants: chosen })
  }
  return (
    <fieldset class="variants" disabled={disabled}>
      <legend>Variants</legend>
      {lesson.variants.map(({ name, sound }) => (
        <label>
          <input
            type="checkbox"
            // Controlled: the last one stays checked.
            checked={variants.includes(name)}
            onClick={(event) => {
              if (variants.length === 1 && variants.includes(name)) event.preventDefault()
            }}
            onChange={() => toggle(name)}
          />
          <span>{name}</span>
          <span class="faint">declared {sound ? 'sound' : 'broken'}</span>
        </label>
      ))}
    </fieldset>
  )
}

function Gap({ choices, onChange, disabled }: ControlsProps) {
  const parts = gapPartsOf(choices.gap)
  const { length, every } = parts
  const change = (next: Partial<typeof parts>): void => onChange({ ...choices, gap: gapOf({ ...parts, ...next }) })
  return (
    <>
      <Slider
        id="gap"
        name="Gap"
        values={lengthsWith(length)}
        value={length}
        words={lengthWords}
        onChange={(value) => change({ length: value })}
        disabled={disabled}
      />
      <Slider
        id="every"
        name="Gap in"
        values={sharesWith(every)}
        value={every}
        words={shareWords}
        onChange={(value) => change({ every: value })}
        disabled={disabled || length === 'none'}
      />
      <p class="hint">
        The gap is the time between an operation’s read and its write: the longer it is, the surer another thread comes
        between.
      </p>
    </>
  )
}
