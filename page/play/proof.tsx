/** For a fix: the player gives up, and the explorer shows why it holds. */
import type { Game, GameState } from './game.ts'
import { addressOf, stageAfter } from './stages.ts'
import type { Stage } from './stages.ts'
import { proven } from './words.ts'

interface ProofProps {
  readonly stage: Stage
  readonly game: Game
  readonly proof: GameState['proof']
}

export function Proof({ stage, game, proof }: ProofProps) {
  if (proof === undefined) {
    return (
      <p class="proof">
        Try to make it fail. <button onClick={() => game.prove()}>It holds: show why</button>
      </p>
    )
  }
  const { exploration, isDone } = proof
  if (!isDone || exploration === undefined)
    return <p class="proof">The explorer runs all schedules: {exploration?.schedules ?? 0} so far …</p>
  const next = stageAfter(stage)
  return (
    <section class="proof">
      <h2 class={exploration.verdict === 'pass' ? 'good' : 'bad'}>{proven(exploration)}</h2>
      <p class="faint">
        One schedule stands for all that differ from it only in the order of steps that do not touch the same word.
      </p>
      <p class="lesson">{stage.lesson}</p>
      <p>
        {next === undefined ? (
          <a class="go" href="#/play">
            That was the last level
          </a>
        ) : (
          <>
            <a class="go" href={addressOf(next)}>
              Next: {next.title}
            </a>{' '}
            <kbd aria-hidden="true">N</kbd>
          </>
        )}
      </p>
    </section>
  )
}
