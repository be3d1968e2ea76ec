/** Overlapping requests of one user: each has read the session before the others wrote it. */
import { fc, test as propertyTest } from '@fast-check/vitest'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { SharedMemoryStore } from '../../../src/store/express/index.ts'
import { addNumbers } from '../../../src/store/express/index.ts'
import type { Resolve } from '../../../src/store/express/index.ts'
import { FULL, TOO_LONG, bytesIn, resultOf } from '../stores.ts'
import { COOKIE, clear, destroy, get, read, set, shared, touch } from './stores.ts'
import type { Plain, Shared } from './stores.ts'

afterEach(() => {
  vi.useRealTimers()
})

/** Returns a store with one session, and two requests that have read it. */
async function overlapping(session: Plain, resolve?: Resolve): Promise<Shared & { one: Plain; two: Plain }> {
  const made = shared(resolve && { resolve })
  await set(made.store, 'a', { cookie: COOKIE, ...session })
  return { ...made, one: await read(made.store, 'a'), two: await read(made.store, 'a') }
}

/** Returns the session without its cookie. */
async function kept(store: SharedMemoryStore): Promise<Plain> {
  const { cookie: _, ...rest } = await read(store, 'a')
  return rest
}

describe('changes of different keys', () => {
  test('are all kept, whichever request ends last', async () => {
    for (const order of [[0, 1] as const, [1, 0] as const]) {
      const { store, one, two } = await overlapping({ old: 1 })
      one['basket'] = ['book']
      two['theme'] = 'dark'
      for (const which of order) await set(store, 'a', [one, two][which]!)
      expect(await kept(store)).toEqual({ old: 1, basket: ['book'], theme: 'dark' })
    }
  })

  test('are all kept, removals included', async () => {
    const { store, one, two } = await overlapping({ guest: true, draft: 'x', old: 1 })
    delete one['guest']
    two['draft'] = undefined
    await set(store, 'a', one)
    await set(store, 'a', two)
    expect(await kept(store)).toEqual({ old: 1 })
  })

  test('are not undone by a request that changed nothing, or that changed a key and restored it', async () => {
    const { store, one, two } = await overlapping({ n: 1 })
    one['n'] = 2
    two['n'] = 3
    two['n'] = 1
    await set(store, 'a', one)
    await set(store, 'a', two)
    expect(await kept(store)).toEqual({ n: 2 })
  })

  test('inside one value are not merged: the value of a key comes from one request', async () => {
    const { store, one, two } = await overlapping({ address: { street: 'Elm', city: 'Ulm' } })
    one['address'] = { street: 'Oak', city: 'Ulm' }
    two['address'] = { street: 'Elm', city: 'Bonn' }
    await set(store, 'a', one)
    await set(store, 'a', two)
    expect(await kept(store)).toEqual({ address: { street: 'Elm', city: 'Bonn' } })
  })

  test('are applied once, even if a request saves several times', async () => {
    const { store, one, two } = await overlapping({ n: 1 })
    one['mine'] = 1
    await set(store, 'a', one)
    two['n'] = 2
    two['mine'] = 'theirs'
    await set(store, 'a', two)
    one['more'] = 1
    await set(store, 'a', one)
    expect(await kept(store)).toEqual({ n: 2, mine: 'theirs', more: 1 })
  })
})

