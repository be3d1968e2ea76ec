/** V8's shared structs, behind a flag: objects that threads share. Each session has a mutex, each thread a Map from id to object. */
import type { Client, Implementation } from './implementation.ts'
import { KEYS, newSession } from './sessions.ts'
import type { PlainSession } from './sessions.ts'

type Struct = { mutex: unknown } & Omit<PlainSession, 'metadata'> & Record<(typeof KEYS)[number], string>

/** The globals that the flag adds. */
interface Flagged {
  readonly SharedStructType: new (fields: readonly string[]) => new () => Struct
  readonly SharedArray: new (length: number) => Struct[]
  readonly Atomics: { readonly Mutex: { new (): unknown; lock<Result>(mutex: unknown, within: () => Result): Result } }
}

const FIELDS = [
  'id',
  'userId',
  'username',
  'accessCount',
  'version',
  'isAuthenticated',
  'lastActivity',
  'mutex',
  ...KEYS,
]

function flagged(): Flagged {
  return globalThis as unknown as Flagged
}

export const sharedStructs: Implementation = {
  name: 'V8 shared structs',
  role: 'beside',
  operations: ['increment', 'get', 'look', 'key', 'set'],
  note: 'needs --harmony-struct; crashed in some runs',
  version: () => `V8 ${process.versions.v8}`,

  open({ sessions }) {
    const { SharedStructType, SharedArray, Atomics } = flagged()
    const Session = new SharedStructType(FIELDS)
    const all = new SharedArray(sessions)
    for (let index = 0; index < sessions; index++) {
      all[index] = Object.assign(new Session(), { mutex: new Atomics.Mutex() })
    }
    return { data: () => ({ data: all }) }
  },

  attach(data): Client {
    const all = data as Struct[]
    const { Mutex } = flagged().Atomics
    const byId = new Map<string, Struct>()
    const locked = <Result>(id: string, within: (session: Struct) => Result): Result => {
      const session = byId.get(id)!
      return Mutex.lock(session.mutex, () => within(session))
    }
    let created = 0
    return {
      handle(id, index) {
        byId.set(id, all[index]!)
        return id
      },
      create(ids) {
        for (const id of ids) {
          const { metadata, ...fields } = newSession(id)
          Object.assign(all[created++]!, fields, metadata)
        }
      },
      increment(ids) {
        for (const id of ids) locked(id, count)
      },
      get(ids, onSession) {
        for (const id of ids) onSession(locked(id, copy))
      },
      key(ids, key, onValue) {
        for (const id of ids) onValue(locked(id, (session) => session[key as (typeof KEYS)[number]]))
      },
      set(ids, key, values) {
        for (let index = 0; index < ids.length; index++) {
          locked(ids[index]!, (session) => {
            session[key as (typeof KEYS)[number]] = values[index]!
            count(session)
          })
        }
      },
    }
  },
}

function count(session: Struct): void {
  session.accessCount += 1
  session.version += 1
  session.lastActivity = Date.now()
}

function copy({ id, userId, username, accessCount, version, isAuthenticated, lastActivity, theme, language }: Struct) {
  return { id, userId, username, accessCount, version, isAuthenticated, lastActivity, metadata: { theme, language } }
}
