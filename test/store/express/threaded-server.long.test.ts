/** Real HTTP load on a server whose threads share their sessions. No change may be lost. */
import autocannon from 'autocannon'
import { afterEach, describe, expect, test } from 'vitest'
import type { Visited } from '../../../examples/threaded-server/application.ts'
import { BehindOneListener } from '../../../examples/threaded-server/behind-one-listener.ts'
import { OnOnePort, canSharePort } from '../../../examples/threaded-server/on-one-port.ts'
import type { ThreadedServer } from '../../../examples/threaded-server/server.ts'
import { SessionManager } from '../../../src/store/manager.ts'
import { allocateSessionStore } from '../../../src/store/allocate.ts'

const REQUESTS = 1200
const KEYS = 40
/** The operating system spreads connections at random: one of four threads gets none in one of 8 million runs (4 × (3/4)^60). */
const CONNECTIONS = 60

const sharesPort = await canSharePort()
if (!sharesPort) {
  process.stderr.write(`Skipped: threads that listen on one port. Node ${process.version} here has no reusePort.\n`)
}

let server: ThreadedServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

type Open = (memory: SharedArrayBuffer, threads: number) => Promise<ThreadedServer>

const behindOneListener: Open = (memory, threads) => BehindOneListener.open(memory, threads)
const onOnePort: Open = (memory, threads) => OnOnePort.open(memory, threads)

async function opened(open: Open, threads: number): Promise<{ url: string; sessions: SessionManager }> {
  const memory = allocateSessionStore({ capacity: 100, metadataBytes: 4000 })
  server = await open(memory, threads)
  return { url: server.url, sessions: new SessionManager(memory) }
}

/** Begins a session and returns its cookie. */
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
  /** The threads that served the requests. */
  readonly threads: ReadonlySet<string>
}

/** Sends the requests, which belong to the visitors in turn. */
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
    connections: CONNECTIONS,
    amount: REQUESTS,
    timeout: 20,
    sampleInt: 50,
    requests: [{ setupRequest, onResponse }],
  })
  return { result, threads }
}

async function losesNothing(open: Open, threads: number, visitors: number): Promise<void> {
  const { url, sessions } = await opened(open, threads)
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
  // The application also counts with incrementAccess, which needs no resolver.
  const counts = sessions.getIds().map((id) => sessions.getSession(id)!.accessCount)
  expect(counts).toEqual(cookies.map(() => REQUESTS / visitors))
}

/** The number of threads and the number of visitors. */
const SIZES = [
  [2, 1],
  [4, 1],
  [2, 5],
] as const

describe('every visit and every key arrives', () => {
  test('on one thread that listens itself', () => losesNothing(onOnePort, 1, 1))
  test('on one thread behind a listener', () => losesNothing(behindOneListener, 1, 1))
  test.each(SIZES)('on %i threads behind one listener, visitors: %i', (threads, visitors) =>
    losesNothing(behindOneListener, threads, visitors),
  )
  test.runIf(sharesPort).each(SIZES)('on %i threads that listen on one port, visitors: %i', (threads, visitors) =>
    losesNothing(onOnePort, threads, visitors),
  )
})

async function logsOutEverywhere(open: Open): Promise<void> {
  const { url, sessions } = await opened(open, 2)
  const cookie = await begin(url)
  const visits = visit(url, [cookie])
  const response = await fetch(`${url}/log-out`, { headers: { cookie } })
  expect(await response.json()).toBe('bye')
  expect((await visits).result).toMatchObject({ errors: 0, timeouts: 0 })
  expect(sessions.getIds()).toEqual([])
  expect(await sessionOf(url, cookie)).not.toHaveProperty('visits')
}

describe('a visitor who logs out on one thread is logged out on all, whatever requests are under way', () => {
  test('behind one listener', () => logsOutEverywhere(behindOneListener))
  test.runIf(sharesPort)('on one port', () => logsOutEverywhere(onOnePort))
})

test.skipIf(sharesPort)('where a port cannot be shared, a second thread that wants it is an error', async () => {
  await expect(opened(onOnePort, 2)).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
