/** Start-up on a worker's thread: a thread that has loaded all its modules waits here for the others. */
import { StartGate } from '../sync/start-gate.ts'

export interface StartUp {
  readonly gate: Int32Array
  readonly workers: number
}

export function ready({ gate, workers }: StartUp): void {
  new StartGate(gate, 0, workers).arrive()
}
