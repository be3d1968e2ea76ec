/** The start-up of a worker's thread. */
import { StartGate } from '../sync/start-gate.ts'

/** The words of a start gate, and how many threads arrive at it. */
export interface StartUp {
  readonly gate: Int32Array
  readonly workers: number
}

/** Waits until all threads have loaded their modules and called it. */
export function ready({ gate, workers }: StartUp): void {
  new StartGate(gate, 0, workers).arrive()
}
