/** The edges: times to live up to Infinity, clocks that are set back, counts at 2^31 and 2^32, and arguments of the wrong type. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { nextSequence, stateOf, withState } from '../../src/store/control.ts'
import { SharedMemoryStore } from '../../src/store/express/store.ts'
import { RECORD, STATS } from '../../src/store/layout.ts'
import { SessionManager } from '../../src/store/manager.ts'
import { bytesBesideNotes, bytesIn, fresh, resultOf } from './stores.ts'
import type { Fresh } from './stores.ts'

const START = 1_000_000

describe('a time to live', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: START, toFake: ['Date'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const YEAR_9999 = Date.UTC(9999, 0)
  test.each([
    [Number.MIN_VALUE, START],
    [0.5, START + 1],
    [1, START + 1],
    [1.5, START + 2],
    [2 ** 31 - START, 2 ** 31],
    [2 ** 32 - START, 2 ** 32],
    [2 ** 32 - START - 1, 2 ** 32 - 1],
    [YEAR_9999, START + YEAR_9999],
    [Number.MAX_SAFE_INTEGER - START, Number.MAX_SAFE_INTEGER],
    [Number.MAX_SAFE_INTEGER - START + 1, Infinity],
    [2 ** 63, Infinity],
    [2 ** 64 - START, Infinity],
    [1e300, Infinity],
    [Number.MAX_VALUE, Infinity],
    [Infinity, Infinity],
  ])('of %d ms ends at %d, whichever operation sets it', (timeToLive, expiresAt) => {
    const { sessions, store } = fresh()
    sessions.createSession('u', 'n', { id: 'created', timeToLive })
    for (const id of ['touched', 'changed']) sessions.createSession('u', 'n', { id })
    sessions.touch('touched', timeToLive)
    sessions.changeMetadata('changed', () => ({ timeToLive }))
    // One that ends at once is not to be read any more.
    vi.setSystemTime(expiresAt > START ? START : START - 1)
    for (const id of ['created', 'touched', 'changed']) expect(sessions.getSession(id)?.expiresAt).toBe(expiresAt)
    vi.setSystemTime(expiresAt === Infinity ? 8.64e15 : Math.min(expiresAt, 8.64e15))
    const isOver = expiresAt <= 8.64e15
    for (const id of ['created', 'touched', 'changed']) expect(store.find(id) === undefined).toBe(isOver)
    expect(sessions.verify()).toEqual([])
  })

  /** The operations that meet an expired session. Each is called before the clock is set back. */
  const MEETING: Readonly<Record<string, (sessions: SessionManager) => unknown>> = {
    getSession: (sessions) => sessions.getSession('a'),
    incrementAccess: (sessions) => sessions.incrementAccess('a'),
    incrementAccesses: (sessions) => sessions.incrementAccesses(['a']),
    updateSession: (sessions) => sessions.updateSession('a', 'k', 'v'),
    updateSessions: (sessions) => sessions.updateSessions(['a'], 'k', ['v']),
    changeMetadata: (sessions) => sessions.changeMetadata('a', () => {}),
    touch: (sessions) => sessions.touch('a', 1e9),
    revokeAuthentication: (sessions) => sessions.revokeAuthentication('a'),
    deleteSession: (sessions) => sessions.deleteSession('a'),
    getIds: (sessions) => sessions.getIds(),
    getStats: (sessions) => sessions.getStats(),
    getActiveCount: (sessions) => sessions.getActiveCount(),
    getCleanupQueueSize: (sessions) => sessions.getCleanupQueueSize(),
    runCleanup: (sessions) => sessions.runCleanup(),
  }

  test.each(Object.entries(MEETING))(
    'that is up when %s meets the session stays up when the clock is set back',
    (_, meet) => {
      for (const asks of [0, 3]) {
        const { sessions, memory } = fresh()
        sessions.createSession('u', 'n', { id: 'a', timeToLive: 1000 })
        // After three questions the thread remembers the slot.
        for (let ask = 0; ask < asks; ask++) sessions.getSession('a')
        vi.setSystemTime(START + 1000)
        resultOf(() => meet(sessions))
        vi.setSystemTime(START)
        for (const manager of [sessions, new SessionManager(memory)]) {
          expect(manager.getSession('a')).toBeUndefined()
          expect(manager.getIds()).toEqual([])
          expect(manager.getActiveCount()).toBe(0)
          expect(resultOf(() => manager.incrementAccess('a'))).toBe('ERR_RACELAB_SESSION_NOT_FOUND')
        }
        expect(sessions.verify()).toEqual([])
      }
    },
  )

  test('that is up frees the id at once, also after an operation has met the session', () => {
    const { sessions } = fresh()
    sessions.createSession('old', 'n', { id: 'a', timeToLive: 1 })
    vi.setSystemTime(START + 1)
    expect(sessions.getSession('a')).toBeUndefined()
    sessions.createSession('new', 'n', { id: 'a' })
    expect(sessions.getSession('a')).toMatchObject({ userId: 'new' })
  })

  test('that is not up keeps the id of a deleted session until the clean-up', () => {
    const { sessions } = fresh()
    sessions.createSession('old', 'n', { id: 'a', timeToLive: 1000 })
    sessions.deleteSession('a')
    expect(resultOf(() => sessions.createSession('new', 'n', { id: 'a' }))).toBe('ERR_RACELAB_SESSION_EXISTS')
  })

  test('of a session that no operation has met is counted by the clock as it is', () => {
    const { sessions } = fresh()
    sessions.createSession('u', 'n', { id: 'a', timeToLive: 1000 })
    vi.setSystemTime(START + 1000)
    vi.setSystemTime(START)
    expect(sessions.getSession('a')).toBeDefined()
  })
})

