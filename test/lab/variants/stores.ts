/** Makes lab stores for tests. */
import { allocateLabStore } from '../../../src/lab/variants/lab-memory.ts'
import type { LabMemory, LabOptions } from '../../../src/lab/variants/lab-memory.ts'
import { LabStore } from '../../../src/lab/variants/lab-store.ts'
import { SessionManager } from '../../../src/store/manager.ts'

/** A new lab store, and the product's manager over its sessions. */
export interface FreshLab {
  readonly memory: LabMemory
  readonly store: LabStore
  readonly sessions: SessionManager
}

/** Returns a new lab store. */
export function freshLab(options: LabOptions = {}): FreshLab {
  const memory = allocateLabStore({ capacity: 4, metadataBytes: 256, queueCapacity: 4, ...options })
  return { memory, store: new LabStore(memory), sessions: new SessionManager(memory.sessions) }
}
