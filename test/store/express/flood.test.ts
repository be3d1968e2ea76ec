/** A flood of visitors without a cookie, over HTTP, on a server whose store it fills: what becomes of the users who have logged in. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import autocannon from 'autocannon'
import express from 'express'
import session from 'express-session'
import type { SessionData } from 'express-session'
import { afterEach, expect, test } from 'vitest'
import { SharedMemoryStore, evictAnonymous } from '../../../src/store/express/index.ts'
import type { SharedMemoryStoreOptions } from '../../../src/store/express/index.ts'
import { SessionManager } from '../../../src/store/manager.ts'
import { allocateSessionStore } from '../../../src/store/allocate.ts'

/** What the server keeps in a session. */
type Data = Partial<SessionData> & { user?: string; visits?: number }

const CAPACITY = 200
/** Twice as many log in. A creation looks at some 43 of the sessions, and finds a visitor: 0.3 ** 43 is the chance that all are users. */
const USERS = 30
const FLOOD = 2000

let server: Server | undefined
afterEach(() => {
  server?.close()
  server?.closeAllConnections()
})

/** Starts a server on which `/visit` begins a session, `/log-in/name` gives it to a user, `/me` names the user, and `/log-out` ends it. */
async function opened(options: SharedMemoryStoreOptions) {
  const sessions = new SessionManager(allocateSessionStore({ capacity: CAPACITY, metadataBytes: 500 }))
  const isLoggedIn = ({ user }: Data): boolean => user !== undefined
  const store = new SharedMemoryStore(sessions, { isLoggedIn, ...options })
  const app = express()
  app.set('env', 'test')
  app.use(session({ store, secret: 's', resave: false, saveUninitialized: false, cookie: { maxAge: 60_000 } }))
  app.get('/visit', (request, response, next) => {
    const data: Data = request.session
    data.visits = (data.visits ?? 0) + 1
    request.session.save((failure) => (failure ? next(failure) : response.json('welcome')))
  })
  app.get('/log-in/:user', (request, response, next) => {
    request.session.regenerate((failure) => {
      if (failure) return next(failure)
      ;(request.session as Data).user = request.params.user
      request.session.save((refusal) => (refusal ? next(refusal) : response.json('hello')))
    })
  })
  app.get('/me', (request, response) => void response.json((request.session as Data).user ?? 'nobody'))
  app.get('/log-out', (request, response, next) => {
    request.session.destroy((failure) => (failure ? next(failure) : response.json('bye')))
  })
  server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    sessions,
    flood: (amount = FLOOD) => autocannon({ url: `${url}/visit`, connections: 10, amount, timeout: 60, sampleInt: 50 }),
    /** Logs a user in; returns what asks for a path as that user, or undefined if the user was refused. */
    async logIn(user: string): Promise<((path: string) => Promise<unknown>) | undefined> {
      const response = await fetch(`${url}/log-in/${user}`)
      await response.text()
      if (response.status === 500) return undefined
      const cookie = response.headers.getSetCookie()[0]!.split(';')[0]!
      return async (path) => (await fetch(url + path, { headers: { cookie } })).json()
    },
  }
}

type Opened = Awaited<ReturnType<typeof opened>>

async function logInAll({ logIn }: Opened, name: string, count: number) {
  const users = []
  for (let number = 0; number < count; number++) {
    const user = `${name} ${number}`
    users.push({ user, ask: await logIn(user) })
  }
  return users
}

type Users = Awaited<ReturnType<typeof logInAll>>

/** Whom the server takes the users for. */
function namesOf(users: Users): Promise<unknown[]> {
  return Promise.all(users.map(async ({ ask }) => ask?.('/me')))
}

test('with evictAnonymous, a flood of visitors ends the session of no user, and keeps no user from logging in', async () => {
  const made = await opened({ evict: evictAnonymous })
  const early = await logInAll(made, 'early', USERS)
  const flooding = made.flood()
  const late = await logInAll(made, 'late', USERS)
  const during = await namesOf(early)
  expect(await flooding).toMatchObject({ '2xx': FLOOD, non2xx: 0, errors: 0, timeouts: 0 })
  expect(during).toEqual(early.map(({ user }) => user))
  expect(await namesOf([...early, ...late])).toEqual([...early, ...late].map(({ user }) => user))
  expect(made.sessions.getUsage()).toEqual({
    capacity: CAPACITY,
    used: CAPACITY,
    highWaterMark: CAPACITY,
    refused: 0,
    // All that came and did not fit.
    evicted: 2 * USERS + FLOOD - CAPACITY,
  })
  expect(made.sessions.verify()).toEqual([])
})

test('without a policy a flood ends no session, and whoever comes later is refused until another one leaves', async () => {
  const made = await opened({})
  const early = await logInAll(made, 'early', USERS)
  expect(await made.flood()).toMatchObject({ '2xx': CAPACITY - USERS, '5xx': FLOOD - CAPACITY + USERS, errors: 0 })
  expect(await made.logIn('late')).toBeUndefined()
  expect(await namesOf(early)).toEqual(early.map(({ user }) => user))
  const { used, evicted, refused } = made.sessions.getUsage()
  expect([used, evicted]).toEqual([CAPACITY, 0])
  // express-session saves a new session once more when a request with an error ends.
  expect(refused).toBeGreaterThan(FLOOD - CAPACITY + USERS)
  expect(await early[0]!.ask!('/log-out')).toBe('bye')
  const late = await made.logIn('late')
  expect(await late!('/me')).toBe('late')
})

test('where users fill the store, evictAnonymous refuses a visitor, and ends no session of a user', async () => {
  const made = await opened({ evict: evictAnonymous })
  const users = await logInAll(made, 'user', CAPACITY)
  expect(await made.flood(50)).toMatchObject({ '5xx': 50, errors: 0 })
  expect(await namesOf(users)).toEqual(users.map(({ user }) => user))
  expect(made.sessions.getUsage()).toMatchObject({ evicted: 0, used: CAPACITY })
})
