/** Who takes the next step, and what else the player can do. */
import { laneColour } from '../../src/html/diagram/diagram.tsx'
import type { Game, GameState } from './game.ts'
import type { Stage } from './stages.ts'
import { hinted, preemptions } from './words.ts'

interface ControlsProps {
  readonly stage: Stage
  readonly game: Game
  readonly state: GameState
}

export function Controls({ stage, game, state }: ControlsProps) {
  const { recording, end, preemptions: count } = state.stepped
  const hasBegun = recording.steps.length > 0
  return (
    <div class="controls">
      <div class="bar">
        <div class="turns" role="group" aria-label="Who takes the next step?">
          {recording.actors.map((name, actor) => (
            <Turn key={name} name={name} actor={actor} state={state} onTake={() => game.take(actor)} />
          ))}
        </div>
        <div class="others">
          <Action name="Undo" shortcut="⌫" isPossible={hasBegun} onDo={() => game.undo()} />
          <Action name="Restart" shortcut="R" isPossible={hasBegun} onDo={() => game.restart()} />
          <Action name="Hint" shortcut="H" isPossible={end === null} onDo={() => game.hint()} />
        </div>
      </div>
      <p class="standing">
        {end === null ? (
          <span>
            {preemptions(count)}
            {stage.best === undefined ? '' : `; the best is ${stage.best}`}
          </span>
        ) : undefined}
        {state.hint === undefined ? undefined : (
          <span class={`hint ${state.hint.outlook}`}>
            {hinted(state.hint, recording.actors)}
            {state.hint.outlook === 'open' && state.hint.keeping === undefined
              ? ' Press Hint again to see which actor must go next.'
              : ''}
          </span>
        )}
      </p>
    </div>
  )
}

interface TurnProps {
  readonly name: string
  readonly actor: number
  readonly state: GameState
  readonly onTake: () => void
}

/** The button of an actor. One that cannot be pressed stays in place, so that the keyboard's focus does. */
function Turn({ name, actor, state, onTake }: TurnProps) {
  const { next, recording } = state.stepped
  const step = next[actor] ?? null
  const last = recording.steps.at(-1)?.actor
  const isPossible = step?.isEnabled === true
  const preempts = isPossible && last !== undefined && last !== actor && next[last]?.isEnabled === true
  const standing = step === null ? 'has ended' : isPossible ? (preempts ? 'preempts' : '') : 'sleeps'
  return (
    <button
      class="turn"
      style={laneColour(actor)}
      aria-disabled={!isPossible}
      aria-keyshortcuts={`${actor + 1}`}
      onClick={onTake}
    >
      <kbd aria-hidden="true">{actor + 1}</kbd> {name} <small>{standing}</small>
    </button>
  )
}

interface ActionProps {
  readonly name: string
  readonly shortcut: string
  readonly isPossible: boolean
  readonly onDo: () => void
}

function Action({ name, shortcut, isPossible, onDo }: ActionProps) {
  return (
    <button class="action" aria-disabled={!isPossible} onClick={onDo}>
      {name} <kbd aria-hidden="true">{shortcut}</kbd>
    </button>
  )
}
