/**
 * A thread that owns all sessions, in a Map, and does what the others ask of it by postMessage: no shared memory, nothing to
 * lock. Pipelined: an asker sends a batch, one message an operation, before it waits for the answers.
 */
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { type Client, type Contestant, type Look, OPERATIONS, type Seen } from './contestant.ts'
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
    const all = (what: Question[0]) => (ids: readonly string[]) => ask(ids.map((id) => [what, id]))
    return {
      create: all('create'),
      delete: all('delete'),
      increment: all('increment'),
      get: (ids, look) =>
        ask(
          ids.map((id) => ['get', id]),
          look,
        ),
      set: (ids, key, values) => ask(ids.map((id, index) => ['set', id, key, values[index]!])),
      close: () => (port as MessagePort).close(),
    }
  },
}

/** Sends questions one by one; resolves when the last is answered. */
function asker(port: MessagePort): (questions: readonly Question[], look?: Look) => Promise<void> {
  let open = 0
  let look: Look | undefined
  let done: (() => void) | undefined
  port.on('message', (answer: unknown) => {
    look?.(answer as Seen | undefined)
    if (--open === 0) done?.()
  })
  return (questions, onAnswer) =>
    new Promise((resolve) => {
      open = questions.length
      look = onAnswer
      done = resolve
      for (const question of questions) port.postMessage(question)
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
