/** The default limit of an exploration's memory. */
import { totalmem } from 'node:os'

const MOST = 3072

/** Returns half of the memory of the machine, or of its container, in MiB; at most 3072. */
export function defaultMemory(): number {
  const constrained = process.constrainedMemory()
  // Without a container the value is 0, undefined or larger than the memory, depending on the version of Node.
  const machine = constrained > 0 ? Math.min(totalmem(), constrained) : totalmem()
  return Math.min(MOST, Math.floor(machine / 2 ** 21))
}
