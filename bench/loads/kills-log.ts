/** What a thread of the bench `kills` has begun and what it has done, in words that the main thread reads when it has killed it. */

/** How many sessions all threads change all the time, and how many ids are created and deleted. */
export const SESSIONS = 3
export const POOL = 4

/** The words by which the main thread lets the survivors rest. */
export const Word = { REST: 0, RESTING: 1 } as const

export interface KillsThreadData {
  readonly memory: SharedArrayBuffer
  readonly log: SharedArrayBuffer
  readonly gate: Int32Array
  readonly thread: number
  readonly seed: number
}

/** Per session: accesses begun and counted, and the number of the last set begun and done. */
const WORDS = 4
const LOG_WORDS = 1 + SESSIONS * WORDS

/** The log of one thread. Its words are written with Atomics: the thread may be killed between any two of them. */
export class Log {
  readonly #words: Int32Array

  private constructor(words: Int32Array) {
    this.#words = words
  }

  static allocate(threads: number): SharedArrayBuffer {
    return new SharedArrayBuffer(4 * LOG_WORDS * threads)
  }

  static of(memory: SharedArrayBuffer, thread: number): Log {
    return new Log(new Int32Array(memory, 4 * LOG_WORDS * thread, LOG_WORDS))
  }

  /** Whether the thread is inside an operation. */
  get isInside(): boolean {
    return Atomics.load(this.#words, 0) === 1
  }

  set isInside(is: boolean) {
    Atomics.store(this.#words, 0, is ? 1 : 0)
  }

  /** Counts an access of a session. */
  count(session: number, act: (id: string) => unknown): void {
    Atomics.add(this.#words, this.#at(session), 1)
    act(`s${session}`)
    Atomics.add(this.#words, this.#at(session) + 1, 1)
  }

  /** Sets a value in a session that is greater than the last one. */
  set(session: number, act: (id: string, value: string) => unknown): void {
    const value = Atomics.load(this.#words, this.#at(session) + 2) + 1
    Atomics.store(this.#words, this.#at(session) + 2, value)
    act(`s${session}`, `${value}:`)
    Atomics.store(this.#words, this.#at(session) + 3, value)
  }

  /** What was begun and done in a session. */
  of(session: number): {
    readonly begun: number
    readonly counted: number
    readonly setting: number
    readonly set: number
  } {
    const [begun, counted, setting, set] = [0, 1, 2, 3].map((word) =>
      Atomics.load(this.#words, this.#at(session) + word),
    )
    return { begun: begun!, counted: counted!, setting: setting!, set: set! }
  }

  /** Notes what has become of what was begun. */
  settle(session: number, counted: number, value: number): void {
    for (const [word, settled] of [counted, counted, value, value].entries())
      Atomics.store(this.#words, this.#at(session) + word, settled)
  }

  #at(session: number): number {
    return 1 + session * WORDS
  }
}
