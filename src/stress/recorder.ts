/** Records the steps of one worker in a watched run. */

/** One step of an operation, as a worker recorded it. */
export interface WatchedStep {
  /** The number of the step among all steps of all workers: from one counter in shared memory. */
  readonly sequence: number
  readonly worker: number
  /** The number of the worker's operation, from 1; 0 for a step before the first operation. */
  readonly operation: number
  readonly action: string
  /** Further text to show beside the action; may be empty. */
  readonly detail: string
}

/** Records the steps of one worker. */
export class Recorder {
  readonly steps: WatchedStep[] = []
  readonly #worker: number
  readonly #clock: Int32Array
  readonly #at: number
  #operation = 0

  /** `clock[at]` is a shared word that counts the steps of all workers. */
  constructor(worker: number, clock: Int32Array, at: number) {
    this.#worker = worker
    this.#clock = clock
    this.#at = at
  }

  /** Begins the worker's next operation. */
  nextOperation(): void {
    this.#operation++
  }

  /**
   * Records a step, with the fields of `more` added to it. The caller must make sure that no other worker takes a step
   * between this step and this call.
   */
  step(action: string, detail = '', more: object = {}): void {
    const sequence = Atomics.add(this.#clock, this.#at, 1)
    this.steps.push({ sequence, worker: this.#worker, operation: this.#operation, action, detail, ...more })
  }
}
