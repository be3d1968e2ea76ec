/** One variant: what it is, how its count grows, and the verdict. */
import type { Variant } from '../../src/lab/lessons/lesson.ts'
import { RUN_WORDS } from '../../src/lab/report/run-words.ts'
import { whole } from '../../src/terminal/figures.ts'
import { Growth, timeWords } from './plots/growth.tsx'
import type { Trace } from './run-log.ts'

export interface VariantPlotProps {
  readonly variant: Variant
  /** What is counted, such as `lost increments`. */
  readonly what: string
  /** Undefined if the variant has not been begun. */
  readonly trace: Trace | undefined
  /** The largest count of all variants. */
  readonly most: number
  /** Whether the run is under way. */
  readonly isRunning: boolean
}

export function VariantPlot({ variant: { name, sound, summary }, what, trace, most, isRunning }: VariantPlotProps) {
  const last = trace?.looks.at(-1)
  const result = trace?.result
  const count = last?.count ?? 0
  // What the result has beyond what could be seen meanwhile.
  const others = Math.max(0, (result?.violations ?? 0) - count)
  const looks = trace?.looks ?? []
  const label =
    last === undefined
      ? `${name}: not run`
      : `${name}: ${whole(count)} ${what} after ${whole(last.operations)} operations in ${timeWords(last.time)}`
  return (
    <figure class={`variant ${count > 0 || others > 0 ? 'loses' : ''}`}>
      <figcaption>
        <strong>{name}</strong>
        <span class="verdict">
          {result === undefined ? (
            <span class="faint">
              {trace !== undefined && isRunning ? 'runs …' : `declared ${sound ? 'sound' : 'broken'}`}
            </span>
          ) : (
            <Verdict verdict={result.verdict} />
          )}
        </span>
        <span class="count">{last === undefined ? '–' : whole(count)}</span>
        <span class="what">{what}</span>
      </figcaption>
      <Growth points={looks} most={most} label={label} />
      <div class="about">
        {others > 0 ? (
          <p class="others">
            and {whole(others)} other {others === 1 ? 'violation' : 'violations'}, found at the end
          </p>
        ) : undefined}
        <p>{summary}</p>
      </div>
    </figure>
  )
}

const PAINT = { broke: 'odd', held: 'good', failed: 'bad', inconclusive: 'odd' } as const

export function Verdict({ verdict }: { readonly verdict: keyof typeof PAINT }) {
  return <span class={PAINT[verdict]}>{RUN_WORDS[verdict]}</span>
}
