/**
 * What the section does: loads the code into a worker, explores it, and opens a schedule to step through. The state is plain data; each
 * change is told to whoever shows it.
 */
import type { Exploration, Failure } from '../../src/explore/search/result.ts'
import { Engine, EngineError } from '../engine/engine.ts'
import type { Choices, Trouble } from '../engine/messages.ts'
import { Walking } from './walking.ts'
import type { Walk } from './walking.ts'

export interface Explored {
  readonly isRunning: boolean
  /** What has been found so far, while it runs. */
  readonly progress?: Exploration | undefined
  readonly result?: Exploration | undefined
  readonly trouble?: Trouble | undefined
  /** The scenarios that the code exports, and which one was explored. */
  readonly scenarios: readonly string[]
  readonly scenario?: string | undefined
  readonly walk?: Walk | undefined
}

/** Where to go after the exploration: what an address says. */
export interface Goal {
  readonly token?: string | undefined
  readonly step?: number | undefined
}

const NOTHING: Explored = { isRunning: false, scenarios: [] }
const BY_HAND = 'it was stopped by hand'

export class Exploring {
  #state = NOTHING
  #engine: Engine | undefined
  #walking: Walking | undefined
  /** Counts the runs, so that one that was stopped does not show what it still finds. */
  #run = 0
  readonly #show: (state: Explored) => void

  constructor(show: (state: Explored) => void) {
    this.#show = show
  }

  get walking(): Walking | undefined {
    return this.#walking
  }

  /** Explores a scenario of the code: the one that is named, else the first. */
  async explore(code: string, named: string | undefined, choices: Choices, goal: Goal = {}): Promise<void> {
    this.#end()
    const run = ++this.#run
    this.#become({ ...NOTHING, isRunning: true })
    try {
      const engine = await this.#load(code, run)
      if (engine === undefined) return
      const scenario = engine.scenarios.find((name) => name === named) ?? engine.scenarios[0]!
      this.#become({ scenarios: engine.scenarios, scenario })
      const result = await engine.explore(scenario, choices, (progress) => {
        if (run === this.#run) this.#become({ progress })
      })
      if (run === this.#run) await this.#found(engine, scenario, result, goal)
    } catch (error) {
      if (run === this.#run) this.#become({ isRunning: false, trouble: troubleOf(error) })
    }
  }

  /** Stops the exploration. What it has found so far stays. */
  async stop(code: string): Promise<void> {
    const { progress, scenario } = this.#state
    this.#end()
    const run = ++this.#run
    if (progress === undefined || scenario === undefined) {
      return this.#become({
        isRunning: false,
        trouble: { message: 'It was stopped before it found anything.', line: undefined },
      })
    }
    try {
      const engine = await this.#load(code, run)
      const result = { ...progress, complete: false, stopped: BY_HAND }
      if (engine !== undefined) await this.#found(engine, scenario, result, {})
    } catch (error) {
      if (run === this.#run) this.#become({ isRunning: false, trouble: troubleOf(error) })
    }
  }

  /** Opens the schedule of a failure. */
  open(failure: Failure): void {
    this.#walking?.open(failure.token, failure)
  }

  close(): void {
    this.#run++
    this.#end()
  }

  async #load(code: string, run: number): Promise<Engine | undefined> {
    const engine = await Engine.load(code)
    if (run === this.#run) return (this.#engine = engine)
    engine.close()
    return undefined
  }

  async #found(engine: Engine, scenario: string, result: Exploration, goal: Goal): Promise<void> {
    this.#become({ isRunning: false, progress: undefined, result })
    if (result.verdict === 'error') return
    const walking = new Walking(
      engine,
      scenario,
      (walk) => this.#become({ walk, trouble: undefined }),
      (error) => this.#failed(engine, error),
    )
    this.#walking = walking
    const failure = result.failures.find(({ token }) => token === goal.token) ?? result.failures[0]
    if (goal.token !== undefined)
      walking.open(goal.token, failure?.token === goal.token ? failure : undefined, goal.step)
    else if (failure !== undefined) walking.open(failure.token, failure)
    else if (result.client === undefined) walking.begin()
  }

  /** A step failed. If it did not end, the worker is gone, and with it what could be stepped through. */
  #failed(engine: Engine, error: unknown): void {
    const trouble = troubleOf(error)
    if (!engine.isClosed) return this.#become({ trouble })
    this.#walking?.close()
    const message = `${trouble.message} Explore again to step further.`
    this.#become({ walk: undefined, trouble: { ...trouble, message } })
  }

  #end(): void {
    this.#engine?.close()
    this.#engine = undefined
    this.#walking?.close()
    this.#walking = undefined
  }

  #become(change: Partial<Explored>): void {
    this.#state = { ...this.#state, ...change }
    this.#show(this.#state)
  }
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof EngineError) return { message: error.message, line: error.line }
  return { message: error instanceof Error ? error.message : String(error), line: undefined }
}
