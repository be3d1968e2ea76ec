/**
 * A scenario under the control of the engine: its memory is made once, its actors can be stepped, and a schedule that
 * has ended can be judged.
 */
import { types } from 'node:util'
import type { Scenario } from '../../scenario.ts'
import { isEvent, mayWrite } from '../model/access.ts'
import type { Step } from '../model/actor.ts'
import { Actor } from '../model/actor.ts'
import { replaceCoveredMethods } from '../globals/covered-calls.ts'
import type { CoveredClass } from '../globals/covered-calls.ts'
import { install } from '../globals/install.ts'
import { Client } from './client.ts'
import { Crashing, mayCrash } from './crashing.ts'
import { DeclaredRaces } from './declared-races.ts'
import { pointsOf } from '../run/crash.ts'
import { Engine } from '../run/engine.ts'
import type { EngineOptions } from '../run/engine.ts'
import type { End } from '../run/turns.ts'
import { judge } from './judge.ts'
import type { Judgement } from './judge.ts'
import { MemoryValue } from './memory-value.ts'
import { namesOf } from './names.ts'
import type { Names } from './names.ts'
import { isThenable, outcomeKey } from './outcome.ts'
import { putBack } from '../model/perform.ts'
import { dataRaces } from '../model/races.ts'
import type { DataRace } from '../model/races.ts'
import { Nondeterminism, Refusal } from '../model/refusal.ts'
import { MODULE_STATE } from '../run/runs.ts'
import { checkShape } from './shape.ts'
import { closeSessionSoon } from '../run/inspector.ts'
import { watchKeptCopies } from '../run/kept-copies.ts'
import { calling } from '../run/thrown.ts'
import { Snapshot } from '../model/snapshot.ts'

/** How to control a scenario. */
export interface ControlOptions extends EngineOptions {
  /** Whether to detect data races. */
  readonly dataRaces: boolean
  /** The classes whose calls contracts make one step, or few. Default: none. */
  readonly covered?: readonly CoveredClass[]
}

/** Controls one scenario at a time on this thread. Only `ControlledScenario.use` makes one. */
export class ControlledScenario {
  readonly scenario: Scenario
  readonly engine: Engine
  readonly names: Names
  /** A remark for the reader of the result, in addition to the verdict. */
  note: string | undefined
  readonly #memory: MemoryValue
  readonly #dataRaces: boolean
  readonly #declared: DeclaredRaces
  readonly #release: () => void
  readonly #mayCrash: readonly number[]
  /** What the memory was before setup(). */
  #beforeSetup: readonly Snapshot[] = []

