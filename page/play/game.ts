/**
 * A game: one stage, the steps that the player has taken, and what is known of the state after them. What the player asks for is done in
 * turn, so that keys can be pressed faster than the engine answers.
 */
import type { Recording } from '../../src/explore/replay/recording.ts'
import type { Stepped } from '../../src/explore/replay/stepping.ts'
import type { Exploration } from '../../src/explore/search/result.ts'
import { Engine, EngineError } from '../engine/engine.ts'
import { fullerHint, hintFor, noReturnOf } from './hint.ts'
import type { Hint } from './hint.ts'
import { ending, hinted, lastStep, proven } from './words.ts'

export interface GameState {
  readonly stepped: Stepped
  /** One whole run, which shows the words of the memory before a step has touched them. */
  readonly rehearsal: Recording
  readonly hint?: Hint | undefined
  /** For a schedule that has failed, the step from which on every continuation fails, counted from 1. */
  readonly noReturn?: number | undefined
  /** What the explorer has found, once the player asks for it; while it runs, what it has found so far. */
  readonly proof?: { readonly exploration: Exploration | undefined; readonly isDone: boolean } | undefined
  /** What has happened last, for a player who does not see the page. */
  readonly said: string
}

/** More steps than this no level has. */
const MOST_STEPS = 200

export class Game {
  #state: GameState
  #line: Promise<unknown> = Promise.resolve()
  #closed = false
  readonly #engine: Engine
  readonly #show: (state: GameState) => void
  readonly #fail: (why: string) => void

  private constructor(engine: Engine, state: GameState, show: (state: GameState) => void, fail: (why: string) => void) {
    this.#engine = engine
    this.#state = state
    this.#show = show
    this.#fail = fail
  }

  /**
   * Starts a game after the steps of `schedule`, as far as they can be taken. `show` is called with each later state, and `fail` if the engine
   * has failed. Throws EngineError if the code cannot be run.
   */
  static async start(
    code: string,
    schedule: readonly number[],
    show: (state: GameState) => void,
    fail: (why: string) => void,
  ): Promise<Game> {
    const engine = await Engine.load(code)
    try {
      const rehearsal = await rehearse(engine)
      const stepped = await engine.step('default', schedule.slice(0, MOST_STEPS))
      const taken = stepped.recording.steps.length
      const said =
        taken < schedule.length
          ? `Of the steps in the address, only ${taken} can be taken.`
          : lastStep(stepped.recording)
      const game = new Game(engine, { stepped, rehearsal, said }, show, fail)
      game.#inTurn(() => game.#findNoReturn())
      return game
    } catch (error) {
      engine.close()
      throw error
    }
  }

  get state(): GameState {
    return this.#state
  }

  /** Takes the next step of an actor. If it cannot take one, nothing happens. */
  take(actor: number): void {
    this.#inTurn(async () => {
      if (this.#state.stepped.next[actor]?.isEnabled !== true) return
      await this.#goTo([...this.#schedule, actor])
    })
  }

  undo(): void {
    this.#inTurn(async () => {
      if (this.#schedule.length > 0) await this.#goTo(this.#schedule.slice(0, -1), 'Undone.')
    })
  }

  restart(): void {
    this.#inTurn(() => this.#goTo([], 'Restarted.'))
  }

  /** Gives a hint; asked for again at the same state, a fuller one. */
  hint(): void {
    this.#inTurn(async () => {
      const { hint, stepped } = this.#state
      if (stepped.end !== null) return
      const better =
        hint === undefined
          ? await hintFor(this.#engine, this.#schedule)
          : await fullerHint(hint, this.#engine, this.#schedule, stepped.next)
      this.#become({ hint: better, said: hinted(better, stepped.recording.actors) })
    })
  }

  /** Explores all schedules. */
  prove(): void {
    this.#inTurn(async () => {
      this.#become({ proof: { exploration: undefined, isDone: false }, said: 'The explorer runs.' })
      const exploration = await this.#engine.explore('default', {}, (so) =>
        this.#become({ proof: { exploration: so, isDone: false } }),
      )
      this.#become({ proof: { exploration, isDone: true }, said: proven(exploration) })
    })
  }

  close(): void {
    this.#closed = true
    this.#engine.close()
  }

  get #schedule(): readonly number[] {
    return this.#state.stepped.recording.steps.map(({ actor }) => actor)
  }

  async #goTo(schedule: readonly number[], before = ''): Promise<void> {
    const stepped = await this.#engine.step('default', schedule)
    // A player who has asked for a hint once sees it change from step to step.
    const wanted = this.#state.hint !== undefined && schedule.length > 0 && stepped.end === null
    const hint = wanted ? await hintFor(this.#engine, schedule) : undefined
    const told = hint === undefined ? '' : hinted(hint, stepped.recording.actors)
    const said = [before, lastStep(stepped.recording), ending(stepped), told].filter((sentence) => sentence !== '')
    this.#become({ stepped, hint, noReturn: undefined, said: said.join(' ') })
    await this.#findNoReturn()
  }

  /** Looks for the step of no return, if the schedule has failed. */
  async #findNoReturn(): Promise<void> {
    if (this.#state.stepped.recording.judgement.faults.length === 0) return
    this.#become({ noReturn: await noReturnOf(this.#engine, this.#schedule) })
  }

  #become(change: Partial<GameState>): void {
    this.#state = { ...this.#state, ...change }
    if (!this.#closed) this.#show(this.#state)
  }

  #inTurn(work: () => Promise<void>): void {
    this.#line = this.#line.then(work).catch((error: unknown) => {
      if (!this.#closed) this.#fail(error instanceof EngineError ? error.message : String(error))
    })
  }
}

/** Runs the actors one after the other, to the end. */
async function rehearse(engine: Engine): Promise<Recording> {
  let stepped = await engine.step('default', [])
  for (let steps = 0; stepped.end === null && steps < MOST_STEPS; steps++) {
    const actor = stepped.next.findIndex((next) => next?.isEnabled === true)
    stepped = await engine.step('default', [...stepped.recording.steps.map((step) => step.actor), actor])
  }
  return stepped.recording
}
