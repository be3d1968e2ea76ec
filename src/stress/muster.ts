/** The worker's side of a muster: a thread that has loaded everything says so, and waits for the others. */
import { StartGate } from '../sync/start-gate.ts'

export interface Roll {
  readonly gate: Int32Array
  readonly size: number
}

export function muster({ gate, size }: Roll): void {
  new StartGate(gate, 0, size).arrive()
}
