/** A shop: a real Express server on loopback, in this process, whose customers have sessions. */
import { once } from 'node:events'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Request } from 'express'
import type { Packages } from './packages.ts'
import type { Backing } from './stores.ts'

/** What a customer's session holds. */
export interface Basket {
  readonly visits?: number
  readonly [item: string]: unknown
}

/** What a request did to its session. */
export interface Sighting {
  readonly request: string
  readonly action: 'read' | 'write'
  readonly session: Basket
}

export interface ShopOptions {
  /** Called at each read and write of a session. */
  readonly onSight?: (sighting: Sighting) => void
  /** Closes the shop at once, whatever its customers are doing. */
  readonly signal: AbortSignal
}

export class Shop {
  readonly url: string
  readonly #server: Server
  readonly #works: Map<string, () => Promise<void>>

  private constructor(server: Server, works: Map<string, () => Promise<void>>) {
    this.#server = server
    this.#works = works
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  static async open(packages: Packages, backing: Backing, options: ShopOptions): Promise<Shop> {
    const works = new Map<string, () => Promise<void>>()
    const server = createServer(application(packages, backing, options, works))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const shop = new Shop(server, works)
    options.signal.addEventListener('abort', () => shop.close())
    return shop
  }

  /** Has the request of this name do this between reading its session and answering. */
  workOf(request: string, work: () => Promise<void>): void {
    this.#works.set(request, work)
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}

/** Every request says its own name: ?request=…; the one that changes something also what: ?item=… */
function application(
  { express, session }: Packages,
  { store, resave, sessions }: Backing,
  { onSight }: ShopOptions,
  works: ReadonlyMap<string, () => Promise<void>>,
): ReturnType<Packages['express']> {
  const app = express()
  app.use(session({ store, resave, saveUninitialized: false, secret: 'of the lab' }))
  if (onSight) app.use((request, _response, next) => (sight(request, onSight), next()))
  app.use((request, _response, next) => {
    const work = works.get(text(request, 'request'))
    if (work) void work().then(() => next(), next)
    else next()
  })
  app.get('/enter', (request, response) => {
    basketOf(request).visits = 0
    response.json('welcome')
  })
  app.get('/buy', (request, response) => {
    const basket = basketOf(request)
    basket.visits = (basket.visits ?? 0) + 1
    basket[text(request, 'item')] = 'bought'
    sessions?.incrementAccess(request.sessionID)
    response.json('thank you')
  })
  app.get('/look', (request, response) => void response.json(basketOf(request)))
  app.get('/accesses', (request, response) => {
    response.json(sessions?.getSession(request.sessionID)?.accessCount ?? null)
  })
  return app
}

/** Tells of the read, which has just been made, and of the write to come. */
function sight(request: Request, onSight: (sighting: Sighting) => void): void {
  const tell = (action: Sighting['action']): void =>
    onSight({ request: text(request, 'request'), action, session: { ...basketOf(request) } })
  tell('read')
  const save = request.session.save.bind(request.session)
  const value: typeof save = (done) => {
    tell('write')
    return save(done)
  }
  Object.defineProperty(request.session, 'save', { value, configurable: true, writable: true })
}

function basketOf({ session }: Request): { visits?: number; [item: string]: unknown } {
  return session as unknown as { visits?: number }
}

function text({ query }: Request, name: string): string {
  const value = query[name]
  return typeof value === 'string' ? value : ''
}
