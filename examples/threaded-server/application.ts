/** What every thread serves: an Express application of its own, over the sessions that all threads share. */
import { pbkdf2Sync } from 'node:crypto'
import { threadId } from 'node:worker_threads'
import express, { type RequestHandler } from 'express'
import session, { MemoryStore, type Store } from 'express-session'
import { SharedMemoryStore, addNumbers } from '../../src/store/express/index.ts'
import { SessionManager } from '../../src/store/manager.ts'

/** What a session of this server holds. */
export interface Visited {
  visits?: number
  [key: string]: unknown
}

/** One to two milliseconds of a processor, as a page takes that is rendered. */
const ROUNDS = 8000

/** Without a memory the sessions are this thread's own, in express-session's MemoryStore: to compare with. */
export function application(memory: SharedArrayBuffer | undefined): express.Express {
  const sessions = memory && new SessionManager(memory)
  const store: Store = sessions ? new SharedMemoryStore(sessions, { resolve: addNumbers }) : new MemoryStore()
  const visit: RequestHandler = (request, response) => {
    const visited = request.session as unknown as Visited
    if (visited.visits === undefined) response.status(401).json('who are you?')
    else {
      visited.visits += 1
      if (typeof request.query['key'] === 'string') visited[request.query['key']] = 'set'
      sessions?.incrementAccess(request.sessionID)
      response.json(threadId)
    }
  }
  const app = express()
  app.use(session({ store, secret: 'of this server', resave: true, saveUninitialized: false }))
  // A request waits for something: others of this thread come in between, and those of other threads at any time.
  app.use((_request, _response, next) => void setImmediate(next))
  app.get('/begin', (request, response) => {
    const visited = request.session as unknown as Visited
    visited.visits = 0
    response.json(threadId)
  })
  app.get('/visit', visit)
  app.get('/work', work, visit)
  app.get('/session', (request, response) => void response.json(request.session))
  app.get('/log-out', (request, response, next) => {
    request.session.destroy((failure) => (failure ? next(failure) : response.json('bye')))
  })
  return app
}

const work: RequestHandler = (_request, _response, next) => {
  pbkdf2Sync('a page', 'of a shop', ROUNDS, 32, 'sha256')
  next()
}
