/** Real HTTP load on a server of several threads that share their sessions: nothing is lost. */
import autocannon from 'autocannon'
import { afterEach, describe, expect, test } from 'vitest'
import { allocateSessionStore } from '../../src/session/store.ts'
import { SessionManager } from '../../src/session/manager.ts'
import type { Visited } from './server.jobs.ts'
import { ThreadedServer } from './threaded-server.ts'

const REQUESTS = 1200
const KEYS = 40

let server: ThreadedServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

async function open(threads: number): Promise<{ url: string; sessions: SessionManager }> {
  const memory = allocateSessionStore({ capacity: 100, metadataBytes: 4000 })
  server = await ThreadedServer.open(memory, threads)
  return { url: server.url, sessions: new SessionManager(memory) }
}

/** A visitor's cookie. */
async function begin(url: string): Promise<string> {
  const response = await fetch(`${url}/begin`)
  return response.headers.getSetCookie()[0]!.split(';')[0]!
}

async function sessionOf(url: string, cookie: string): Promise<Visited> {
  const response = await fetch(`${url}/session`, { headers: { cookie } })
  return (await response.json()) as Visited
}

interface Visits {
  readonly result: autocannon.Result
  /** On which threads they were served. */
  readonly threads: ReadonlySet<string>
}

/** So many requests over 8 connections, each of one visitor after the other. */
async function visit(url: string, cookies: readonly string[]): Promise<Visits> {
  const threads = new Set<string>()
  let sent = 0
  const setupRequest = (request: autocannon.Request): autocannon.Request => {
    const number = sent++
    const headers = { cookie: cookies[number % cookies.length]! }
    return { ...request, path: `/visit?key=key${number % KEYS}`, headers }
  }
  const onResponse = (_status: number, body: string): void => void threads.add(body)
  const result = await autocannon({
    url,
    connections: 8,
    amount: REQUESTS,
    timeout: 20,
    requests: [{ setupRequest, onResponse }],
  })
  return { result, threads }
}

describe.each([
  [1, 'one thread', 1],
  [2, 'two threads', 1],
  [4, 'four threads', 1],
  [2, 'two threads', 5],
])('on %i: %s', (threads, _, visitors) => {
  test(`every visit and every key of ${visitors} visitors arrives`, async () => {
    const { url, sessions } = await open(threads)
    const cookies = await Promise.all(Array.from({ length: visitors }, () => begin(url)))
    const { result, threads: servedOn } = await visit(url, cookies)
    expect(result).toMatchObject({ '2xx': REQUESTS, non2xx: 0, errors: 0, timeouts: 0 })
    expect(servedOn.size).toBe(threads)
    const keys = KEYS / visitors
    for (const cookie of cookies) {
      const { visits, cookie: itsCookie, ...set } = await sessionOf(url, cookie)
      expect(itsCookie).toBeDefined()
      expect([visits, Object.keys(set).length]).toEqual([REQUESTS / visitors, keys])
    }
    // The manager's own count, made beside the session's: incrementAccess needs no resolver.
    const counts = sessions.getIds().map((id) => sessions.getSession(id)!.accessCount)
    expect(counts).toEqual(cookies.map(() => REQUESTS / visitors))
  })
})

test('who logs out on one thread is logged out on all, whatever is under way', async () => {
  const { url, sessions } = await open(2)
  const cookie = await begin(url)
  const visits = visit(url, [cookie])
  const response = await fetch(`${url}/log-out`, { headers: { cookie } })
  expect(await response.json()).toBe('bye')
  expect((await visits).result).toMatchObject({ errors: 0, timeouts: 0 })
  expect(sessions.getIds()).toEqual([])
  expect(await sessionOf(url, cookie)).not.toHaveProperty('visits')
})
