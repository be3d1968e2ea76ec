/**
 * Visitors of a web server, and the number of their visits that the sessions counted. autocannon makes real HTTP requests on
 * loopback, on its own thread. Each visitor has two requests under way at any time, like a page that loads two resources.
 */
import autocannon from 'autocannon'

export const VISITORS = 16
export const CONNECTIONS = 2 * VISITORS
/** The number of keys that the visits set in a session, besides the count. */
const KEYS = 20

export interface Trip {
  readonly url: string
  /** The path of all requests. */
  readonly path: string
  /** The number of requests of all visitors together. Each connection makes the same number. */
  readonly requests: number
}

export interface Visits {
  /** Measured until the first connection has made all its requests. From then on fewer connections are busy. */
  readonly requestsPerSecond: number
  /** Requests without an answer, or with an answer other than 200. */
  readonly failed: number
  /** The visits that the sessions have counted at the end. */
  readonly arrived: number
}

export default async function visit({ url, path, requests }: Trip): Promise<Visits> {
  const cookies = await Promise.all(Array.from({ length: VISITORS }, () => begin(url)))
  let sent = 0
  const setupRequest = (request: autocannon.Request): autocannon.Request => {
    const number = sent++
    const headers = { cookie: cookies[Math.floor(number / 2) % VISITORS]! }
    return { ...request, path: `${path}?key=key${number % KEYS}`, headers }
  }
  const began = performance.now()
  let [answered, milliseconds] = [0, 0]
  const setupClient = (client: autocannon.Client): void => {
    let mine = 0
    client.on('response', () => {
      if (milliseconds > 0) return
      answered += 1
      if (++mine === requests / CONNECTIONS) milliseconds = performance.now() - began
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
