/** The choice of an example. */
import { EXAMPLES } from '../examples/index.ts'
import type { Example } from '../examples/example.ts'

interface ChooserProps {
  /** The example whose code is in the editor; undefined once it was changed. */
  readonly name: string | undefined
  readonly onChoose: (example: Example) => void
}

const GROUPS = [...new Set(EXAMPLES.map(({ group }) => group))]

export function Chooser({ name, onChoose }: ChooserProps) {
  const choose = (chosen: string): void => {
    const example = EXAMPLES.find((each) => each.name === chosen)
    if (example !== undefined) onChoose(example)
  }
  return (
    <label class="chooser">
      Example{' '}
      <select value={name ?? ''} onChange={({ currentTarget }) => choose(currentTarget.value)}>
        {name === undefined ? <option value="">your own code</option> : undefined}
        {GROUPS.map((group) => (
          <optgroup key={group} label={group}>
            {EXAMPLES.filter((example) => example.group === group).map((example) => (
              <option key={example.name} value={example.name}>
                {example.title}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  )
}