describe('counts begin again at 0 after 4,294,967,295, in every operation', () => {
  const LAST = 2 ** 32 - 1

  function counted(accessCount: number, version: number): Fresh {
    const made = fresh()
    made.sessions.createSession('u', 'n', { id: 'a' })
    const words = new Int32Array(made.memory)
    const record = made.store.records.recordAt(made.store.find('a')!.slot)
    words[record + RECORD.accessCount] = accessCount
    words[record + RECORD.version] = version
    return made
  }

  const COUNTING: Readonly<Record<string, (sessions: SessionManager) => unknown>> = {
    incrementAccess: (sessions) => sessions.incrementAccess('a'),
    incrementAccesses: (sessions) => sessions.incrementAccesses(['a']),
    updateSession: (sessions) => sessions.updateSession('a', 'k', 'v'),
    updateSessions: (sessions) => sessions.updateSessions(['a'], 'k', ['v']),
  }
  const CHANGING: typeof COUNTING = {
    ...COUNTING,
    changeMetadata: (sessions) => sessions.changeMetadata('a', (metadata) => void metadata.set('k', 'v')),
    revokeAuthentication: (sessions) => sessions.revokeAuthentication('a'),
  }

  test.each([2 ** 31 - 2, 2 ** 31 - 1, 2 ** 31, LAST - 1, LAST])('accesses and versions at %d', (last) => {
    const next = last === LAST ? 0 : last + 1
    for (const [name, change] of Object.entries(CHANGING)) {
      for (const asks of [0, 3]) {
        const { sessions } = counted(last, last)
        for (let ask = 0; ask < asks; ask++) sessions.getSession('a')
        const result = change(sessions)
        const accessCount = name in COUNTING ? next : last
        expect(sessions.getSession('a'), name).toMatchObject({ accessCount, version: next })
        if (name === 'incrementAccess') expect(result).toBe(next)
        if (name === 'incrementAccesses') expect(result).toEqual([next])
      }
    }
    const { sessions } = counted(last, last)
    sessions.touch('a', 1000)
    expect(sessions.getSession('a')).toMatchObject({ accessCount: last, version: last })
  })

  test('a row of the last version is taken, and refused with one more', () => {
    const { memory, sessions } = counted(LAST, LAST - 1)
    const data = {
      userId: 'r',
      username: 'n',
      accessCount: LAST,
      isAuthenticated: true,
      lastActivity: 1,
      metadata: new Map(),
    }
    let version = LAST
    const database = { fetch: () => ({ version, data }), store() {}, delete() {}, close() {} }
    const backed = new SessionManager(memory, { database })
    expect(backed.refreshFromDatabase('a')).toBe('applied')
    expect(sessions.getSession('a')).toMatchObject({ userId: 'r', accessCount: LAST, version: LAST })
    version++
    expect(resultOf(() => backed.refreshFromDatabase('a'))).toBe('ERR_RACELAB_NUMBER_RANGE')
  })

  test.each([
    ['cleanedUp', (sessions: SessionManager) => sessions.runCleanup()],
    [
      'failedCleanups',
      (_: SessionManager, memory: SharedArrayBuffer) => new SessionManager(memory, { database: REFUSING }).runCleanup(),
    ],
  ] as const)('the count of the store %s', (name, clean) => {
    for (const [last, next] of [
      [2 ** 31 - 1, 2 ** 31],
      [LAST, 0],
    ] as const) {
      const { sessions, memory, store } = counted(0, 1)
      sessions.deleteSession('a')
      new Int32Array(memory)[store.layout.at.stats + STATS[name]] = last
      expect(sessions.getStats()[name]).toBe(last)
      clean(sessions, memory)
      expect(sessions.getStats()[name]).toBe(next)
    }
  })

  test('failed clean-ups of a session: it becomes a dead letter', () => {
    const { sessions, memory, store } = counted(0, 1)
    new Int32Array(memory)[store.records.recordAt(store.find('a')!.slot) + RECORD.attempts] = 2 ** 31 - 1
    sessions.deleteSession('a')
    expect(new SessionManager(memory, { database: REFUSING }).runCleanup()).toMatchObject({ failed: 1, deadLetters: 1 })
  })

  test('the hand of the clean-up goes on over every slot', () => {
    for (const last of [2 ** 31 - 2, LAST - 2]) {
      const { sessions, memory, store } = counted(0, 1)
      sessions.deleteSession('a')
      new Int32Array(memory)[store.layout.at.stats + STATS.cleanupHand] = last
      // Six slots: at the end of the numbers the clean-up begins again at the first, and misses some until its next round.
      expect(sessions.runCleanup().cleaned + sessions.runCleanup().cleaned).toBe(1)
    }
  })

  test('the sequence of a control word', () => {
    for (const sequence of [2 ** 27 - 1, 2 ** 28 - 1]) {
      const { sessions, memory, store } = counted(0, 1)
      const { slot, control } = store.find('a')!
      const last = withState(sequence << 4, stateOf(control))
      new Int32Array(memory)[store.records.recordAt(slot)] = last
      expect(sessions.incrementAccess('a')).toBe(1)
      expect(store.records.control(slot)).toBe(nextSequence(last, stateOf(control)))
      expect(stateOf(store.records.control(slot))).toBe(stateOf(control))
      expect(sessions.deleteSession('a')).toBe(true)
      sessions.runCleanup()
      sessions.createSession('u', 'n', { id: 'a' })
      expect(sessions.verify()).toEqual([])
    }
  })
})

