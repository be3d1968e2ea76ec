/**
 * Tests that every store for express-session must pass, run on its MemoryStore and on SharedMemoryStore. They follow the section
 * "Session Store Implementation" of express-session's README, and what MemoryStore does to the values of a session.
 */
import { EventEmitter } from 'node:events'
import session, { MemoryStore, Store } from 'express-session'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { COOKIE, all, clear, destroy, get, length, read, set, shared, touch } from './stores.ts'

const DAY = 86_400_000

describe.each([
  ['MemoryStore', () => new MemoryStore()],
  ['SharedMemoryStore', () => shared().store],
])('%s', (_, create: () => Store) => {
  let store: Store

  beforeEach(() => {
    vi.useFakeTimers({ now: 1_700_000_000_000, toFake: ['Date'] })
    store = create()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('is an EventEmitter and a Store', () => {
    expect(store).toBeInstanceOf(EventEmitter)
    expect(store).toBeInstanceOf(Store)
  })

  test('calls back after the call has returned, never within it', async () => {
    const order: string[] = []
    await new Promise<void>((resolve) => {
      store.set('a', { cookie: new session.Cookie() }, () => {
        order.push('set')
        resolve()
      })
      order.push('returned')
    })
    expect(order).toEqual(['returned', 'set'])
  })

  test('works without a callback in the methods that report nothing', async () => {
    store.set('a', { cookie: new session.Cookie() })
    store.touch!('a', { cookie: new session.Cookie() })
    expect(await length(store)).toBe(1)
    store.destroy('a')
    store.clear!()
    expect(await length(store)).toBe(0)
  })

  describe('get', () => {
    test('of a session that was never set calls back with neither an error nor a session', async () => {
      expect((await get(store, 'nobody')) ?? null).toBe(null)
    })

    test.each(['', 'ü', '\u{1f36a}', '__proto__', 'toString', 'x'.repeat(200), 'ü\u0100'.repeat(100)])(
      'of the strange id %j finds nothing and is no error',
      async (id) => {
        expect((await get(store, id)) ?? null).toBe(null)
      },
    )

    test('of a session that was set calls back with an equal session, a new object each time', async () => {
      await set(store, 'a', { cookie: COOKIE, user: { name: 'alice', roles: ['admin'] } })
      const [one, two] = [await read(store, 'a'), await read(store, 'a')]
      expect(one).toEqual({ cookie: COOKIE, user: { name: 'alice', roles: ['admin'] } })
      expect(two).toEqual(one)
      expect(two).not.toBe(one)
      expect(two['user']).not.toBe(one['user'])
    })

    test('does not see changes of the object that was set, or of one that an earlier get returned', async () => {
      const mine = { cookie: COOKIE, list: [1] }
      await set(store, 'a', mine)
      mine.list.push(2)
      ;((await read(store, 'a'))['list'] as number[]).push(3)
      expect((await read(store, 'a'))['list']).toEqual([1])
    })
  })

  describe('set', () => {
    test('replaces the whole session if the given one is new', async () => {
      await set(store, 'a', { cookie: COOKIE, old: 1 })
      await set(store, 'a', { cookie: COOKIE, new: 2 })
      expect(await read(store, 'a')).toEqual({ cookie: COOKIE, new: 2 })
      expect(await length(store)).toBe(1)
    })

    test('of a session that was read changes, adds and removes keys', async () => {
      await set(store, 'a', { cookie: COOKIE, kept: 1, changed: 1, removed: 1, undefined: 1 })
      const mine = await read(store, 'a')
      Object.assign(mine, { changed: 2, added: 1, undefined: undefined })
      delete mine['removed']
      await set(store, 'a', mine)
      expect(await read(store, 'a')).toEqual({ cookie: COOKIE, kept: 1, changed: 2, added: 1 })
    })

    test('several times with one object leaves the session as it was the last time', async () => {
      const mine: Record<string, unknown> = { cookie: COOKIE, n: 1 }
      await set(store, 'a', mine)
      mine['n'] = 2
      await set(store, 'a', mine)
      delete mine['n']
      await set(store, 'a', mine)
      expect(await read(store, 'a')).toEqual({ cookie: COOKIE })
    })

    test('of one session under another id makes a second one', async () => {
      await set(store, 'a', { cookie: COOKIE, n: 1 })
      await set(store, 'b', await read(store, 'a'))
      expect(await all(store)).toEqual({ a: { cookie: COOKIE, n: 1 }, b: { cookie: COOKIE, n: 1 } })
    })

    test.each([
      ['a date becomes its text', new Date(0), '1970-01-01T00:00:00.000Z'],
      ['a date that is none becomes null', new Date(Number.NaN), null],
      ['what has toJSON becomes what that returns', { toJSON: (key: string) => `made for ${key}` }, 'made for value'],
      ['numbers that are none become null', [Number.NaN, Infinity, -0], [null, null, 0]],
      ['nothing in a list becomes null', [undefined, () => 1, Symbol('s')], [null, null, null]],
      ['a Map becomes an empty object', new Map([[1, 2]]), {}],
      ['bytes become what Buffer makes of them', Buffer.from('a'), { type: 'Buffer', data: [97] }],
      ['an instance becomes a plain object', new (class { x = 1 })(), { x: 1 }], // prettier-ignore
      ['null stays', null, null],
      ['booleans stay', [true, false], [true, false]],
      ['texts stay, unpaired surrogates included', '\ud800 "quoted" \n ü \u{1f36a}', '\ud800 "quoted" \n ü \u{1f36a}'],
      ['depth stays', { a: { b: { c: [{ d: 1 }] } } }, { a: { b: { c: [{ d: 1 }] } } }],
    ])('keeps values as JSON does: %s', async (_, value, kept) => {
      await set(store, 'a', { cookie: COOKIE, value })
      expect(await read(store, 'a')).toEqual({ cookie: COOKIE, value: kept })
    })

    test.each([undefined, () => 1, Symbol('s')])('does not keep a key whose value has no JSON: %s', async (value) => {
      await set(store, 'a', { cookie: COOKIE, value })
      expect(Object.keys(await read(store, 'a'))).toEqual(['cookie'])
    })

    test('keeps a key of any name', async () => {
      const odd = JSON.parse('{ "": 1, "__proto__": 2, "toString": 3, "a.b": 4, "ключ": 5, "0": 6 }') as object
      await set(store, 'a', { cookie: COOKIE, ...odd, ['__proto__']: 2 })
      const kept = await read(store, 'a')
      expect(new Set(Object.entries(kept))).toEqual(new Set(Object.entries({ cookie: COOKIE, ...odd })))
    })
  })

  describe('destroy', () => {
    test('takes the session out and calls back without an error', async () => {
      await set(store, 'a', { cookie: COOKIE })
      await destroy(store, 'a')
      expect((await get(store, 'a')) ?? null).toBe(null)
      expect(await length(store)).toBe(0)
    })

    test('of a session that is not there is no error', async () => {
      await destroy(store, 'nobody')
    })

    test('frees the id for a new session', async () => {
      for (let round = 0; round < 3; round++) {
        await set(store, 'a', { cookie: COOKIE, round })
        expect(await read(store, 'a')).toEqual({ cookie: COOKIE, round })
        await destroy(store, 'a')
      }
    })
  })

  describe('all, length and clear', () => {
    test('list, count and remove all sessions', async () => {
      expect(await all(store)).toEqual({})
      for (const id of ['a', 'b', 'c']) await set(store, id, { cookie: COOKIE, id })
      expect(Object.keys(await all(store)).sort()).toEqual(['a', 'b', 'c'])
      expect((await all(store))['b']).toEqual({ cookie: COOKIE, id: 'b' })
      expect(await length(store)).toBe(3)
      await clear(store)
      expect(await all(store)).toEqual({})
      expect(await length(store)).toBe(0)
    })

    test('leave out expired sessions', async () => {
      await set(store, 'a', { cookie: { ...COOKIE, expires: new Date(Date.now() + 1000) } })
      await set(store, 'b', { cookie: COOKIE })
      vi.setSystemTime(Date.now() + 1000)
      expect(await all(store)).toEqual({ b: { cookie: COOKIE } })
      expect(await length(store)).toBe(1)
    })
  })

  describe('expiry', () => {
    test.each([
      ['a Date', (time: number) => new Date(time)],
      ['a text', (time: number) => new Date(time).toISOString()],
    ])('a session with a cookie that expires, as %s, is there until then and gone from then on', async (_, as) => {
      const expires = Date.now() + 1000
      await set(store, 'a', { cookie: { ...COOKIE, expires: as(expires) } })
      vi.setSystemTime(expires - 1)
      expect(await read(store, 'a')).toEqual({ cookie: { ...COOKIE, expires: new Date(expires).toISOString() } })
      vi.setSystemTime(expires)
      expect((await get(store, 'a')) ?? null).toBe(null)
    })

    test('a session whose cookie has expired already is not there once it is set', async () => {
      await set(store, 'a', { cookie: COOKIE })
      await set(store, 'a', { cookie: { ...COOKIE, expires: new Date(Date.now() - DAY) } })
      expect((await get(store, 'a')) ?? null).toBe(null)
    })

    test('a session whose expiry was changed expires by the new one', async () => {
      await set(store, 'a', { cookie: { ...COOKIE, expires: new Date(Date.now() + 1000) } })
      const mine = await read(store, 'a')
      mine['cookie'] = { ...COOKIE, originalMaxAge: 5000, expires: new Date(Date.now() + 5000) }
      await set(store, 'a', mine)
      vi.setSystemTime(Date.now() + 4999)
      expect((await read(store, 'a'))['cookie']).toMatchObject({ originalMaxAge: 5000 })
    })
  })

  describe('touch', () => {
    test('moves the expiry to that of the given cookie, and changes nothing else', async () => {
      await set(store, 'a', { cookie: { ...COOKIE, expires: new Date(Date.now() + 1000) }, n: 1 })
      const expires = new Date(Date.now() + 5000)
      await touch(store, 'a', { cookie: { ...COOKIE, expires }, n: 2, more: 3 })
      vi.setSystemTime(Date.now() + 4999)
      expect(await read(store, 'a')).toEqual({ cookie: { ...COOKIE, expires: expires.toISOString() }, n: 1 })
    })

    test('of a session that is not there, or was destroyed, is no error and creates nothing', async () => {
      await touch(store, 'nobody', { cookie: COOKIE })
      await set(store, 'a', { cookie: COOKIE })
      const mine = await read(store, 'a')
      await destroy(store, 'a')
      await touch(store, 'a', mine)
      expect(await length(store)).toBe(0)
    })
  })

  describe('createSession, load and generate', () => {
    test('load makes a Session, with its id, its values and a real Cookie', async () => {
      const expires = new Date(Date.now() + 60_000)
      await set(store, 'a', { cookie: { ...COOKIE, originalMaxAge: 60_000, expires }, n: 1 })
      const loaded = await new Promise<session.Session | undefined>((resolve) => {
        store.load('a', (_, found) => resolve(found as session.Session | undefined))
      })
      expect(loaded).toBeInstanceOf(session.Session)
      expect(loaded!.id).toBe('a')
      expect(loaded).toMatchObject({ n: 1 })
      expect(loaded!.cookie).toBeInstanceOf(session.Cookie)
      expect(loaded!.cookie.expires).toEqual(expires)
      expect(loaded!.cookie.originalMaxAge).toBe(60_000)
      expect(loaded!.cookie.maxAge).toBe(60_000)
    })

    test('load of a session that is not there calls back with undefined', async () => {
      const [error, found] = await new Promise<unknown[]>((resolve) => {
        store.load('nobody', (...results) => resolve(results))
      })
      expect([error ?? null, found ?? null]).toEqual([null, null])
    })
  })
})
