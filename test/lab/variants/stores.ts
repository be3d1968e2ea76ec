/** A new lab store, with the product's manager over its sessions. */
import { type LabMemory, type LabOptions, allocateLabStore } from '../../../src/lab/variants/lab-memory.ts'
import { LabStore } from '../../../src/lab/variants/lab-store.ts'
import { SessionManager } from '../../../src/store/manager.ts'

export interface FreshLab {
  readonly memory: LabMemory
  readonly store: LabStore
  readonly sessions: SessionManager
}

export function freshLab(options: LabOptions = {}): FreshLab {
  const memory = allocateLabStore({ capacity: 4, metadataBytes: 256, queueCapacity: 4, ...options })
  return { memory, store: new LabStore(memory), sessions: new SessionManager(memory.sessions) }
}
