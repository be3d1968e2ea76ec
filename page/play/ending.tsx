/** What came of a schedule that has ended. */
import type { Stepped } from '../../src/explore/replay/stepping.ts'
import { addressOf, stageAfter } from './stages.ts'
import type { Stage } from './stages.ts'
import { Stars } from './stars.tsx'
import { ending, result } from './words.ts'

interface EndingProps {
  readonly stage: Stage
  readonly stepped: Stepped
}

export function Ending({ stage, stepped }: EndingProps) {
  const hasFailed = stepped.recording.judgement.faults.length > 0
  return hasFailed && stage.best !== undefined ? (
    <Failed stage={stage} best={stage.best} stepped={stepped} />
  ) : (
    <section class="ending">
      <h2>{ending(stepped)}</h2>
      <p>
        In this order nothing goes wrong.{' '}
        {stage.best === undefined ? 'Is there another?' : 'There is another in which it does.'} Undo some steps (⌫), or
        restart (R).
      </p>
    </section>
  )
}

function Failed({ stage, best, stepped }: EndingProps & { readonly best: number }) {
  const next = stageAfter(stage)!
  return (
    <section class="ending failed">
      <h2 class="bad">{ending(stepped)}</h2>
      <p>
        <Stars count={stepped.preemptions} best={best} /> {result(stepped.preemptions, best)}.
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
