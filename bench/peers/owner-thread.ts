/**
 * A thread that owns all sessions, in a Map, and does what the others ask of it by postMessage: no shared memory, nothing to
 * lock. Pipelined: an asker sends a batch, one message an operation, before it waits for the answers. Each caller gets the
 * answer to its own question, as a promise.
 */
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { type Client, type Contestant, OPERATIONS, type Seen } from './contestant.ts'
import { type PlainSession, countAccess, newSession } from './sessions.ts'

/** An operation, as short as a message can be. Answers come in the order of the questions. */
type Question = readonly [what: (typeof OPERATIONS)[number], id: string, key?: string, value?: string]

export const ownerThread: Contestant = {
  name: 'owner thread, postMessage',
  role: 'peer',
  operations: OPERATIONS,
  note: 'pipelined: a batch of messages under way; a third thread',
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
    const ask = asker(port as MessagePort)
    const all = async (questions: readonly Question[]): Promise<readonly unknown[]> => Promise.all(questions.map(ask))
    return {
      create: async (ids) => void (await all(ids.map((id) => ['create', id]))),
      delete: async (ids) => void (await all(ids.map((id) => ['delete', id]))),
      increment: async (ids) => void (await all(ids.map((id) => ['increment', id]))),
      get: async (ids, look) => (await all(ids.map((id) => ['get', id]))).forEach((session) => look(session as Seen)),
      set: async (ids, key, values) => void (await all(ids.map((id, index) => ['set', id, key, values[index]!]))),
      close: () => (port as MessagePort).close(),
    }
  },
}

/** Asks one question; resolves to its answer. Any number may be under way. */
function asker(port: MessagePort): (question: Question) => Promise<unknown> {
  const waiting: ((answer: unknown) => void)[] = []
  let answered = 0
  port.on('message', (answer: unknown) => {
    waiting[answered++]!(answer)
    if (answered < waiting.length) return
    waiting.length = 0
    answered = 0
  })
  return (question) =>
    new Promise((resolve) => {
      waiting.push(resolve)
      port.postMessage(question)
    })
}

/** What the owner does, for as long as it lives. */
export function own(ports: readonly MessagePort[]): void {
  const sessions = new Map<string, PlainSession>()
  for (const port of ports) {
    port.on('message', (question: Question) => port.postMessage(answerTo(sessions, question)))
  }
}

function answerTo(sessions: Map<string, PlainSession>, [what, id, key, value]: Question): unknown {
  if (what === 'create') return void sessions.set(id, newSession(id))
  if (what === 'delete') return sessions.delete(id)
  const session = sessions.get(id)
  if (what === 'get' || session === undefined) return session
  if (what === 'set') session.metadata[key!] = value!
  countAccess(session)
  return session.accessCount
}
