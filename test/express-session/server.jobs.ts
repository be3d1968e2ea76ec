/** The thread of a multi-threaded server: an Express application of its own, fed with connections, over the shared sessions. */
import { once } from 'node:events'
import { type Server, createServer } from 'node:http'
import { type MessagePort, threadId } from 'node:worker_threads'
import express from 'express'
import session from 'express-session'
import { SharedMemoryStore, addNumbers } from '../../src/express-session/index.ts'
import { SessionManager } from '../../src/session/manager.ts'
import { PortSocket } from './port-socket.ts'

export interface Connection {
  readonly memory: SharedArrayBuffer
  readonly port: MessagePort
}

/** What a session of this server holds. */
export interface Visited {
  readonly visits?: number
  readonly [key: string]: unknown
}

export const SECRET = 'of the tests'

let server: Server | undefined

/** Serves one connection until it closes. */
export default async function serve({ memory, port }: Connection): Promise<void> {
  server ??= createServer(application(memory))
  const socket = new PortSocket(port)
  server.emit('connection', socket)
  await once(socket, 'close')
}

function application(memory: SharedArrayBuffer): express.Express {
  const sessions = new SessionManager(memory)
  const store = new SharedMemoryStore(sessions, { resolve: addNumbers })
  const app = express()
  app.use(session({ store, secret: SECRET, resave: true, saveUninitialized: false }))
  // A request's own work: others of this thread come in between, and those of other threads at any time.
  app.use((_request, _response, next) => void setImmediate(next))
  app.get('/visit', (request, response) => {
    const visited = request.session as unknown as { visits?: number; [key: string]: unknown }
    if (visited.visits === undefined) response.status(401).json('who are you?')
    else {
      visited.visits += 1
      if (typeof request.query['key'] === 'string') visited[request.query['key']] = 'set'
      sessions.incrementAccess(request.sessionID)
      response.json(threadId)
    }
  })
  app.get('/begin', (request, response) => {
    const visited = request.session as unknown as { visits?: number }
    visited.visits = 0
    response.json(threadId)
  })
  app.get('/session', (request, response) => void response.json(request.session))
  app.get('/log-out', (request, response, next) => {
    request.session.destroy((failure) => (failure ? next(failure) : response.json('bye')))
  })
  return app
}
