/**
 * Simulates visitors of a web server, and counts how many of their visits the sessions have. autocannon makes real HTTP requests
 * on loopback. The caller runs this module on a thread of its own. On average, each visitor has two requests under way, like a
 * page that loads two resources.
 */
import autocannon from 'autocannon'

export const VISITORS = 16
export const CONNECTIONS = 2 * VISITORS
/** The number of different keys that all requests together set. Each session receives ten of them. */
const KEYS = 20

export interface VisitOptions {
  readonly url: string
  /** The path of all requests. */
  readonly path: string
  /** The number of requests of all visitors together. Each connection makes the same number. */
  readonly requests: number
}

export interface Visits {
  /** Measured until one connection has all its answers. After that, fewer connections are busy. */
  readonly requestsPerSecond: number
  /** Requests that got no answer, or an answer whose status is not 2xx. */
  readonly failed: number
  /** The visits that the sessions have counted at the end. */
  readonly arrived: number
}

export default async function visit({ url, path, requests }: VisitOptions): Promise<Visits> {
  const cookies = await Promise.all(Array.from({ length: VISITORS }, () => begin(url)))
  let sent = 0
  const setupRequest = (request: autocannon.Request): autocannon.Request => {
    const number = sent++
    const visitor = Math.floor(number / 2) % VISITORS
    return { ...request, path: `${path}?key=key${number % KEYS}`, headers: { cookie: cookies[visitor]! } }
  }
  const began = performance.now()
  let [answered, milliseconds] = [0, 0]
  const setupClient = (client: autocannon.Client): void => {
    let ofThisConnection = 0
    client.on('response', () => {
      const isMeasured = milliseconds > 0
      if (isMeasured) return
      answered += 1
      if (++ofThisConnection === requests / CONNECTIONS) milliseconds = performance.now() - began
    })
  }
  const { '2xx': fine } = await autocannon({
    url,
    connections: CONNECTIONS,
    amount: requests,
    timeout: 60,
    sampleInt: 10,
    setupClient,
    requests: [{ setupRequest }],
  })
  const arrived = await Promise.all(cookies.map((cookie) => visitsOf(url, cookie)))
  return {
    requestsPerSecond: (1000 * answered) / milliseconds,
    failed: requests - fine,
    arrived: arrived.reduce((total, visits) => total + visits, 0),
  }
}

/** Begins a session and resolves to its cookie. */
async function begin(url: string): Promise<string> {
  const response = await fetch(`${url}/begin`)
  await response.text()
  return response.headers.getSetCookie()[0]!.split(';')[0]!
}

async function visitsOf(url: string, cookie: string): Promise<number> {
  const response = await fetch(`${url}/session`, { headers: { cookie } })
  const { visits } = (await response.json()) as { visits: number }
  return visits
}