describe('a key that both requests changed', () => {
  test('is what the last one wrote', async () => {
    const { store, one, two } = await overlapping({ theme: 'grey' })
    one['theme'] = 'dark'
    two['theme'] = 'light'
    await set(store, 'a', two)
    await set(store, 'a', one)
    expect(await kept(store)).toEqual({ theme: 'dark' })
  })

  test.each([
    ['changed', 2, 3, [2, 3, 1]],
    ['changed in the same way', 2, 2, [2, 2, 1]],
    ['removed and changed', undefined, 3, [undefined, 3, 1]],
    ['changed and removed', 2, undefined, [2, undefined, 1]],
  ])('and was %s is the resolver’s to decide', async (_, first, second, [theirs, mine, base]) => {
    const resolve = vi.fn<Resolve>(() => ({ decided: true }))
    const { store, one, two } = await overlapping({ key: 1, other: 1 }, resolve)
    one['key'] = first
    two['key'] = second
    one['other'] = 2
    await set(store, 'a', one)
    expect(resolve).not.toHaveBeenCalled()
    await set(store, 'a', two)
    expect(resolve.mock.calls).toEqual([['key', theirs, mine, base]])
    expect(await kept(store)).toEqual({ key: { decided: true }, other: 2 })
  })

  test('is removed if the resolver returns undefined', async () => {
    const { store, one, two } = await overlapping({ key: 1 }, () => undefined)
    one['key'] = 2
    two['key'] = 3
    await set(store, 'a', one)
    await set(store, 'a', two)
    expect(await kept(store)).toEqual({})
  })

  test('is unchanged if the resolver throws, as is the whole session: the error goes to the callback', async () => {
    const { store, memory, one, two } = await overlapping({ key: 1 }, (key) => {
      throw new Error(`cannot decide about ${key}`)
    })
    one['key'] = 2
    Object.assign(two, { key: 3, more: 1 })
    await set(store, 'a', one)
    const before = bytesIn(memory)
    await expect(set(store, 'a', two)).rejects.toThrow('cannot decide about key')
    expect(bytesIn(memory).equals(before)).toBe(true)
  })

  test('is resolved again with the new value, if another write comes in between', async () => {
    const seen: unknown[] = []
    const { store, sessions, one, two } = await overlapping({ n: 1 }, (_, theirs, mine, base) => {
      if (seen.push(theirs) === 1) sessions.updateSession('a', 'n', '10')
      return addNumbers('n', theirs, mine, base)
    })
    one['n'] = 2
    two['n'] = 2
    await set(store, 'a', one)
    await set(store, 'a', two)
    expect(seen).toEqual([2, 10])
    expect(await kept(store)).toEqual({ n: 11 })
  })

  test('and is a counter is added up by addNumbers, also over several saves of one request', async () => {
    const { store, one, two } = await overlapping({ n: 5 }, addNumbers)
    one['n'] = 6
    await set(store, 'a', one)
    two['n'] = 7
    two['began'] = 1
    await set(store, 'a', two)
    one['n'] = 9
    one['began'] = 1
    await set(store, 'a', one)
    expect(await kept(store)).toEqual({ n: 5 + 4 + 2, began: 2 })
  })
})

describe('a session that is gone', () => {
  const ends: [string, (made: Shared) => Promise<unknown> | void][] = [
    ['destroyed', ({ store }) => destroy(store, 'a')],
    ['cleared', ({ store }) => clear(store)],
    ['deleted through the manager', ({ sessions }) => void sessions.deleteSession('a')],
    ['expired', ({ sessions }) => sessions.touch('a', Number.MIN_VALUE)],
    [
      'cleaned up',
      ({ sessions }) => {
        sessions.deleteSession('a')
        sessions.runCleanup()
      },
    ],
  ]
  test.each(ends)('because it was %s does not come back when a request that read it ends', async (_, end) => {
    const made = await overlapping({ n: 1 })
    await end(made)
    made.one['n'] = 2
    await set(made.store, 'a', made.one)
    await touch(made.store, 'a', made.one)
    await set(made.store, 'a', made.one)
    expect((await get(made.store, 'a')) ?? null).toBe(null)
    expect(made.sessions.getActiveCount()).toBe(0)
  })

  test('is not mistaken for a new session with the same id', async () => {
    const { store, one } = await overlapping({ n: 1 })
    await destroy(store, 'a')
    await set(store, 'a', { cookie: COOKIE, owner: 'somebody else' })
    one['stolen'] = true
    await set(store, 'a', one)
    await touch(store, 'a', one)
    expect(await kept(store)).toEqual({ owner: 'somebody else' })
  })
})

