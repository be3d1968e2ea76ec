/** The worker's side of a run: does its part of a load between the gates, and measures it. */
import { threadId } from 'node:worker_threads'
import type { Hand, Load } from '../load.ts'
import { SessionStore } from '../session/store.ts'
import { Barrier } from '../sync/barrier.ts'
import { StartGate } from '../sync/start-gate.ts'
import { pauseOf } from './gap.ts'
import { type Attendance, CONTROL, type Task } from './task.ts'
import { Recorder, WatchedStore } from './watched-store.ts'

export function attend(load: Load, task: Task): Attendance {
  const hand = task.watched ? new WatchedHand(task) : new MeasuringHand(task)
  const report = load.work(task.memory, task.setting, hand)
  hand.meet()
  return { threadId, ...hand.measures(), report }
}

type Measures = Omit<Attendance, 'threadId' | 'report'>

/** Measures: a look at the clock an operation. */
class MeasuringHand implements Hand {
  readonly index: number
  readonly pause: () => void
  readonly #task: Task
  readonly #gate: StartGate
  readonly #barrier: Barrier
  #operations = 0
  #pauses = 0
  #measuredPauses = 0
  #started = 0n
  #finished = 0n
  #last = 0

  constructor(task: Task) {
    this.index = task.index
    this.#task = task
    const words = new Int32Array(task.control)
    this.#gate = new StartGate(words, CONTROL.gate, task.setting.workers)
    this.#barrier = new Barrier(words, CONTROL.barrier, task.setting.workers)
    const pause = pauseOf(task.gap)
    this.pause = () => {
      this.#pauses++
      pause()
    }
  }

  store(memory: SharedArrayBuffer): SessionStore {
    return new SessionStore(memory)
  }

  start(): void {
    this.#gate.arrive()
    this.#pauses = 0
    this.#started = process.hrtime.bigint()
    this.#last = performance.now()
  }

  operation(work: () => void): void {
    work()
    // Where one operation ends the next begins: one look at the clock serves both.
    const now = performance.now()
    this.#task.latency.record(Math.max(1, Math.round((now - this.#last) * 1e6)))
    this.#last = now
    this.#operations++
  }

  meet(): void {
    if (this.#finished === 0n) {
      this.#finished = process.hrtime.bigint()
      this.#measuredPauses = this.#pauses
    }
    this.#barrier.arriveAndWait()
  }

  measures(): Measures {
    return {
      operations: this.#operations,
      pauses: this.#measuredPauses,
      started: this.#started,
      finished: this.#finished,
      steps: [],
    }
  }
}

/** Records the steps, and measures nothing. */
class WatchedHand extends MeasuringHand {
  override readonly pause: () => void
  readonly #recorder: Recorder

  constructor(task: Task) {
    super(task)
    this.#recorder = new Recorder(task.index, new Int32Array(task.control), CONTROL.clock)
    const pause = pauseOf(task.gap)
    this.pause = () => {
      this.#recorder.step('work')
      pause()
    }
  }

  override store(memory: SharedArrayBuffer): SessionStore {
    return new WatchedStore(memory, this.#recorder)
  }

  override operation(work: () => void): void {
    this.#recorder.nextOperation()
    work()
  }

  override measures(): Measures {
    return { ...super.measures(), steps: this.#recorder.steps }
  }
}
