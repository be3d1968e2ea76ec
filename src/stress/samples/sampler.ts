/**
 * Samples a scenario on real threads, as jcstress does: one thread for each actor, and many fresh instances of the memory, which
 * the threads go through together. A sample is what the actors did in one instance.
 */
import { availableParallelism } from 'node:os'
import { GATE_WORDS, SampleGate } from './gate.ts'
import { PROGRESS_STRIDE } from './messages.ts'
import type { Throw } from './messages.ts'
import { GATED_MS, Pace } from './pace.ts'
import type { Round } from './pace.ts'
import type { SampleResult } from './result.ts'
import { standings } from './standing.ts'
import { judgeStuck, lines } from './stuck.ts'
import type { Left } from './stuck.ts'
import type { Instance, SampleSubject } from './subject.ts'
import { Tally } from './tally.ts'
import { ActorThread } from './thread.ts'
import type { Swept } from './thread.ts'

/** How to sample. */
export interface SampleOptions {
  /** The path of the file that each thread runs. */
  readonly file: string
  /** Tells the file where to load the scenario from, because functions cannot be sent to a thread. */
  readonly source: unknown
  /** Sampling ends after this time, in milliseconds. Infinity: no limit. */
  readonly timeMs: number
  /** Sampling ends after this many samples. Infinity: no limit. */
  readonly samples: number
  /** Sampling ends if no round comes back within this time, in milliseconds: an actor is stuck. */
  readonly stuckMs: number
  /** Whether to note the clocks and random numbers that the actors use. */
  readonly watchOutside: boolean
  /**
   * Called a few times a second with the result so far. If it returns a text, sampling ends, and the text is the result's
   * `stopped`.
   */
  readonly onProgress: (result: () => SampleResult) => string | undefined
}

/** At most this many instances are used at a time, and memory of this size in all. */
const MOST_INSTANCES = 8192
const MOST_BYTES = 2 ** 26
/** The least time between two calls of `onProgress`, in milliseconds. */
const PROGRESS_MS = 100
/**
 * The time for a round is counted in this number of ticks of the main thread. If the machine was suspended, only one tick
 * passed.
 */
const TICKS = 10
/** How often a thread looks at the gate before it sleeps: for tens of milliseconds if it has a core to itself. */
const SPINS = 2 ** 24
const SPINS_WITHOUT_A_CORE = 200

const UNCHANGED =
  'Each sample left the memory as it was. If the actors use shared memory that they are not given, such as a SharedArrayBuffer ' +
  'in a variable of the module, then each thread has its own, and the samples show nothing: return it from memory().'

/**
 * Samples the scenario and returns what was seen. The threads have ended when this resolves. Rejects with ActorThreadError if a
 * thread fails, and with what the subject throws.
 */
export async function sample(subject: SampleSubject, options: SampleOptions): Promise<SampleResult> {
  const sampler = new Sampler(subject, options)
  try {
    return await sampler.run()
  } finally {
    await sampler.end()
  }
}

class Sampler {
  readonly #subject: SampleSubject
  readonly #options: SampleOptions
  readonly #gate: SampleGate
  readonly #progress: Int32Array
  readonly #threads: readonly ActorThread[]
  readonly #pace: Pace
  readonly #tally = new Tally()
  readonly #instances: Instance[] = []
  #outside: readonly string[] = []
  /** Whether a sample has left its memory changed. */
  #changed = false
  #stopped: string | undefined
  #began = 0

