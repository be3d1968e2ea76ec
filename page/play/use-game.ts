/** The game of a stage, for the component that shows it. */
import { useEffect, useState } from 'preact/hooks'
import { keepState } from '../route.ts'
import { Game } from './game.ts'
import type { GameState } from './game.ts'
import { solved } from './progress.ts'
import type { Stage } from './stages.ts'

export interface Played {
  /** Undefined until the code has been loaded. */
  readonly game: Game | undefined
  readonly state: GameState | undefined
  /** Why it cannot go on, if it cannot. */
  readonly trouble: string | undefined
}

/** Starts the game of a stage after some steps; keeps the address and the progress up to date. */
export function useGame(stage: Stage, schedule: readonly number[]): Played {
  const [game, setGame] = useState<Game>()
  const [state, setState] = useState<GameState>()
  const [trouble, setTrouble] = useState<string>()
  useEffect(() => {
    let started: Game | undefined
    let isLeft = false
    const show = (state: GameState): void => {
      setState(state)
      note(stage, state)
    }
    const fail = (why: unknown): void => setTrouble(why instanceof Error ? why.message : String(why))
    Game.start(stage.code, schedule, show, fail).then((game) => {
      if (isLeft) return game.close()
      started = game
      setGame(game)
      show(game.state)
    }, fail)
    return () => {
      isLeft = true
      started?.close()
    }
  }, [stage])
  return { game, state, trouble }
}

function note(stage: Stage, { stepped, proof }: GameState): void {
  const steps = stepped.recording.steps.map(({ actor }) => actor + 1).join('')
  keepState('play', { level: stage.id, steps: steps === '' ? undefined : steps })
  const hasFailed = stepped.end !== null && stepped.recording.judgement.faults.length > 0
  if (stage.best !== undefined && hasFailed) solved(stage.id, stepped.preemptions)
  if (stage.best === undefined && proof?.isDone === true && proof.exploration?.verdict === 'pass') solved(stage.id, 0)
}
