/** The Express application. Each thread has its own, over the sessions that all threads share. */
import { pbkdf2Sync } from 'node:crypto'
import { threadId } from 'node:worker_threads'
import express from 'express'
import type { RequestHandler } from 'express'
import session, { MemoryStore } from 'express-session'
import type { Store } from 'express-session'
import { SharedMemoryStore, addNumbers } from '../../src/store/express/index.ts'
import { SessionManager } from '../../src/store/manager.ts'

/** The data of a session. */
export interface Visited {
  visits?: number
  [key: string]: unknown
}

/** Rounds of hashing that take 1 to 2 ms of processor time, about as long as rendering a page. */
const ROUNDS = 8000

/**
 * Returns a new application over the sessions in `memory`. When `memory` is undefined, the sessions are in express-session's
 * MemoryStore, which only this thread can use; the benchmark compares the two.
 */
export function application(memory: SharedArrayBuffer | undefined): express.Express {
  const sessions = memory && new SessionManager(memory)
  const store: Store = sessions ? new SharedMemoryStore(sessions, { resolve: addNumbers }) : new MemoryStore()
  const visit: RequestHandler = (request, response) => {
    const visited = request.session as unknown as Visited
    if (visited.visits === undefined) response.status(401).json('There is no session.')
    else {
      visited.visits += 1
      if (typeof request.query['key'] === 'string') visited[request.query['key']] = 'set'
      sessions?.incrementAccess(request.sessionID)
      response.json(threadId)
    }
  }
  const app = express()
  app.use(session({ store, secret: 'an example secret', resave: true, saveUninitialized: false }))
  // Waits, as a request that queries a database would: this thread handles other requests meanwhile. Other threads run at any time.
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
  pbkdf2Sync('password', 'salt', ROUNDS, 32, 'sha256')
  next()
}
