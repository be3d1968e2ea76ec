/** One stage as it is played. */
import { Diagram } from '../../src/html/diagram/diagram.tsx'
import { Controls } from './controls.tsx'
import { Ending } from './ending.tsx'
import type { Game, GameState } from './game.ts'
import { Lane } from './lane.tsx'
import { Memory } from './memory.tsx'
import { Proof } from './proof.tsx'
import { STAGES } from './stages.ts'
import type { Stage } from './stages.ts'
import { useGame } from './use-game.ts'
import { useKeys } from './use-keys.ts'

interface BoardProps {
  readonly stage: Stage
  readonly schedule: readonly number[]
}

export function Board({ stage, schedule }: BoardProps) {
  const { game, state, trouble } = useGame(stage, schedule)
  useKeys(game, stage)
  const position = STAGES.indexOf(stage) + 1
  return (
    <div class="play">
      <p class="where faint">
        <a href="#/play">All levels</a> · {stage.chapter} · {position} of {STAGES.length}
      </p>
      <h1 tabIndex={-1}>{stage.title}</h1>
      <p class="lead">{stage.story}</p>
      {trouble === undefined ? undefined : (
        <p role="alert" class="alert">
          {trouble} <button onClick={() => location.reload()}>Load again</button>
        </p>
      )}
      <p role="status" class="unseen">
        {state?.said}
      </p>
      {game === undefined || state === undefined ? (
        <p class="faint">{trouble === undefined ? 'Loading …' : ''}</p>
      ) : (
        <Played stage={stage} game={game} state={state} />
      )}
    </div>
  )
}

interface PlayedProps {
  readonly stage: Stage
  readonly game: Game
  readonly state: GameState
}

function Played({ stage, game, state }: PlayedProps) {
  const { stepped, rehearsal } = state
  const { recording, next, end } = stepped
  // The section says itself how the schedule has ended.
  const steps = { ...recording, judgement: { outcome: undefined, faults: [] }, stuck: [] }
  return (
    <>
      <Controls stage={stage} game={game} state={state} />
      {stage.best === undefined ? <Proof stage={stage} game={game} proof={state.proof} /> : undefined}
      <Memory recording={recording} rehearsal={rehearsal} />
      {end === null ? (
        <div class="lanes">
          {recording.actors.map((name, actor) => (
            <Lane key={name} stage={stage} name={name} actor={actor} next={next[actor] ?? null} />
          ))}
        </div>
      ) : (
        <Ending stage={stage} stepped={stepped} noReturn={state.noReturn} />
      )}
      {recording.steps.length === 0 ? undefined : (
        // It scrolls sideways where the lanes do not fit, and a keyboard can do so only from inside.
        <section class="steps" aria-label="The steps so far" tabIndex={0}>
          <Diagram recording={steps} noReturn={state.noReturn} />
        </section>
      )}
      <details class="whole">
        <summary>The whole program</summary>
        <pre>{stage.code}</pre>
      </details>
    </>
  )
}
