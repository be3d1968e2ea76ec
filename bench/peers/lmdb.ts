/**
 * lmdb in /dev/shm: a memory-mapped B-tree whose readers take no lock and which has one writer at a time. The client pipelines:
 * lmdb commits together the transactions that are under way together, which is its fastest way without lost updates.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { OPERATIONS } from './implementation.ts'
import type { Client, Implementation } from './implementation.ts'
import { peer, versionOf } from './packages.ts'
import { countAccess, newSession } from './sessions.ts'
import type { PlainSession } from './sessions.ts'

interface Database {
  get(id: string): PlainSession | undefined
  put(id: string, session: PlainSession): Promise<boolean>
  remove(id: string): Promise<boolean>
  transaction(change: () => void): Promise<void>
  close(): Promise<void>
}

interface Lmdb {
  open(options: { path: string; mapSize: number; noSync: boolean }): Database
}

export const lmdb: Implementation = {
  name: 'lmdb in RAM',
  role: 'peer',
  operations: OPERATIONS,
  note: 'pipelined transactions; unlike racelab it works across processes and, on a disk, survives a crash',
  version: () => versionOf('lmdb'),

  open() {
    const path = mkdtempSync('/dev/shm/racelab-lmdb-')
    return { data: () => ({ data: path }), close: () => rmSync(path, { recursive: true, force: true }) }
  },

  attach(path): Client {
    const database = (peer('lmdb') as Lmdb).open({ path: path as string, mapSize: 2 ** 30, noSync: true })
    const change = (id: string, apply: (session: PlainSession) => void) =>
      database.transaction(() => {
        const session = database.get(id)!
        apply(session)
        countAccess(session)
        void database.put(id, session)
      })
    return {
      create: (ids) => all(ids.map((id) => database.put(id, newSession(id)))),
      delete: (ids) => all(ids.map((id) => database.remove(id))),
      increment: (ids) => all(ids.map((id) => change(id, () => {}))),
      get(ids, onSession) {
        for (const id of ids) onSession(database.get(id))
      },
      set: (ids, key, values) =>
        all(ids.map((id, index) => change(id, ({ metadata }) => void (metadata[key] = values[index]!)))),
      close: () => database.close(),
    }
  },
}

async function all(pending: readonly Promise<unknown>[]): Promise<void> {
  await Promise.all(pending)
}
