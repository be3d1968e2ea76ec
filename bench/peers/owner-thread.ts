/**
 * A thread that owns all sessions, in a Map. The other threads send it requests by postMessage, so there is no shared memory and
 * no lock. The client pipelines: it sends a batch, one message for each operation, before it waits for the answers. Each
 * operation gets its own answer, as a promise.
 */
import { MessageChannel, Worker } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import { OPERATIONS } from './implementation.ts'
import type { Client, Implementation, ReadSession } from './implementation.ts'
import { countAccess, newSession } from './sessions.ts'
import type { PlainSession } from './sessions.ts'

/** One operation in a short message. The answers come in the order of the requests. */
type Request = readonly [what: (typeof OPERATIONS)[number], id: string, key?: string, value?: string]

export const ownerThread: Implementation = {
  name: 'owner thread, postMessage',
  role: 'peer',
  operations: OPERATIONS,
  note: 'pipelined: a batch of messages is under way; needs a third thread',
  version: () => process.version,

  open({ threads }, file) {
    const channels = Array.from({ length: threads }, () => new MessageChannel())
    const ports = channels.map(({ port1 }) => port1)
    const owner = new Worker(file, { workerData: { owned: ports }, transferList: ports })
    return {
      data: (thread) => ({ data: channels[thread]!.port2, transfer: [channels[thread]!.port2] }),
      close: async () => void (await owner.terminate()),
    }
  },

  attach(port): Client {
    const send = requester(port as MessagePort)
    const all = async (requests: readonly Request[]): Promise<readonly unknown[]> => Promise.all(requests.map(send))
    return {
      create: async (ids) => void (await all(ids.map((id) => ['create', id]))),
      delete: async (ids) => void (await all(ids.map((id) => ['delete', id]))),
      increment: async (ids) => void (await all(ids.map((id) => ['increment', id]))),
      get: async (ids, onSession) =>
        (await all(ids.map((id) => ['get', id]))).forEach((session) => onSession(session as ReadSession)),
      key: async (ids, key, onValue) =>
        (await all(ids.map((id) => ['key', id, key]))).forEach((value) => onValue(value as string)),
      set: async (ids, key, values) => void (await all(ids.map((id, index) => ['set', id, key, values[index]!]))),
      close: () => (port as MessagePort).close(),
    }
  },
}

/** Returns a function that sends a request and resolves to its answer. Any number of requests may be under way. */
function requester(port: MessagePort): (request: Request) => Promise<unknown> {
  const waiting: ((answer: unknown) => void)[] = []
  let answered = 0
  port.on('message', (answer: unknown) => {
    waiting[answered++]!(answer)
    if (answered < waiting.length) return
    waiting.length = 0
    answered = 0
  })
  return (request) =>
    new Promise((resolve) => {
      waiting.push(resolve)
      port.postMessage(request)
    })
}

/** Runs the owner thread: it answers the requests from all ports until the thread is terminated. */
export function own(ports: readonly MessagePort[]): void {
  const sessions = new Map<string, PlainSession>()
  for (const port of ports) {
    port.on('message', (request: Request) => port.postMessage(answerTo(sessions, request)))
  }
}

function answerTo(sessions: Map<string, PlainSession>, [what, id, key, value]: Request): unknown {
  if (what === 'create') return void sessions.set(id, newSession(id))
  if (what === 'delete') return sessions.delete(id)
  const session = sessions.get(id)
  if (what === 'get' || session === undefined) return session
  if (what === 'key') return session.metadata[key!]
  if (what === 'set') session.metadata[key!] = value!
  countAccess(session)
  return session.accessCount
}