const REFUSING = {
  fetch: () => undefined,
  store() {},
  delete: () => {
    throw new Error('the row is locked')
  },
  close() {},
}

const NOT_TEXT = 'ERR_RACELAB_NOT_TEXT'
const OPTIONS = 'ERR_RACELAB_OPTIONS'

describe('an argument of the wrong type is refused with a named error, and nothing is changed', () => {
  const given: readonly unknown[] = [
    5,
    null,
    Number.NaN,
    true,
    {},
    [],
    ['a'],
    5n,
    Symbol('a'),
    () => 'a',
    new String('a'),
  ]

  const TEXTS: Readonly<Record<string, (sessions: SessionManager, wrong: never) => unknown>> = {
    'createSession: user id': (sessions, wrong) => sessions.createSession(wrong, 'n'),
    'createSession: user name': (sessions, wrong) => sessions.createSession('u', wrong),
    'createSession: id': (sessions, wrong) => sessions.createSession('u', 'n', { id: wrong }),
    getSession: (sessions, wrong) => sessions.getSession(wrong),
    'updateSession: id': (sessions, wrong) => sessions.updateSession(wrong, 'k', 'v'),
    'updateSession: key': (sessions, wrong) => sessions.updateSession('a', wrong, 'v'),
    'updateSession: value': (sessions, wrong) => sessions.updateSession('a', 'k', wrong),
    'updateSessions: id': (sessions, wrong) => sessions.updateSessions(['a', wrong], 'k', ['v', 'v']),
    'updateSessions: key': (sessions, wrong) => sessions.updateSessions(['a'], wrong, ['v']),
    'updateSessions: value': (sessions, wrong) => sessions.updateSessions(['a', 'a'], 'k', ['v', wrong]),
    changeMetadata: (sessions, wrong) => sessions.changeMetadata(wrong, () => {}),
    incrementAccess: (sessions, wrong) => sessions.incrementAccess(wrong),
    incrementAccesses: (sessions, wrong) => sessions.incrementAccesses(['a', wrong]),
    touch: (sessions, wrong) => sessions.touch(wrong, 1000),
    revokeAuthentication: (sessions, wrong) => sessions.revokeAuthentication(wrong),
    deleteSession: (sessions, wrong) => sessions.deleteSession(wrong),
  }
  test.each(Object.entries(TEXTS))('no text: %s', (_, act) => {
    const { sessions, memory } = withSession()
    const before = bytesBesideNotes(memory)
    for (const wrong of [undefined, ...given]) {
      // Without an id, a session gets one.
      if (wrong === undefined && act === TEXTS['createSession: id']) continue
      expect(resultOf(() => act(sessions, wrong as never))).toBe(NOT_TEXT)
    }
    expect(bytesBesideNotes(memory).equals(before)).toBe(true)
  })

  test.each<[string, (sessions: SessionManager, wrong: never) => unknown, code: string, readonly unknown[]]>([
    [
      'metadata',
      (sessions, wrong) => sessions.createSession('u', 'n', { metadata: wrong }),
      'ERR_RACELAB_NOT_A_MAP',
      given.concat('ab', new Set(['ab']), [[['k', 'v']]]),
    ],
    [
      'time to live',
      (sessions, wrong) => sessions.createSession('u', 'n', { timeToLive: wrong }),
      'ERR_RACELAB_TIME_TO_LIVE',
      given.filter((each) => typeof each !== 'number').concat(0, -1, Number.NaN, '5', -Infinity),
    ],
    [
      'time to live of touch',
      (sessions, wrong) => sessions.touch('a', wrong),
      'ERR_RACELAB_TIME_TO_LIVE',
      given.filter((each) => typeof each !== 'number').concat(0, -1, Number.NaN, undefined),
    ],
    [
      'isAuthenticated',
      (sessions, wrong) => sessions.createSession('u', 'n', { isAuthenticated: wrong }),
      OPTIONS,
      given.filter((each) => each !== true).concat('false', 0, 1),
    ],
    [
      'change',
      (sessions, wrong) => sessions.changeMetadata('a', wrong),
      'ERR_RACELAB_NOT_A_FUNCTION',
      given.filter((each) => typeof each !== 'function'),
    ],
    [
      'what a change returns',
      (sessions, wrong) => sessions.changeMetadata('a', () => wrong),
      'ERR_RACELAB_TIME_TO_LIVE',
      [5, true, {}, [], 'a', Promise.resolve()],
    ],
    [
      'ids',
      (sessions, wrong) => sessions.incrementAccesses(wrong),
      'ERR_RACELAB_BATCH',
      [5, null, undefined, 'ab', {}, new Set(['a'])],
    ],
    [
      'values',
      (sessions, wrong) => sessions.updateSessions(['a'], 'k', wrong),
      'ERR_RACELAB_BATCH',
      [5, null, undefined, 'v', {}, [], ['v', 'v']],
    ],
    ['limit', (sessions, wrong) => sessions.runCleanup({ limit: wrong }), OPTIONS, [null, Number.NaN, -1, '5', {}, 5n]],
    ['look', (sessions, wrong) => sessions.runCleanup({ look: wrong }), OPTIONS, [null, Number.NaN, -1, '5', {}, 5n]],
    [
      'mostAttempts',
      (sessions, wrong) => sessions.runCleanup({ mostAttempts: wrong }),
      OPTIONS,
      [null, Number.NaN, -1, '5', {}, 5n],
    ],
    [
      'thread',
      (sessions, wrong) => sessions.recover(wrong),
      'ERR_RACELAB_THREAD',
      given.concat(undefined, -1, 0.5, '1'),
    ],
    ['worker', (sessions, wrong) => sessions.attend(wrong), 'ERR_RACELAB_THREAD', given.concat(undefined)],
  ])('%s', (_, act, code, wrongs) => {
    const { sessions, memory } = withSession()
    const before = bytesBesideNotes(memory)
    // The number 5 is an id that a thread may have.
    const all = code === 'ERR_RACELAB_THREAD' ? wrongs.filter((wrong) => wrong !== 5) : wrongs
    for (const wrong of all)
      expect(
        resultOf(() => act(sessions, wrong as never)),
        typeof wrong,
      ).toBe(code)
    expect(bytesBesideNotes(memory).equals(before)).toBe(true)
  })

  test.each([null, Number.NaN, -1, '5'])('a patience of %o', (patience) => {
    expect(resultOf(() => new SessionManager(fresh().memory, { patience: patience as never }))).toBe(OPTIONS)
  })

  test.each([null, 5, {}, { fetch() {}, store() {} }])('a database that is %o', (database) => {
    expect(resultOf(() => new SessionManager(fresh().memory, { database: database as never }))).toBe(
      'ERR_RACELAB_NOT_A_FUNCTION',
    )
  })

  test('a row', () => {
    const { memory } = withSession()
    const before = bytesBesideNotes(memory)
    const data = {
      userId: 'u',
      username: 'n',
      accessCount: 0,
      isAuthenticated: true,
      lastActivity: 0,
      metadata: new Map(),
    }
    const refreshed = (wrong: object) => {
      const fetch = () => ({ version: 9, data: { ...data, ...wrong } })
      return resultOf(() => new SessionManager(memory, { database: { ...REFUSING, fetch } }).refreshFromDatabase('a'))
    }
    expect(refreshed({ metadata: { k: 'v' } })).toBe('ERR_RACELAB_NOT_A_MAP')
    expect(refreshed({ metadata: new Map([['k', 5]]) })).toBe(NOT_TEXT)
    expect(refreshed({ userId: 5 })).toBe(NOT_TEXT)
    for (const lastActivity of [Number.NaN, Infinity, 1e300, '5', null])
      expect(refreshed({ lastActivity })).toBe('ERR_RACELAB_NUMBER_RANGE')
    expect(bytesBesideNotes(memory).equals(before)).toBe(true)
  })

  test('text that is too long for any store', () => {
    const { sessions, memory } = withSession()
    const before = bytesBesideNotes(memory)
    const huge = 'x'.repeat(2 ** 24)
    expect(sessions.getSession(huge)).toBeUndefined()
    for (const act of [
      () => sessions.createSession(huge, 'n'),
      () => sessions.createSession('u', huge),
      () => sessions.createSession('u', 'n', { id: huge }),
      () => sessions.createSession('u', 'n', { metadata: new Map([['k', huge]]) }),
      () => sessions.updateSession('a', huge, 'v'),
      () => sessions.updateSession('a', 'k', huge),
      () => sessions.changeMetadata('a', (metadata) => void metadata.set('k', huge)),
    ])
      expect(resultOf(act)).toBe('ERR_RACELAB_TEXT_TOO_LONG')
    expect(bytesBesideNotes(memory).equals(before)).toBe(true)
  })
})

