/** racelab's session manager through its public functions: in batches, like the peers that pipeline, and one call at a time. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { SessionManager, allocateSessionStore } from '../../src/store/index.ts'
import { OPERATIONS } from './implementation.ts'
import type { Client, Implementation } from './implementation.ts'
import { METADATA, USERNAME, USER_ID } from './sessions.ts'

/** Each session gets a Map of its own, as each of the peers' gets an object of its own. */
const ENTRIES = Object.entries(METADATA)

/** A clean-up follows after this many deletes. It frees the slots, so it is part of the cost of deleting. */
const CLEAN_AFTER = 256

export const racelab: Implementation = {
  name: 'racelab',
  role: 'ours',
  operations: OPERATIONS,
  note: 'in memory, within one process; in batches',
  version: () => (JSON.parse(readFileSync(resolve('package.json'), 'utf8')) as { version: string }).version,

  open({ sessions }) {
    const memory = allocateSessionStore({ capacity: sessions, nameBytes: 56, metadataBytes: 128 })
    return { data: () => ({ data: memory }) }
  },

  attach: (memory) => clientOf(new SessionManager(memory as SharedArrayBuffer)),
}

/** One call for each operation. Only for the operations that also have batches: for the others `racelab` makes single calls too. */
export const racelabByCalls: Implementation = {
  ...racelab,
  name: 'racelab, a call each',
  role: 'beside',
  operations: ['increment', 'set'],
  note: 'the same, one call for each operation',
  attach: (memory) => byCalls(new SessionManager(memory as SharedArrayBuffer)),
}

export function clientOf(manager: SessionManager): Client {
  return {
    create(ids) {
      for (const id of ids) manager.createSession(USER_ID, USERNAME, { id, metadata: new Map(ENTRIES) })
    },
    delete(ids) {
      for (let index = 0; index < ids.length; index++) {
        manager.deleteSession(ids[index]!)
        if (index % CLEAN_AFTER === CLEAN_AFTER - 1) manager.runCleanup()
      }
    },
    settle() {
      while (manager.getCleanupQueueSize() > 0) manager.runCleanup()
    },
    increment: (ids) => void manager.incrementAccesses(ids),
    get(ids, onSession) {
      for (const id of ids) onSession(manager.getSession(id))
    },
    key(ids, key, onValue) {
      for (const id of ids) onValue(manager.getMetadata(id, key))
    },
    set: (ids, key, values) => void manager.updateSessions(ids, key, values),
  }
}

function byCalls(manager: SessionManager): Client {
  return {
    ...clientOf(manager),
    increment(ids) {
      for (const id of ids) manager.incrementAccess(id)
    },
    set(ids, key, values) {
      for (let index = 0; index < ids.length; index++) manager.updateSession(ids[index]!, key, values[index]!)
    },
  }
}
