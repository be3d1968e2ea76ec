/** The server of the lesson: a real Express server on loopback, in this process, that gives each customer a session. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Request } from 'express'
import type { Packages } from './packages.ts'
import type { StoreSetup } from './store-setup.ts'

/** What a customer's session holds. */
export interface Basket {
  readonly visits?: number
  readonly [item: string]: unknown
}

/** A read or a write of a session by a request. */
export interface SessionAccess {
  readonly request: string
  readonly action: 'read' | 'write'
  readonly session: Basket
}

export interface ShopServerOptions {
  /** Called at each read and each write of a session. */
  readonly onAccess?: (access: SessionAccess) => void
  /** Aborting it closes the server at once, and with it all connections. */
  readonly signal: AbortSignal
}

/** A running server. */
export class ShopServer {
  readonly url: string
  readonly #server: Server
  readonly #works: Map<string, () => Promise<void>>

  private constructor(server: Server, works: Map<string, () => Promise<void>>) {
    this.#server = server
    this.#works = works
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  /** Starts a server on a free port. Throws the signal's reason if it has been aborted by then. */
  static async open(packages: Packages, setup: StoreSetup, options: ShopServerOptions): Promise<ShopServer> {
    const works = new Map<string, () => Promise<void>>()
    const server = createServer(application(packages, setup, options, works))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const shop = new ShopServer(server, works)
    const close = (): void => shop.close()
    options.signal.addEventListener('abort', close)
    server.once('close', () => options.signal.removeEventListener('abort', close))
    // Aborted before the listener was there: no event will come, and an open server would keep the process alive.
    if (options.signal.aborted) shop.close()
    options.signal.throwIfAborted()
    return shop
  }

  /** Makes the request of this name await `work` between reading its session and answering. */
  setWork(request: string, work: () => Promise<void>): void {
    this.#works.set(request, work)
  }

  /** Ends the server and all its connections. */
  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}

/** Returns the Express application. Each request gives its name in ?request=, and one that buys gives its item in ?item=. */
function application(
  { express, session }: Packages,
  { store, resave, sessions }: StoreSetup,
  { onAccess }: ShopServerOptions,
  works: ReadonlyMap<string, () => Promise<void>>,
): ReturnType<Packages['express']> {
  const app = express()
  app.use(session({ store, resave, saveUninitialized: false, secret: 'of the lab' }))
  if (onAccess) app.use((request, _response, next) => (reportAccesses(request, onAccess), next()))
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

/** Reports the read, which has just been made, and the write when it is made. */
function reportAccesses(request: Request, onAccess: (access: SessionAccess) => void): void {
  const tell = (action: SessionAccess['action']): void =>
    onAccess({ request: text(request, 'request'), action, session: { ...basketOf(request) } })
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