describe('the cookie', () => {
  const NOW = 1_000_000_000_000
  const cookie = (seconds: number, more = {}) => ({
    ...COOKIE,
    originalMaxAge: 60_000,
    expires: new Date(NOW + seconds * 1000).toISOString(),
    ...more,
  })

  async function twoRequests() {
    vi.useFakeTimers({ now: NOW, toFake: ['Date'] })
    return overlapping({ cookie: cookie(60) }, () => 'never asked about the cookie')
  }

  test.each([
    ['set', set],
    ['touch', touch],
  ])('that only expires later never comes to expire earlier, by %s', async (_, write) => {
    const { store, one, two } = await twoRequests()
    one['cookie'] = cookie(61)
    two['cookie'] = cookie(62)
    await write(store, 'a', two)
    await write(store, 'a', one)
    expect(await read(store, 'a')).toEqual({ cookie: cookie(62) })
    vi.setSystemTime(NOW + 61_999)
    expect(await get(store, 'a')).toBeDefined()
    vi.setSystemTime(NOW + 62_000)
    expect(await get(store, 'a')).toBeUndefined()
  })

  test.each([
    ['set', set],
    ['touch', touch],
  ])('whose settings one request changed keeps them when another only moves the expiry, by %s', async (_, write) => {
    const { store, one, two } = await twoRequests()
    const shortened = cookie(10, { originalMaxAge: 10_000 })
    one['cookie'] = shortened
    two['cookie'] = cookie(61)
    await set(store, 'a', one)
    await write(store, 'a', two)
    expect(await read(store, 'a')).toEqual({ cookie: shortened })
  })

  test('is that of the last request if both changed its settings', async () => {
    const { store, one, two } = await twoRequests()
    one['cookie'] = cookie(9000, { originalMaxAge: 9_000_000 })
    two['cookie'] = cookie(10, { originalMaxAge: 10_000 })
    await set(store, 'a', one)
    await set(store, 'a', two)
    expect(await read(store, 'a')).toEqual({ cookie: cookie(10, { originalMaxAge: 10_000 }) })
  })

  test('without an expiry gives the session the store’s time to live after each set and touch', async () => {
    vi.useFakeTimers({ now: NOW, toFake: ['Date'] })
    const { store } = shared({ ttl: 1000 })
    await set(store, 'a', { cookie: COOKIE })
    vi.setSystemTime(NOW + 999)
    const mine = await read(store, 'a')
    await touch(store, 'a', mine)
    vi.setSystemTime(NOW + 1998)
    await set(store, 'a', mine)
    vi.setSystemTime(NOW + 2997)
    expect(await read(store, 'a')).toEqual({ cookie: COOKIE })
    vi.setSystemTime(NOW + 2998)
    expect(await get(store, 'a')).toBeUndefined()
  })
})

test.each([0, -1, Number.NaN, '5000' as never])('a time to live of %o is refused', (ttl) => {
  expect(resultOf(() => shared({ ttl }))).toBe('ERR_RACELAB_TIME_TO_LIVE')
})

