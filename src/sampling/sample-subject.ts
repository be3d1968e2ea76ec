/** A scenario as `src/stress` samples it: its memory is copied, and its samples are judged, as the explorer does it. */
import { nameOf } from '../explore/document.ts'
import { Status } from '../explore/model/actor.ts'
import { Refusal } from '../explore/model/refusal.ts'
import { Snapshot } from '../explore/model/snapshot.ts'
import { calling } from '../explore/run/thrown.ts'
import { judge } from '../explore/subject/judge.ts'
import { MemoryValue } from '../explore/subject/memory-value.ts'
import { checkShape } from '../explore/subject/shape.ts'
import { hasOperations } from '../scenario.ts'
import type { OperationsScenario, Scenario } from '../scenario.ts'
import { KnownJudgements } from './known-judgements.ts'
import { privateCopier } from './private-copier.ts'
import type { Instance, SampleJudgement, SampleSubject } from '../stress/samples/subject.ts'

/**
 * Returns the scenario as a subject of sampling. Calls its `memory()` once; each instance is a copy. Throws Refusal if it is no
 * valid scenario, or if memory() returned no shared memory, and ScenarioThrewError if memory() throws.
 */
export function sampleSubject(scenario: Scenario | OperationsScenario): SampleSubject {
  if (hasOperations(scenario))
    throw new Refusal(
      'The scenario gives operations and a model, but stress runs actors. Explore it: lab explore makes actors of operations.',
    )
  checkShape(scenario)
  const original = new MemoryValue(calling('memory()', () => scenario.memory()))
  if (original.buffers.length === 0) {
    throw new Refusal(
      'memory() returned no shared memory, so the actors cannot meet. Return a SharedArrayBuffer or views of one, such as ' +
        'new Int32Array(new SharedArrayBuffer(4)), and use them in the actors.',
    )
  }
  const known = new KnownJudgements()
  const duplicate = original.duplicator()
  return {
    name: nameOf(scenario),
    actors: Object.keys(scenario.actors),
    bytes: [...new Set(original.buffers)].reduce((sum, { byteLength }) => sum + byteLength, 0),
    instance: () => new ScenarioInstance(scenario, duplicate(), known),
  }
}

/** A sample has no names for its words: it detects no data races. */
const NO_NAMES = { nameOf: () => '', elementNames: () => [], known: [] }

class ScenarioInstance implements Instance {
  readonly memory: unknown
  readonly #scenario: Scenario
  readonly #actors: readonly string[]
  readonly #buffers: readonly SharedArrayBuffer[]
  readonly #initial: Contents
  readonly #known: KnownJudgements
  readonly #copy: () => unknown
  readonly #keepingMemory: <Result>(look: () => Result) => Result

  constructor(
    scenario: Scenario,
    { value, buffers }: ReturnType<ReturnType<MemoryValue['duplicator']>>,
    known: KnownJudgements,
  ) {
    this.memory = value
    this.#scenario = scenario
    this.#actors = Object.keys(scenario.actors)
    this.#buffers = buffers
    this.#initial = contentsOf(buffers)
    this.#known = known
    this.#copy = privateCopier(value)
    const looksTwice = scenario.invariant !== undefined && scenario.observe !== undefined
    // What a look writes matters only to a second look: the memory is restored after them.
    this.#keepingMemory = looksTwice ? (look) => this.#restoring(look) : (look) => look()
  }

  judge(results: readonly unknown[], thrown: readonly (string | undefined)[] | undefined): SampleJudgement {
    const { words } = this.#initial
    if (words === undefined || thrown !== undefined) return this.#judge(results, thrown)
    return this.#known.get(words, results, () => this.#judge(results, undefined))
  }

  isChanged(): boolean {
    return this.#initial.differ()
  }

  restore(): void {
    this.#initial.restore()
  }

  #judge(results: readonly unknown[], thrown: readonly (string | undefined)[] | undefined): SampleJudgement {
    return judge(this.#scenario, {
      end: 'finished',
      memory: this.#copy,
      actors: this.#actors.map((name, index) => {
        const text = thrown?.[index]
        const error = text === undefined ? undefined : { error: text }
        return { name, result: results[index], thrown: error, status: Status.FINISHED, spin: undefined, events: [] }
      }),
      races: [],
      names: NO_NAMES,
      keepingMemory: this.#keepingMemory,
    }) as SampleJudgement
  }

  #restoring<Result>(look: () => Result): Result {
    const saved = contentsOf(this.#buffers)
    try {
      return look()
    } finally {
      saved.restore()
    }
  }
}

/** What buffers held at one moment. */
interface Contents {
  /** The buffers as words, if they are few: what they hold now. */
  readonly words: readonly Int32Array[] | undefined
  /** Whether a byte differs now. */
  differ(): boolean
  /** Puts all bytes back. */
  restore(): void
}

/** Up to this many words are looked at one by one. */
const FEW_WORDS = 16

function contentsOf(buffers: readonly SharedArrayBuffer[]): Contents {
  const bytes = buffers.reduce((sum, { byteLength }) => sum + byteLength, 0)
  if (bytes > 4 * FEW_WORDS || buffers.some(({ byteLength }) => byteLength % 4 !== 0)) {
    const snapshots = buffers.map((buffer) => new Snapshot(buffer))
    return {
      words: undefined,
      differ: () => snapshots.some((snapshot) => snapshot.firstDifference() !== undefined),
      restore() {
        for (const snapshot of snapshots) snapshot.restore()
      },
    }
  }
  const words = buffers.map((buffer) => new Int32Array(buffer))
  const kept = words.map((some) => Int32Array.from(some))
  return {
    words,
    differ: () => words.some((now, index) => now.some((word, at) => word !== kept[index]?.[at])),
    restore() {
      for (let index = 0; index < words.length; index++) {
        const [now, then] = [words[index] as Int32Array, kept[index] as Int32Array]
        for (let at = 0; at < now.length; at++) now[at] = then[at]!
      }
    },
  }
}