test('unpaired surrogates are text like any other', () => {
  const { sessions } = fresh()
  const id = sessions.createSession('\ud800', '\udfff', {
    id: '\udc00\ud800',
    metadata: new Map([['\ud8ff', '\udcff']]),
  })
  sessions.updateSession(id, '\ud8fe', '\udcfe')
  expect(sessions.getSession('\udc00\ud800')).toMatchObject({
    userId: '\ud800',
    username: '\udfff',
    metadata: new Map([
      ['\ud8ff', '\udcff'],
      ['\ud8fe', '\udcfe'],
    ]),
  })
})

function withSession(): Fresh {
  const made = fresh()
  made.sessions.createSession('u', 'n', { id: 'a' })
  return made
}

describe('the store for express-session refuses with a named error', () => {
  const NOT_A_SESSION = 'ERR_RACELAB_NOT_A_SESSION'

  function shared() {
    const { memory, sessions } = fresh()
    const store = new SharedMemoryStore(memory)
    store.set('there', { cookie: {}, n: 1 } as never)
    return { memory, sessions, store }
  }
  const cyclic: Record<string, unknown> = {}
  cyclic['self'] = cyclic

  test.each([
    ['a number', 5],
    ['null', null],
    ['undefined', undefined],
    ['text', 'text'],
    ['a list', [1]],
    ['a function', () => {}],
    ['a BigInt inside', { cookie: {}, n: 5n }],
    ['itself inside', cyclic],
    ['JSON that is text', { toJSON: () => 'text' }],
    ['no JSON', { toJSON: () => undefined }],
    [
      'JSON that throws',
      {
        toJSON() {
          throw new Error('no')
        },
      },
    ],
  ])('a session that is or has %s, and changes nothing', async (_, session) => {
    const { memory, store } = shared()
    const before = bytesIn(memory)
    for (const id of ['new', 'there']) {
      expect(resultOf(() => store.set(id, session as never))).toBe(NOT_A_SESSION)
      await expect(new Promise((done) => store.set(id, session as never, done))).resolves.toMatchObject({
        code: NOT_A_SESSION,
      })
    }
    if (typeof session !== 'object' || session === null) {
      expect(resultOf(() => store.touch('there', session as never))).toBe(NOT_A_SESSION)
      expect(resultOf(() => store.createSession({} as never, session as never))).toBe(NOT_A_SESSION)
    }
    expect(bytesIn(memory).equals(before)).toBe(true)
  })

  test.each([5, null, undefined, {}, 5n])('an id that is %o', (id) => {
    const { memory, store } = shared()
    const before = bytesIn(memory)
    const session = { cookie: {} } as never
    for (const act of [
      () => store.set(id as never, session),
      () => store.touch(id as never, session),
      () => store.destroy(id as never),
    ])
      expect(resultOf(act)).toBe(NOT_TEXT)
    expect(bytesIn(memory).equals(before)).toBe(true)
  })

  test('a session without a cookie when a request is to have it, and options that are no functions', () => {
    const { memory, store } = shared()
    expect(() => store.createSession({} as never, {} as never)).toThrow('The session has a cookie of type Undefined')
    for (const options of [{ resolve: 5 }, { isLoggedIn: 5 }])
      expect(resultOf(() => new SharedMemoryStore(memory, options as never))).toBe(OPTIONS)
  })

  test('texts in the memory that are not JSON', async () => {
    const { sessions, store } = shared()
    sessions.updateSession('there', 'cookie', '{')
    for (const ask of [
      (done: (error: unknown) => void) => store.get('there', done),
      (done: (error: unknown) => void) => store.all(done),
    ])
      await expect(new Promise(ask)).resolves.toMatchObject({ code: 'ERR_RACELAB_CORRUPT_STORE' })
    // A session is replaced as a whole, so this mends it.
    store.set('there', { cookie: {}, n: 2 } as never)
    expect(sessions.getSession('there')!.metadata.get('n')).toBe('2')
  })
})
