/** What came of a schedule that has ended. */
import type { Stepped } from '../../src/explore/replay/stepping.ts'
import { addressOf, stageAfter } from './stages.ts'
import type { Stage } from './stages.ts'
import { Stars } from './stars.tsx'
import { ending, result } from './words.ts'

interface EndingProps {
  readonly stage: Stage
  readonly stepped: Stepped
  /** The step from which on every continuation fails, if it is known. */
  readonly noReturn: number | undefined
}

export function Ending({ stage, stepped, noReturn }: EndingProps) {
  const hasFailed = stepped.recording.judgement.faults.length > 0
  return hasFailed && stage.best !== undefined ? (
    <Failed stage={stage} best={stage.best} stepped={stepped} noReturn={noReturn} />
  ) : (
    <section class="came">
      <h2>{ending(stepped)}</h2>
      <p>
        In this order nothing goes wrong.{' '}
        {stage.best === undefined ? 'Is there another?' : 'There is another in which it does.'} Undo some steps (⌫), or
        restart (R).
      </p>
    </section>
  )
}

function Failed({ stage, best, stepped, noReturn }: EndingProps & { readonly best: number }) {
  const next = stageAfter(stage)!
  return (
    <section class="came failed">
      <h2 class="bad">{ending(stepped)}</h2>
      <p>
        <Stars count={stepped.preemptions} best={best} /> {result(stepped.preemptions, best)}.
        {noReturn === undefined ? '' : ` Since step ${noReturn} it could not hold any more.`}
      </p>
      <p class="lesson">{stage.lesson}</p>
      <p>
        <a class="go" href={addressOf(next)}>
          Next: the fix
        </a>{' '}
        <kbd aria-hidden="true">N</kbd>
      </p>
    </section>
  )
}
