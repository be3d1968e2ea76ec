/** How much memory an exploration may take, if it is not told. */
import { totalmem } from 'node:os'

const MOST = 3072

/** MiB: half of what the machine has, or its container, and at most 3072. */
export function defaultMemory(): number {
  const constrained = process.constrainedMemory()
  // Without a container it is 0, undefined or beyond all memory, as the version has it.
  const machine = constrained > 0 ? Math.min(totalmem(), constrained) : totalmem()
  return Math.min(MOST, Math.floor(machine / 2 ** 21))
}