  private constructor(scenario: Scenario, options: ControlOptions) {
    this.scenario = scenario
    this.#dataRaces = options.dataRaces
    const crash = scenario instanceof Crashing ? scenario.point : undefined
    this.#mayCrash = mayCrash(scenario)
    const actors = Object.entries(scenario.actors).map(([name, act], index) => {
      // This name tells the explorer's inspector where the actor begins (run/spins/inspection.ts).
      const body = (): unknown => act(this.#memory.fresh())
      return new Actor(index, name, index === crash?.actor ? () => this.#returning(body()) : body)
    })
    this.engine = new Engine(actors, { ...options, crash })
    const releases = [install(this.engine), watchKeptCopies()]
    const release = (): void => {
      for (const each of releases.toReversed()) each()
    }
    try {
      releases.push(replaceCoveredMethods(options.covered ?? []))
      this.#memory = new MemoryValue(this.engine.outsideActors(() => calling('memory()', () => scenario.memory())))
      if (scenario instanceof Client) this.#setUp(scenario)
      for (const buffer of this.#memory.buffers) this.engine.regions.baseOf(buffer)
      this.names = this.#keepingMemory(() =>
        calling('names()', () => namesOf(scenario, this.#memory, this.engine.regions)),
      )
      this.#declared = new DeclaredRaces(this.names, scenario.races)
      this.engine.regions.settle()
      this.engine.start()
    } catch (error) {
      release()
      throw error
    }
    this.#release = release
  }

  /**
   * Calls `work` with the scenario under control, and returns what it returns. Afterwards the globals and the memory
   * are as they were before, also if `work` throws. Throws Refusal for a scenario that cannot be explored.
   */
  static use<Result>(
    scenario: Scenario,
    options: ControlOptions,
    work: (controlled: ControlledScenario) => Result,
  ): Result {
    // What a client is made of was checked before, and so was a scenario that has been explored without a crash.
    if (!(scenario instanceof Client || scenario instanceof Crashing))
      calling('The scenario', () => checkShape(scenario))
    const controlled = new ControlledScenario(scenario, options)
    try {
      return work(controlled)
    } finally {
      // The scenario's module may keep shared memory: the next exploration, or a replay, must find it as this one found
      // it.
      controlled.engine.undoTo(0)
      for (const snapshot of controlled.#beforeSetup) snapshot.restore()
      controlled.#release()
      closeSessionSoon()
    }
  }

  /** Returns what an actor returns that may crash even then. */
  #returning(result: unknown): unknown {
    this.engine.returns()
    return result
  }

  #setUp({ setup }: Client): void {
    if (setup === undefined) return
    this.#beforeSetup = this.#memory.buffers.map((buffer) => new Snapshot(buffer))
    this.engine.outsideActors(() => calling('setup()', () => setup(this.#memory.fresh())))
  }

  /** Returns the memory as it is sent to a worker: with real views instead of proxies. */
  rawMemory(): unknown {
    return this.#memory.raw()
  }

  /**
   * Whether actors used shared memory that memory() did not return, such as their module's. Each thread has its own of
   * that.
   */
  get usesOtherMemory(): boolean {
    const { buffers } = this.#memory
    return this.engine.regions.shared.some(({ buffer }) => !buffers.includes(buffer))
  }

  /** Notes the points to which those actors have come in the schedule that may crash. */
  notePoints(points: Map<number, Set<number>>): void {
    for (const index of this.#mayCrash) {
      const known = points.get(index) ?? new Set()
      for (const point of pointsOf(this.engine.world.actors[index]!)) known.add(point)
      points.set(index, known)
    }
  }

  /** Judges the schedule that has just ended. `races`: those of its data races that are failures. */
  judge(end: End, races: readonly DataRace[]): Judgement {
    const { actors } = this.engine.world
    return judge(this.scenario, {
      end,
      memory: this.#memory.fresh,
      actors,
      races,
      names: this.names,
      keepingMemory: (look) => this.#keepingMemory(look),
    })
  }

  /**
   * Returns the undeclared data races of a schedule, given as its trace, whose later step is at position `from` or
   * after. Returns none if the options say not to detect them.
   */
  racesIn(trace: readonly Step[], from = 0): DataRace[] {
    const { racy, world } = this.engine
    const races = racy && this.#dataRaces ? dataRaces(trace, world.actors.length, from) : []
    return races.filter((race) => !this.#declared.has(race))
  }

  /**
   * Calls `look` and then restores the memory. observe() may change the memory, for example to drain a queue, and the
   * engine still has to undo the schedule step by step.
   */
  #keepingMemory<Result>(look: () => Result): Result {
    const { engine } = this
    const saved = new Map<ArrayBufferLike, Snapshot>()
    engine.beforeWrite = ({ buffer }) => {
      if (!saved.has(buffer)) saved.set(buffer, new Snapshot(buffer as SharedArrayBuffer))
    }
    try {
      return engine.outsideActors(look)
    } finally {
      engine.beforeWrite = undefined
      for (const snapshot of saved.values()) snapshot.restore()
    }
  }

  /**
   * Checks two assumptions of the engine on the schedule that has just ended: that the engine saw every write, and that
   * an actor that is run again returns the same result. Too slow to do after every schedule. Throws Refusal or
   * Nondeterminism.
   */
  audit(): void {
    this.#auditResults()
    this.#auditSharing()
    this.#auditMemory()
    for (const actor of this.engine.world.actors) {
      const before = actor.thrown === undefined ? textOf(actor.result) : undefined
      const isOver = actor.pending === undefined && actor.waiting === undefined && !actor.crashed
      if (!isOver || before === undefined) continue
      const again = textOf(this.engine.rerun(actor))
      if (again === before) continue
      throw new Nondeterminism(
        `${actor.name} is not deterministic: run again with the same values read, it returned ${again} instead of ` +
          `${before}. ${MODULE_STATE}${this.engine.lineOfLastAccess(actor)}`,
      )
    }
  }

  /**
   * Refuses an actor that returned a promise or an iterator. Such a function is not always recognisable by its
   * declaration.
   */
  #auditResults(): void {
    for (const { name, result } of this.engine.world.actors) {
      const generates = types.isGeneratorObject(result)
      if (!generates && !isThenable(result)) continue
      throw new Refusal(
        `${name} returned ${generates ? 'an iterator' : 'a promise'}, so its work was not done when it returned: an ` +
          'actor is a plain synchronous function.',
      )
    }
  }

  /**
   * Refuses or notes actors that use no shared memory: they have one schedule, which shows nothing. An actor that threw
   * might have used some later, so then nothing is concluded.
   */
  #auditSharing(): void {
    const { trace, actors } = this.engine.world
    if (trace.some(({ access }) => !isEvent(access.kind)) || actors.some((actor) => actor.thrown !== undefined)) return
    if (this.#memory.buffers.length > 0) {
      this.note = 'The actors touch no shared memory: there is one schedule, and it shows nothing.'
      return
    }
    throw new Refusal(
      'The actors touch no shared memory, and memory() returned none, so there is nothing to explore. Return a ' +
        'SharedArrayBuffer or views of one, such as new Int32Array(new SharedArrayBuffer(4)), and use them in the actors.',
    )
  }

  /**
   * Refuses writes that the engine did not see: with the seen writes undone, the memory must be as memory() left it.
   */
  #auditMemory(): void {
    const { trace } = this.engine.world
    const writes = trace.filter((step) => step.effect && mayWrite(step.access.kind))
    for (const { access, before } of writes.toReversed()) putBack(access.view, access.index, before)
    const address = this.#firstDifference()
    for (const { access, after } of writes) putBack(access.view, access.index, after)
    if (address === undefined) return
    throw new Refusal(
      `${this.names.nameOf(address, 1)} was written unseen: through a view that was made before the exploration began, ` +
        'or by a method of Atomics that was kept from before.',
    )
  }

  /** Returns the address of the first byte that differs from the initial memory; undefined if none does. */
  #firstDifference(): number | undefined {
    for (const { base, initial } of this.engine.regions.shared) {
      const byte = initial.firstDifference()
      if (byte !== undefined) return base + byte
    }
    return undefined
  }
}

/** Returns a result as text, for comparison; undefined if it has no text. */
function textOf(value: unknown): string | undefined {
  try {
    return outcomeKey(value)
  } catch {
    return undefined
  }
}
