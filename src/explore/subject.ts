/**
 * A scenario under control: its memory made once, its actors ready to be stepped, and what a schedule led to.
 */
import type { Scenario } from '../scenario.ts'
import { mayWrite } from './access.ts'
import type { Step } from './access.ts'
import { Actor } from './actor.ts'
import { install } from './control/install.ts'
import { DeclaredRaces } from './declared-races.ts'
import { Engine } from './engine.ts'
import type { End } from './engine.ts'
import { judge, outcomeKey } from './judge.ts'
import type { Judgement } from './judge.ts'
import { MemoryValue } from './memory-value.ts'
import { namesOf } from './names.ts'
import type { Names } from './names.ts'
import { putBack } from './perform.ts'
import { dataRaces } from './races.ts'
import type { DataRace } from './races.ts'
import { Nondeterminism, Refusal } from './refusal.ts'
import type { Snapshot } from './snapshot.ts'

const MOST_ACTORS = 30

export interface SubjectOptions {
  readonly maxSteps: number
  readonly seed: number
  readonly dataRaces: boolean
}

export class Subject {
  readonly scenario: Scenario
  readonly engine: Engine
  readonly names: Names
  readonly #memory: MemoryValue
  readonly #dataRaces: boolean
  readonly #declared: DeclaredRaces
  readonly #release: () => void

  private constructor(scenario: Scenario, options: SubjectOptions) {
    this.scenario = scenario
    this.#dataRaces = options.dataRaces
    const actors = Object.entries(scenario.actors).map(
      ([name, act], index) => new Actor(index, name, () => act(this.#memory.forActor())),
    )
    this.engine = new Engine(actors, options.maxSteps, options.seed)
    const release = install(this.engine)
    try {
      this.#memory = new MemoryValue(this.engine.apart(() => scenario.memory()))
      for (const buffer of this.#memory.buffers) this.engine.regions.baseOf(buffer)
      this.names = this.engine.apart(() => namesOf(scenario, this.#memory, this.engine.regions))
      this.#declared = new DeclaredRaces(this.names, scenario.races)
      this.engine.regions.settle()
      this.engine.start()
    } catch (error) {
      release()
      throw error
    }
    this.#release = release
  }

  /** Runs `work` with the scenario under control; everything is put back afterwards, whatever happens. */
  static control<Result>(scenario: Scenario, options: SubjectOptions, work: (subject: Subject) => Result): Result {
    checkShape(scenario)
    const subject = new Subject(scenario, options)
    try {
      return work(subject)
    } finally {
      subject.#release()
    }
  }

  /** The memory as it goes to a worker: real views instead of proxies. */
  rawMemory(): unknown {
    return this.#memory.raw()
  }

  /** What a schedule that has just ended shows. Races are looked for in the steps from `from` on. */
  judge(end: End, from: number): Judgement {
    const { actors } = this.engine.world
    const races = this.#dataRaces ? this.racesFrom(from) : []
    return this.#keepingMemory(() =>
      judge(this.scenario, { end, memory: this.#memory.value, actors, races, names: this.names }),
    )
  }

  /** The data races of the schedule that has just ended that are not declared, and whose later access is at `from` or after. */
  racesFrom(from: number): DataRace[] {
    return this.racesIn(this.engine.world.trace, from)
  }

  /** The same of a schedule that was kept. */
  racesIn(trace: readonly Step[], from = 0): DataRace[] {
    const { racy, world } = this.engine
    const races = racy ? dataRaces(trace, world.actors.length, from) : []
    return races.filter((race) => !this.#declared.has(race))
  }

  /** observe() may change the memory, to drain a queue say; the schedule that it looked at is still to be undone. */
  #keepingMemory<Result>(look: () => Result): Result {
    const { engine } = this
    let saved: Snapshot[] | undefined
    engine.beforeWrite = () => (saved ??= engine.regions.snapshot())
    try {
      return engine.apart(look)
    } finally {
      engine.beforeWrite = undefined
      if (saved !== undefined) this.#restore(saved)
    }
  }

  #restore(saved: readonly Snapshot[]): void {
    for (const snapshot of saved) snapshot.restore()
  }

  /**
   * Checks, for the schedule that has just ended, what the engine takes for granted: that it saw every write, and that an
   * actor that is run again ends with the same result. Too slow to do each time.
   */
  audit(): void {
    this.#auditMemory()
    for (const actor of this.engine.world.actors) {
      const before = actor.thrown === undefined ? textOf(actor.result) : undefined
      if (actor.pending !== undefined || actor.waiting !== undefined || before === undefined) continue
      const again = textOf(this.engine.rerun(actor))
      if (again === before) continue
      throw new Nondeterminism(
        `${actor.name} is not deterministic: run again with the same values read, it returned ${again} instead of ${before}.`,
      )
    }
  }

  /** Without the writes that were seen, memory must be as memory() left it. */
  #auditMemory(): void {
    const { trace } = this.engine.world
    const writes = trace.filter((step) => step.effect && mayWrite(step.access.kind))
    for (const { access, before } of writes.toReversed()) putBack(access.view, access.index, before)
    const place = this.#firstDifference()
    for (const { access, after } of writes) putBack(access.view, access.index, after)
    if (place === undefined) return
    throw new Refusal(
      `${this.names.nameOf(place, 1)} was written out of sight: through a view that was made before the exploration began, ` +
        'or by a method of Atomics kept from then.',
    )
  }

  #firstDifference(): number | undefined {
    for (const { base, initial } of this.engine.regions.shared) {
      const byte = initial.firstDifference()
      if (byte !== undefined) return base + byte
    }
    return undefined
  }
}

function textOf(value: unknown): string | undefined {
  try {
    return outcomeKey(value)
  } catch {
    return undefined
  }
}

function checkShape(scenario: Scenario): void {
  const { name, memory, actors } = scenario
  const problem =
    typeof scenario !== 'object' || typeof name !== 'string'
      ? 'has no name'
      : typeof memory !== 'function'
        ? 'has no memory()'
        : typeof actors !== 'object' || Object.keys(actors).length === 0
          ? 'has no actors'
          : undefined
  if (problem !== undefined) throw new Refusal(`The scenario ${problem}.`)
  if (Object.keys(actors).length > MOST_ACTORS) throw new Refusal(`A scenario has at most ${MOST_ACTORS} actors.`)
}
