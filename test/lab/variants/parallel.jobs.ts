/** The jobs of threads that change one session with a variant. */
import { incrementAccess } from '../../../src/lab/variants/increment-access.ts'
import type { LabMemory } from '../../../src/lab/variants/lab-memory.ts'
import { LabStore } from '../../../src/lab/variants/lab-store.ts'
import { updateSession } from '../../../src/lab/variants/update-session.ts'
import type { Pause } from '../../../src/store/pause.ts'
import { serveMemories } from '../../store/stores.ts'

export type Variant = keyof typeof incrementAccess

interface Work {
  readonly memory: LabMemory
  readonly variant: Variant
  readonly rounds: number
  /** Whether each operation sleeps between its read and its write. Without a lock, what it read is then stale for certain. */
  readonly sleeps: boolean
}

const nothing = new Int32Array(new SharedArrayBuffer(4))
const sleep: Pause = () => void Atomics.wait(nothing, 0, 0, 1)

const jobs = {
  increment({ memory, variant, rounds, sleeps }: Work): void {
    const store = new LabStore(memory)
    for (let round = 0; round < rounds; round++) incrementAccess[variant](store, 'a', sleeps ? sleep : undefined)
  },

  setKeys({ memory, variant, rounds, sleeps }: Work, thread: number): void {
    const store = new LabStore(memory)
    for (let round = 0; round < rounds; round++)
      updateSession[variant](store, 'a', `${thread}.${round}`, `${round}`, sleeps ? sleep : undefined)
  },
}

export type Jobs = typeof jobs
serveMemories(jobs)
