/** Options that are misspelt or not an object, which plain JavaScript lets through. */
import { describe, expect, test } from 'vitest'
import { SharedMemoryStore } from '../../src/store/express/store.ts'
import { allocateSessionStore } from '../../src/store/allocate.ts'
import { OptionsError } from '../../src/store/errors.ts'
import { evictNone } from '../../src/store/evict.ts'
import { SessionManager } from '../../src/store/manager.ts'
import { bytesIn, fresh } from './stores.ts'

const { sessions, memory } = fresh()

/** Each function that takes options, with the names that it knows and options that it accepts. */
const takers: [string, string, object, (options: never) => unknown][] = [
  [
    'allocateSessionStore',
    'capacity, nameBytes, metadataBytes, agents',
    { capacity: 1, nameBytes: 12, metadataBytes: 0 },
    (options) => allocateSessionStore(options),
  ],
  [
    'SessionManager',
    'database, patience, highWater',
    { database: undefined },
    (options) => new SessionManager(memory, options),
  ],
  [
    'createSession',
    'id, isAuthenticated, metadata, timeToLive, evict',
    { id: 'a', isAuthenticated: false, metadata: new Map(), timeToLive: 1000, evict: evictNone },
    (options) => sessions.createSession('u', 'n', options),
  ],
  [
    'runCleanup',
    'limit, look, mostAttempts',
    { limit: 1, look: 1, mostAttempts: 1 },
    (options) => sessions.runCleanup(options),
  ],
  ['deleteSession', 'cleanUp', { cleanUp: true }, (options) => sessions.deleteSession('b', options)],
  [
    'SharedMemoryStore',
    'ttl, resolve, evict, isLoggedIn',
    { ttl: 1 },
    (options) => new SharedMemoryStore(memory, options),
  ],
]

describe.each(takers)('%s', (what, known, taken, take) => {
  const messageOf = (options: unknown): string => {
    const before = bytesIn(memory)
    try {
      take(options as never)
    } catch (error) {
      expect(error).toBeInstanceOf(OptionsError)
      expect(bytesIn(memory).equals(before)).toBe(true)
      return (error as Error).message
    }
    throw new Error('It was not refused')
  }

  test('refuses an unknown name, also beside known ones', () => {
    for (const name of ['metaDataBytes', 'constructor', '__proto__', 'ID'])
      expect(messageOf({ ...taken, [name]: 1 })).toBe(`There is no option "${name}" of ${what}. Known: ${known}.`)
  })

  test.each<[string, unknown]>([
    ['String', 'my-id'],
    ['Null', null],
    ['Number', 5],
    ['Boolean', true],
    ['Array', ['my-id']],
    ['Map', new Map([['theme', 'dark']])],
    ['Function', () => {}],
  ])('refuses a value of type %s', (type, value) => {
    expect(messageOf(value)).toBe(
      `The options of ${what} are of type ${type}; they must be an object. Known: ${known}.`,
    )
  })

  test('takes every name that it knows, none, and no options', () => {
    for (const options of [taken, Object.assign(Object.create(null), taken), {}, undefined]) {
      expect(() => take(options as never)).not.toThrow(OptionsError)
    }
  })
})
