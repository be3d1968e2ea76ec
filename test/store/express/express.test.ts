/** The store behind a real Express server: it recognises the session of a request in `set`, whatever the request does with it. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import type { Request } from 'express'
import session from 'express-session'
import { afterEach, describe, expect, test } from 'vitest'
import { SharedMemoryStore, addNumbers } from '../../../src/store/express/index.ts'
import { SessionManager } from '../../../src/store/manager.ts'
import { allocateSessionStore } from '../../../src/store/allocate.ts'

type Data = Record<string, unknown>
/** The work of a request with its session. */
type Act = (data: Data, request: Request) => Promise<void> | void

let server: Server | undefined
afterEach(() => {
  server?.close()
  server?.closeAllConnections()
})

/** Starts a server, and returns a visitor that sends requests and says what each does with its session. */
async function visitor(options: Partial<session.SessionOptions> = {}, size = 2000) {
  const sessions = new SessionManager(allocateSessionStore({ capacity: 10, metadataBytes: size }))
  const store = new SharedMemoryStore(sessions, { resolve: addNumbers })
  const acts: Act[] = []
  const app = express()
  app.set('env', 'test')
  app.use(session({ store, secret: 's', resave: false, saveUninitialized: false, ...options }))
  app.use((request, response, next) => {
    const done = acts.shift()!(request.session as unknown as Data, request)
    Promise.resolve(done).then(() => response.json(request.session ?? null), next)
  })
  server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  let cookie = ''
  return {
    store,
    sessions,
    id: () => decodeURIComponent(cookie).slice('connect.sid=s:'.length).split('.')[0]!,
    /** Sends one request that does the act. Returns the status, and the session as the request left it. */
    async does(act: Act = () => {}): Promise<{ status: number; left: Data }> {
      acts.push(act)
      const response = await fetch(url, { headers: { cookie } })
      cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
      const text = await response.text()
      return { status: response.status, left: response.ok ? (JSON.parse(text) as Data) : {} }
    },
  }
}

/** Calls a method of the request's session that takes a callback; returns a promise. */
function called(call: (done: (failure?: unknown) => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    call((failure) => (failure ? reject(failure) : resolve()))
  })
}

const add: Act = (data) => void ((data['n'] as number) += 1)
const set =
  (key: string): Act =>
  (data) =>
    void (data[key] = 'set')
const save: Act = (_, { session }) => called((done) => session.save(done))
const reload: Act = (_, { session }) => called((done) => session.reload(done))
const regenerate: Act = (_, { session }) => called((done) => session.regenerate(done))
const destroy: Act = (_, { session }) => called((done) => session.destroy(done))

test('a request gets the session that earlier requests left, with a real cookie', async () => {
  const { does } = await visitor()
  await does((data) => void Object.assign(data, { n: 1, at: new Date(0) }))
  const { left } = await does((_, request) => {
    expect(request.session).toBeInstanceOf(session.Session)
    expect(request.session.cookie).toBeInstanceOf(session.Cookie)
  })
  expect(left).toMatchObject({ n: 1, at: '1970-01-01T00:00:00.000Z' })
})

/** Runs a request with another one inside it, and returns the session after both. */
async function overlapped(first: Act, other: Act, then: Act): Promise<Data> {
  const { does } = await visitor({ resave: true })
  await does((data) => void Object.assign(data, { n: 10, old: true }))
  await does(async (data, request) => {
    await first(data, request)
    await does(other)
    await then(request.session as unknown as Data, request)
  })
  const { cookie: _, ...left } = (await does()).left
  return left
}

describe('while another request changes the session', () => {
  test('the changes of both are kept', async () => {
    expect(await overlapped(set('mine'), set('theirs'), add)).toEqual({ n: 11, old: true, mine: 'set', theirs: 'set' })
  })

  test('a change that one request saves twice is applied once', async () => {
    const first: Act = async (data, request) => {
      await add(data, request)
      await save(data, request)
    }
    expect(await overlapped(first, add, add)).toEqual({ n: 13, old: true })
  })

  test('after a reload, changes count from the reloaded session', async () => {
    const left = await overlapped(
      set('given up'),
      (data) => void Object.assign(data, { n: 11, theirs: 'set' }),
      async (data, request) => {
        await reload(data, request)
        expect(request.session).toMatchObject({ n: 11, theirs: 'set' })
        await add(request.session as unknown as Data, request)
      },
    )
    expect(left).toEqual({ n: 12, old: true, theirs: 'set' })
  })

  test('a request that only reads erases nothing, even if resave makes it write', async () => {
    expect(
      await overlapped(
        () => {},
        set('theirs'),
        () => {},
      ),
    ).toEqual({ n: 10, old: true, theirs: 'set' })
  })

  test('a session that is destroyed stays destroyed, and the late request does not bring it back', async () => {
    expect(await overlapped(set('late'), destroy, set('later'))).toEqual({})
  })

  test('a session that is regenerated lives on under its new id, without the changes of the late request', async () => {
    const made = await visitor()
    await made.does((data) => void (data['n'] = 1))
    const old = made.id()
    await made.does(async (data) => {
      data['late'] = true
      await made.does(async (_, request) => {
        await regenerate(_, request)
        ;(request.session as unknown as Data)['fresh'] = true
      })
    })
    expect(made.id()).not.toBe(old)
    expect(made.sessions.getIds()).toEqual([made.id()])
    const { cookie: _, ...left } = (await made.does()).left
    expect(left).toEqual({ fresh: true })
  })
})

test('a session that is unset is destroyed, if the server is set up so', async () => {
  const { does, sessions } = await visitor({ unset: 'destroy' })
  await does((data) => void (data['n'] = 1))
  expect(sessions.getActiveCount()).toBe(1)
  await does((_, request) => void Object.assign(request, { session: null }))
  expect(sessions.getActiveCount()).toBe(0)
})

test('a session that does not fit is an error for the request that saves it, and the old session stays', async () => {
  const { does } = await visitor({}, 300)
  await does((data) => void (data['n'] = 1))
  const { status } = await does(async (data, request) => {
    data['long'] = 'x'.repeat(1000)
    try {
      await save(data, request)
    } finally {
      delete data['long']
    }
  })
  expect(status).toBe(500)
  expect((await does()).left).toMatchObject({ n: 1 })
})

test('every request sets the expiry again for a session with a maximum age', async () => {
  const { does, sessions, id } = await visitor({ cookie: { maxAge: 60_000 } })
  await does((data) => void (data['n'] = 1))
  const before = sessions.getSession(id())!
  await does()
  const after = sessions.getSession(id())!
  expect(after.expiresAt).toBeGreaterThanOrEqual(before.expiresAt)
  expect(after.version).toBe(before.version + 1)
  expect(after.metadata.get('n')).toBe('1')
  expect(after.expiresAt - after.lastActivity).toBeGreaterThan(50_000)
})
