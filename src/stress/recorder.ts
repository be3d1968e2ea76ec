/** Records the steps of one worker in a run that is watched. */

/** One step of an operation as a worker recorded it. */
export interface Step {
  /** Its place among all steps of all workers: from one counter in shared memory. */
  readonly sequence: number
  readonly worker: number
  /** Which of the worker's operations it is a step of; 0 for what comes before the first. */
  readonly operation: number
  readonly action: string
  /** What else there is to say of it. */
  readonly detail: string
}

export class Recorder {
  readonly steps: Step[] = []
  readonly #worker: number
  readonly #clock: Int32Array
  readonly #at: number
  #operation = 0

  /** The clock is a shared word that counts the steps of all workers. */
  constructor(worker: number, clock: Int32Array, at: number) {
    this.#worker = worker
    this.#clock = clock
    this.#at = at
  }

  nextOperation(): void {
    this.#operation++
  }

  /** Records a step, with more plain data if there is any. Call it where no other step can come between the two. */
  step(action: string, detail = '', more: object = {}): void {
    const sequence = Atomics.add(this.#clock, this.#at, 1)
    this.steps.push({ sequence, worker: this.#worker, operation: this.#operation, action, detail, ...more })
  }
}
