/** Kills threads that work on a store while others do, and looks after each kill what has become of it. */
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { allocateSessionStore } from '../../src/store/allocate.ts'
import { SessionManager } from '../../src/store/manager.ts'
import type { Recovery } from '../../src/store/operations/recover.ts'
import { bundle } from '../../src/stress/worker-file.ts'
import { Log, POOL, SESSIONS, Word } from './kills-log.ts'
import type { KillsThreadData } from './kills-log.ts'

/** What was seen of all kills. */
export interface Kills {
  kills: number
  /** Threads that were killed inside an operation. */
  inside: number
  /** The operations that recoveries have ended. */
  mended: { -readonly [Name in keyof Recovery]: number }
  /** Kills after which a thread did not come to the end of its operation. */
  blocked: number
  /** Sessions that had lost something, or had something that no thread has done. */
  lost: number
  /** What `verify` has said. */
  problems: string[]
  /** The longest time in milliseconds from a thread's exit until all others had come to the end of their operations. */
  longest: number
}

/** Milliseconds after which a thread is blocked. */
const BLOCKED = 10_000
/** A thread is killed at most this many milliseconds after it has begun. */
const LONGEST_LIFE = 4

export interface KillsOptions {
  readonly kills: number
  readonly survivors: number
  readonly onProgress: (kill: number) => void
}

/** Kills threads one after the other. Rejects with what `onProgress` throws. */
export async function killThreads({ kills, survivors, onProgress }: KillsOptions): Promise<Kills> {
  const ground = await Ground.make(survivors)
  try {
    for (let kill = 0; kill < kills; kill++) {
      onProgress(kill)
      if (!(await ground.kill(kill))) break
    }
    return ground.seen
  } finally {
    await ground.close()
  }
}

/** The store, and the threads over it. Thread 0 is the one that is killed. */
class Ground {
  readonly seen: Kills = {
    kills: 0,
    inside: 0,
    mended: { completed: 0, undone: 0, requeued: 0 },
    blocked: 0,
    lost: 0,
    problems: [],
    longest: 0,
  }
  readonly #file: string
  readonly #memory = allocateSessionStore({ capacity: SESSIONS + POOL - 1, metadataBytes: 512 })
  readonly #sessions = new SessionManager(this.#memory)
  readonly #gate = new Int32Array(new SharedArrayBuffer(8))
  readonly #log: SharedArrayBuffer
  readonly #survivors: Worker[] = []

  private constructor(file: string, survivors: number) {
    this.#file = file
    this.#log = Log.allocate(survivors + 1)
    for (let session = 0; session < SESSIONS; session++) this.#sessions.createSession('u', 'n', { id: `s${session}` })
    for (let thread = 1; thread <= survivors; thread++) this.#survivors.push(this.#start(thread, thread))
  }

  static async make(survivors: number): Promise<Ground> {
    return new Ground(await bundle(fileURLToPath(new URL('kills-thread.ts', import.meta.url))), survivors)
  }

  #start(thread: number, seed: number): Worker {
    const data: KillsThreadData = { memory: this.#memory, log: this.#log, gate: this.#gate, thread, seed }
    return new Worker(this.#file, { workerData: data, execArgv: [] })
  }

  /** Starts a thread, kills it, and looks at the store; returns whether all others go on. */
  async kill(seed: number): Promise<boolean> {
    const victim = this.#start(0, seed * 7919)
    const id = victim.threadId
    await once(victim, 'message')
    await sleep(Math.random() * LONGEST_LIFE)
    await victim.terminate()
    const exit = performance.now()
    const recovery = this.#sessions.recover(id)
    this.seen.kills++
    if (Log.of(this.#log, 0).isInside) this.seen.inside++
    Log.of(this.#log, 0).isInside = false
    for (const name of Object.keys(recovery) as (keyof Recovery)[]) this.seen.mended[name] += recovery[name]
    const rested = this.#rest()
    this.seen.longest = Math.max(this.seen.longest, performance.now() - exit)
    if (rested) this.#look()
    else this.seen.blocked++
    this.#wake()
    return rested
  }

  /** Lets all survivors come to the end of their operations; returns whether they do. */
  #rest(): boolean {
    Atomics.store(this.#gate, Word.REST, 1)
    const end = performance.now() + BLOCKED
    for (;;) {
      const resting = Atomics.load(this.#gate, Word.RESTING)
      if (resting === this.#survivors.length) return true
      if (performance.now() > end) return false
      Atomics.wait(this.#gate, Word.RESTING, resting, 100)
    }
  }

  #wake(): void {
    Atomics.store(this.#gate, Word.REST, 0)
    Atomics.notify(this.#gate, Word.REST)
    // They count themselves out; before that, they must not be asked to rest again.
    while (Atomics.load(this.#gate, Word.RESTING) > 0) Atomics.wait(this.#gate, Word.RESTING, 0, 1)
  }

  #look(): void {
    this.seen.problems.push(...this.#sessions.verify())
    for (let session = 0; session < SESSIONS; session++) if (!this.#isWhole(session)) this.seen.lost++
  }

  /** Whether a session has all that was done, and nothing that was not begun. */
  #isWhole(session: number): boolean {
    const { accessCount, metadata } = this.#sessions.getSession(`s${session}`)!
    const logs = Array.from({ length: 1 + this.#survivors.length }, (_, thread) => Log.of(this.#log, thread))
    const [victim, ...others] = logs.map((log) => log.of(session))
    const counted = accessCount - others.reduce((sum, other) => sum + other.counted, 0)
    const values = logs.map((_, thread) => Number.parseInt(metadata.get(`${thread}`) ?? '0', 10))
    logs[0]!.settle(session, counted, values[0]!)
    return (
      victim!.counted <= counted &&
      counted <= victim!.begun &&
      victim!.set <= values[0]! &&
      values[0]! <= victim!.setting &&
      others.every(({ set }, index) => set === values[index + 1])
    )
  }

  async close(): Promise<void> {
    await Promise.all(this.#survivors.map((survivor) => survivor.terminate()))
  }
}