describe('a session that does not fit is a named error in the callback, and nothing is lost', () => {
  test('a session that has become too large', async () => {
    const { store, memory, one } = await overlapping({ n: 1 })
    const before = bytesIn(memory)
    one['long'] = 'x'.repeat(5000)
    await expect(set(store, 'a', one)).rejects.toMatchObject({ code: TOO_LONG })
    expect(bytesIn(memory).equals(before)).toBe(true)
    // When the session is small enough, all changes of the request arrive.
    Object.assign(one, { n: 2, long: 'short' })
    await set(store, 'a', one)
    expect(await kept(store)).toEqual({ n: 2, long: 'short' })
  })

  test('a new session that is too large, or has too long an id', async () => {
    const { store, sessions } = shared()
    await expect(set(store, 'a', { cookie: COOKIE, x: 'x'.repeat(5000) })).rejects.toMatchObject({ code: TOO_LONG })
    await expect(set(store, 'a'.repeat(200), { cookie: COOKIE })).rejects.toMatchObject({ code: TOO_LONG })
    expect(sessions.getActiveCount()).toBe(0)
  })

  test('a session that has no JSON', async () => {
    const { store, one } = await overlapping({ n: 1 })
    one['self'] = one
    await expect(set(store, 'a', one)).rejects.toMatchObject({ code: 'ERR_RACELAB_NOT_A_SESSION' })
    expect(await kept(store)).toEqual({ n: 1 })
  })

  test('one session more than the capacity', async () => {
    const { store } = shared({}, { capacity: 2 })
    for (const id of ['a', 'b']) await set(store, id, { cookie: COOKIE, id })
    await expect(set(store, 'c', { cookie: COOKIE })).rejects.toMatchObject({ code: FULL })
    const mine = await read(store, 'a')
    mine['n'] = 1
    await set(store, 'a', mine)
    expect(await kept(store)).toEqual({ id: 'a', n: 1 })
  })

  test('and without a callback it is thrown', () => {
    const { store } = shared()
    expect(resultOf(() => store.set('a', { cookie: COOKIE, x: 'x'.repeat(5000) } as never))).toBe(TOO_LONG)
  })
})

test('the capacity of destroyed and expired sessions is used again without an explicit clean-up', async () => {
  vi.useFakeTimers({ now: 1_000_000, toFake: ['Date'] })
  const { store } = shared({ ttl: 1000 }, { capacity: 2 })
  for (let round = 0; round < 5; round++) {
    await set(store, `destroyed ${round}`, { cookie: COOKIE })
    await set(store, `expired ${round}`, { cookie: COOKIE })
    await destroy(store, `destroyed ${round}`)
    vi.setSystemTime(Date.now() + 1000)
  }
})

test('an id is free again at once, however many other sessions wait for the clean-up', async () => {
  const { store, sessions } = shared({}, { capacity: 1000 })
  const ids = Array.from({ length: 900 }, (_, number) => `${number}`)
  for (const id of ids) await set(store, id, { cookie: COOKIE })
  await clear(store)
  await set(store, '450', { cookie: COOKIE, n: 1 })
  expect(await read(store, '450')).toEqual({ cookie: COOKIE, n: 1 })
  expect(sessions.getStats()).toMatchObject({ activeSessions: 1, cleanupQueueSize: 0 })
})

/** The changes of one request between its read and its write: for each key a value, or none to remove it. */
const changes = fc.dictionary(
  fc.constantFrom('a', 'b', 'c', '__proto__'),
  fc.option(fc.jsonValue(), { nil: undefined }),
  {
    maxKeys: 3,
  },
)

propertyTest.prop([changes, fc.array(changes, { minLength: 1, maxLength: 5 }), fc.infiniteStream(fc.nat(4))])(
  'whatever requests change and whichever ends last, each key is as the last request left it that changed it',
  async (start, requests, picks) => {
    // Some of the values are long.
    const { store } = shared({}, { metadataBytes: 60_000 })
    await set(store, 'a', { cookie: COOKIE, ...start })
    const began = textsOf(await kept(store))
    const open = await Promise.all(requests.map(async (change) => ({ mine: await read(store, 'a'), change })))
    const model = new Map(began)
    while (open.length > 0) {
      const [{ mine, change }] = open.splice(picks.next().value! % open.length, 1) as [(typeof open)[0]]
      for (const [key, value] of Object.entries(change)) {
        // Defines an own property, even for a name such as __proto__.
        Object.defineProperty(mine, key, { value, enumerable: true, configurable: true, writable: true })
        const text = JSON.stringify(value) as string | undefined
        if (text === began.get(key)) continue
        if (text === undefined) model.delete(key)
        else model.set(key, text)
      }
      await set(store, 'a', mine)
    }
    expect(textsOf(await kept(store))).toEqual(model)
  },
)

function textsOf(session: Plain): Map<string, string> {
  return new Map(Object.entries(session).map(([key, value]) => [key, JSON.stringify(value)]))
}
