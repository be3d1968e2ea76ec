/** A full store for express-session: who gives way, and how the store knows who has logged in. */
import { expect, test, vi } from 'vitest'
import { OptionsError } from '../../../src/store/errors.ts'
import { evictAnonymous } from '../../../src/store/express/index.ts'
import type { SharedMemoryStoreOptions } from '../../../src/store/express/index.ts'
import { FULL } from '../stores.ts'
import { COOKIE, clear, destroy, get, read, set, shared, touch } from './stores.ts'
import type { Plain } from './stores.ts'

const isLoggedIn: SharedMemoryStoreOptions['isLoggedIn'] = (session) =>
  (session as unknown as Plain)['user'] !== undefined

test('a session counts as logged in by what set has written of it, merged or whole', async () => {
  const { store, sessions } = shared({ isLoggedIn })
  const isUser = () => sessions.getSession('a')!.isAuthenticated
  await set(store, 'a', { cookie: COOKIE })
  expect(isUser()).toBe(false)
  const [mine, theirs] = [await read(store, 'a'), await read(store, 'a')]
  theirs['user'] = 'alice'
  await set(store, 'a', theirs)
  expect(isUser()).toBe(true)
  // This request does not know of the user, and does not log her out.
  mine['theme'] = 'dark'
  await set(store, 'a', mine)
  expect(isUser()).toBe(true)
  await touch(store, 'a', mine)
  expect(isUser()).toBe(true)
  const last = await read(store, 'a')
  delete last['user']
  await set(store, 'a', last)
  expect(isUser()).toBe(false)
  await set(store, 'a', { cookie: COOKIE, user: 'bob' })
  expect(isUser()).toBe(true)
  await set(store, 'b', { cookie: COOKIE, user: 'carol' })
  expect(sessions.getSession('b')!.isAuthenticated).toBe(true)
})

test('without isLoggedIn no session counts as logged in', async () => {
  const { store, sessions } = shared()
  await set(store, 'a', { cookie: COOKIE, user: 'alice' })
  await set(store, 'a', await read(store, 'a'))
  expect(sessions.getSession('a')!.isAuthenticated).toBe(false)
})

test('what isLoggedIn throws goes to the callback, and the session stays as it was', async () => {
  const { store } = shared({
    isLoggedIn(session) {
      if ((session as unknown as Plain)['odd']) throw new Error('odd')
      return false
    },
  })
  await set(store, 'a', { cookie: COOKIE, n: 1 })
  const mine = await read(store, 'a')
  mine['odd'] = true
  await expect(set(store, 'a', mine)).rejects.toThrow('odd')
  await expect(set(store, 'b', { cookie: COOKIE, odd: true })).rejects.toThrow('odd')
  expect(await read(store, 'a')).toEqual({ cookie: COOKIE, n: 1 })
  expect((await get(store, 'b')) ?? null).toBe(null)
})

test('a new visitor takes the place of the visitor who has been away longest', async () => {
  vi.useFakeTimers({ now: 1_000_000, toFake: ['Date'] })
  const { store, sessions } = shared({ isLoggedIn, evict: evictAnonymous }, { capacity: 3 })
  for (const id of ['one', 'two', 'user']) {
    vi.setSystemTime(Date.now() + 1)
    await set(store, id, { cookie: COOKIE, ...(id === 'user' && { user: 'alice' }) })
  }
  const late = await read(store, 'two')
  vi.setSystemTime(Date.now() + 1)
  // A request that changes nothing is an activity as well.
  await touch(store, 'one', await read(store, 'one'))
  await set(store, 'three', { cookie: COOKIE })
  expect(sessions.getIds().toSorted()).toEqual(['one', 'three', 'user'])
  // Its session has ended, so this request does not bring it back.
  late['n'] = 1
  await set(store, 'two', late)
  expect(sessions.getIds().toSorted()).toEqual(['one', 'three', 'user'])
  vi.useRealTimers()
})

test('by default a new visitor is refused, until a session is destroyed', async () => {
  const { store, sessions } = shared({}, { capacity: 200 })
  for (let number = 0; number < 200; number++) await set(store, `${number}`, { cookie: COOKIE })
  for (let number = 0; number < 200; number++) {
    await expect(set(store, 'new', { cookie: COOKIE })).rejects.toMatchObject({ code: FULL })
    await destroy(store, `${number}`)
    // The place is free at once, also for another thread.
    expect(sessions.getUsage().used).toBe(199)
    await set(store, `new ${number}`, { cookie: COOKIE })
  }
  await clear(store)
  expect(sessions.getUsage()).toEqual({ capacity: 200, used: 0, highWaterMark: 200, refused: 200, evicted: 0 })
})

test('a policy that is no function is refused when the store is made', () => {
  expect(() => shared({ evict: 'oldest' as never })).toThrow(OptionsError)
})