  constructor(subject: SampleSubject, options: SampleOptions) {
    const { actors, bytes } = subject
    this.#subject = subject
    this.#options = options
    this.#pace = new Pace(Math.max(1, Math.min(MOST_INSTANCES, Math.floor(MOST_BYTES / Math.max(1, bytes)))))
    const gate = new Int32Array(new SharedArrayBuffer(4 * GATE_WORDS))
    const threads = actors.length
    this.#progress = new Int32Array(new SharedArrayBuffer(4 * PROGRESS_STRIDE * threads))
    const spins = threads <= availableParallelism() ? SPINS : SPINS_WITHOUT_A_CORE
    this.#gate = new SampleGate(gate, threads, spins)
    const { watchOutside } = options
    this.#threads = actors.map(
      (actor, index) =>
        new ActorThread({ actor, index, threads, gate, progress: this.#progress, spins, watchOutside }, options),
    )
  }

  async run(): Promise<SampleResult> {
    await Promise.all(this.#threads.map(({ ready }) => ready))
    const { timeMs, samples, onProgress } = this.#options
    this.#began = performance.now()
    let next = this.#began + PROGRESS_MS
    for (;;) {
      const now = performance.now()
      if (now - this.#began >= timeMs || this.#tally.samples >= samples) break
      if (now >= next) {
        this.#stopped = onProgress(() => this.#result())
        if (this.#stopped !== undefined) break
        // With very many outcomes a result takes long to make, and may be made less often.
        const after = performance.now()
        next = after + Math.max(PROGRESS_MS, 20 * (after - now))
      }
      const planned = this.#pace.next()
      const round = { ...planned, count: Math.min(planned.count, samples - this.#tally.samples) }
      if (!(await this.#make(round))) break
    }
    return this.#result()
  }

  async end(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.end()))
  }

  #result(): SampleResult {
    const { name, actors } = this.#subject
    return {
      schema: 1,
      scenario: name,
      threads: actors.length,
      ...this.#tally.counts(),
      ...(this.#outside.length === 0 ? {} : { outside: this.#outside }),
      ...(this.#changed || this.#tally.samples === 0 ? {} : { note: UNCHANGED }),
      ...(this.#stopped === undefined ? {} : { stopped: this.#stopped }),
      elapsedMs: Math.round(performance.now() - this.#began),
    }
  }

  /** Makes a round and judges its samples. Returns false if a thread does not come back. */
  async #make(round: Round): Promise<boolean> {
    this.#grow(round.count)
    this.#gate.reset()
    const began = performance.now()
    const left = await this.#sweep(round)
    const all = left.filter(isSwept)
    this.#outside = [...new Set([...this.#outside, ...all.flatMap(({ outside }) => outside)])]
    if (all.length < left.length) {
      this.#judgeStuck(left)
      return false
    }
    // A gated round may have ended early, and then did so in all threads.
    const count = all[0]?.results.length ?? 0
    const judging = performance.now()
    this.#judge(count, all)
    const ended = performance.now()
    this.#pace.took(round, count, { work: Math.max(...all.map(({ ms }) => ms)) + ended - judging, all: ended - began })
    return true
  }

  #grow(count: number): void {
    if (count <= this.#instances.length) return
    const added = Array.from({ length: count - this.#instances.length }, () => this.#subject.instance())
    this.#instances.push(...added)
    const memories = added.map(({ memory }) => memory)
    for (const thread of this.#threads) thread.give(memories)
  }

  /** Makes a round. Returns the threads' answers; for those that do not answer in time, where they stand. */
  async #sweep(round: Round): Promise<readonly (Swept | Left)[]> {
    const answers = this.#threads.map((thread) => thread.sweep(round))
    const all = Promise.all(answers)
    const clock = new StuckClock(this.#progress, this.#options.stuckMs)
    const end = round.spacing === 0 ? undefined : setTimeout(() => this.#gate.end(), GATED_MS)
    try {
      const swept = await Promise.race([all, clock.stuck])
      if (swept !== undefined) return swept
    } finally {
      clock.stop()
      clearTimeout(end)
    }
    const found = await standings(this.#threads.filter(({ busy }) => busy).length)
    // A thread may have come back after all while the others were asked.
    const late = this.#threads.map(({ busy }) => busy)
    const left = answers.map(async (answer, index) => {
      return late[index] === true ? found.find((standing) => standing.index === index) : answer
    })
    return Promise.all(left)
  }

  #judge(count: number, swept: readonly Swept[]): void {
    const { actors } = this.#subject
    const throws = throwsBySample(swept.map((each) => each.throws))
    for (let index = 0; index < count; index++) {
      const results = swept.map((each) => each.results[index])
      const thrown = throws.get(index)
      const instance = this.#instances[index]!
      if (thrown === undefined) this.#tally.add(instance.judge(results, undefined))
      else {
        const texts = actors.map((_, actor) => thrown.get(actor)?.text)
        this.#tally.add(instance.judge(results, texts), this.#places(thrown))
      }
      this.#changed ||= instance.isChanged()
      instance.restore()
    }
  }

  /**
   * Counts the sample in which a thread is stuck. The other samples of the round are discarded: what the stuck threads returned
   * in them is not known.
   */
  #judgeStuck(left: readonly Left[]): void {
    const seconds = this.#options.stuckMs / 1000
    const { judgement, where } = judgeStuck({ actors: this.#subject.actors, left, seconds })
    this.#tally.add(judgement, where)
    // The memory cannot be looked at while a thread may still write to it.
    this.#changed = true
    this.#stopped = 'a round got stuck'
  }

  #places(throws: ReadonlyMap<number, Throw>): string[] {
    return [...throws].flatMap(([actor, { at }]) => {
      return at.length === 0 ? [] : [`${this.#subject.actors[actor]} threw${lines(at)}`]
    })
  }
}

function isSwept(left: Swept | Left): left is Swept {
  return left !== undefined && 'results' in left
}

/** Watches a round: whether its threads go on. */
class StuckClock {
  /** Resolves when no thread has gone on for the whole time. */
  readonly stuck: Promise<undefined>
  #timer: NodeJS.Timeout | undefined

  constructor(progress: Int32Array, stuckMs: number) {
    let seen = ''
    let ticks = 0
    this.stuck = new Promise((resolve) => {
      this.#timer = setInterval(() => {
        const now = progress.join()
        ticks = now === seen ? ticks + 1 : 0
        seen = now
        if (ticks === TICKS) resolve(undefined)
      }, stuckMs / TICKS)
    })
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}

/** Returns what was thrown by the index of the sample, and by the index of the actor. */
function throwsBySample(throws: readonly (readonly Throw[])[]): Map<number, Map<number, Throw>> {
  const bySample = new Map<number, Map<number, Throw>>()
  for (const [actor, some] of throws.entries()) {
    for (const each of some) {
      const thrown = bySample.get(each.sample) ?? new Map<number, Throw>()
      bySample.set(each.sample, thrown.set(actor, each))
    }
  }
  return bySample
}
