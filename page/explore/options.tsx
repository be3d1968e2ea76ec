/** The options of an exploration, folded away. */
import { STRATEGIES } from '../../src/explore/strategies/strategy.ts'
import type { StrategyName } from '../../src/explore/strategies/strategy.ts'
import type { Choices } from '../engine/messages.ts'

/** In seconds. */
export const TIME_LIMIT = 60

const WHAT: Readonly<Record<StrategyName, string>> = {
  dpor: 'one of each kind (dpor)',
  dfs: 'every one (dfs)',
  random: 'a random walk',
  pct: 'random priorities (pct)',
  pos: 'random, one of each kind (pos)',
}

interface OptionsProps {
  readonly choices: Choices
  readonly onChange: (choices: Choices) => void
}

export function Options({ choices, onChange }: OptionsProps) {
  const { strategy = 'dpor', preemptions, allFailures = false, timeout = TIME_LIMIT } = choices
  const set = (change: Partial<Choices>): void => onChange({ ...choices, ...change })
  return (
    <details class="options">
      <summary>Options</summary>
      <div>
        <label>
          Schedules
          <select
            value={strategy}
            onChange={({ currentTarget }) => onChange(withStrategy(choices, currentTarget.value as StrategyName))}
          >
            {STRATEGIES.map((name) => (
              <option key={name} value={name}>
                {WHAT[name]}
              </option>
            ))}
          </select>
        </label>
        <label>
          At most … preemptions
          <input
            type="number"
            min="0"
            placeholder="any"
            value={preemptions ?? ''}
            onChange={({ currentTarget }) => onChange(withPreemptions(choices, currentTarget.value))}
          />
        </label>
        <label>
          Time limit in seconds
          <input
            type="number"
            min="1"
            max="600"
            value={timeout}
            onChange={({ currentTarget }) =>
              set({ timeout: Math.min(600, Math.max(1, Number(currentTarget.value) || TIME_LIMIT)) })
            }
          />
        </label>
        <label class="tick">
          <input
            type="checkbox"
            checked={allFailures}
            onChange={({ currentTarget }) => set({ allFailures: currentTarget.checked })}
          />
          Go on after the first failure
        </label>
      </div>
    </details>
  )
}

/** Only dfs takes a bound on preemptions, so one choice follows from the other. */
function withStrategy({ preemptions, ...others }: Choices, strategy: StrategyName): Choices {
  return strategy === 'dfs' && preemptions !== undefined
    ? { ...others, strategy, preemptions }
    : { ...others, strategy }
}

function withPreemptions(choices: Choices, text: string): Choices {
  const { preemptions, ...others } = choices
  const bound = Math.max(0, Math.trunc(Number(text)))
  if (text === '' || Number.isNaN(bound)) return preemptions === undefined ? choices : others
  return { ...others, strategy: 'dfs', preemptions: bound }
}
