/**
 * sharedmap: a hash map in a SharedArrayBuffer, from string to string. A session is a JSON text. The map's own locks make one get
 * or one set atomic, but a change needs both, so a change holds the lock of the whole map.
 */
import { OPERATIONS } from './implementation.ts'
import type { Client, Implementation } from './implementation.ts'
import { peer, versionOf } from './packages.ts'
import { countAccess, newSession } from './sessions.ts'
import type { PlainSession } from './sessions.ts'

interface SharedMap {
  get(key: string, options?: typeof LOCKED): string | undefined
  set(key: string, value: string, options?: typeof LOCKED): void
  delete(key: string, options?: typeof LOCKED): void
  lockExclusive(): void
  unlockExclusive(): void
}

type SharedMapClass = new (size: number, keySize: number, valueSize: number) => SharedMap

const LOCKED = { lockExclusive: true } as const
/** The map confuses keys that are as long as the key size, so it is larger than an id. */
const KEY_SIZE = 40
const VALUE_SIZE = 256

export const sharedmap: Implementation = {
  name: 'sharedmap',
  role: 'peer',
  operations: OPERATIONS,
  note: 'a change locks the map',
  version: () => versionOf('sharedmap'),

  open({ sessions }) {
    const map = new (peer('sharedmap') as SharedMapClass)(Math.ceil(sessions * 1.5), KEY_SIZE, VALUE_SIZE)
    return { data: () => ({ data: { ...map } }) }
  },

  attach(data): Client {
    // As sharedmap's documentation says: postMessage keeps the fields and loses the class.
    const map = Object.setPrototypeOf(data, (peer('sharedmap') as SharedMapClass).prototype as object) as SharedMap
    const change = (id: string, apply: (session: PlainSession) => void): void => {
      map.lockExclusive()
      try {
        const session = JSON.parse(map.get(id, LOCKED)!) as PlainSession
        apply(session)
        countAccess(session)
        map.set(id, JSON.stringify(session), LOCKED)
      } finally {
        map.unlockExclusive()
      }
    }
    return {
      create(ids) {
        for (const id of ids) map.set(id, JSON.stringify(newSession(id)))
      },
      delete(ids) {
        for (const id of ids) map.delete(id)
      },
      increment(ids) {
        for (const id of ids) change(id, () => {})
      },
      get(ids, onSession) {
        for (const id of ids) {
          const text = map.get(id)
          onSession(text === undefined ? undefined : (JSON.parse(text) as PlainSession))
        }
      },
      set(ids, key, values) {
        ids.forEach((id, index) => change(id, ({ metadata }) => void (metadata[key] = values[index]!)))
      },
    }
  },
}
