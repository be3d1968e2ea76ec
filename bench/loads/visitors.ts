/**
 * Visitors of a web server, and what is left of their visits: real HTTP on loopback, by autocannon, on a thread of its own.
 * Each of them has two requests under way at a time, as a page that asks for two things.
 */
import autocannon from 'autocannon'

export const VISITORS = 16
export const CONNECTIONS = 2 * VISITORS
/** How many keys beside the count come to stand in a session. */
const KEYS = 20

export interface Trip {
  readonly url: string
  /** What all of them ask for. */
  readonly path: string
  /** How often, all of them together: the same for each connection. */
  readonly requests: number
}

export interface Visits {
  /** Until the first connection has made all its requests: from then on not all are at work. */
  readonly requestsPerSecond: number
  /** Requests that were not answered, or not with a 200. */
  readonly failed: number
  /** Visits that the sessions hold in the end. */
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

/** A new visitor's cookie. */
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
