/**
 * Finds out where the threads stand that do not come back from a round. V8's debugger can pause a thread anywhere: in an endless
 * loop, and also while it sleeps in Atomics.wait.
 */
import { Session } from 'node:inspector'
import { STANDING, THREAD_NAME } from './messages.ts'
import type { Standing } from './messages.ts'

/** Milliseconds within which the threads must answer. A thread in a native call that does not end never does. */
const ANSWER_MS = 1500
const ENABLE = 1
const PAUSE = 2
const ASK = 3
const DISABLE = 4

interface FromWorker {
  readonly id?: number
  readonly method?: string
  readonly params?: { readonly callFrames?: readonly { readonly callFrameId: string }[] }
  readonly result?: { readonly result?: { readonly value?: unknown } }
}

/** Pauses the threads of the actors, and returns where they stand, at most `count` of them. They then go on. */
export async function standings(count: number): Promise<Standing[]> {
  const session = new Session()
  session.connect()
  try {
    return await ask(session, count)
  } finally {
    session.disconnect()
  }
}

function ask(session: Session, count: number): Promise<Standing[]> {
  const found: Standing[] = []
  /** The frames that are still to be asked, by the thread's session. In a frame of Node's own code there is no answer. */
  const frames = new Map<string, string[]>()
  const send = (sessionId: string, id: number, method: string, params: object = {}): void =>
    session.post('NodeWorker.sendMessageToWorker', { sessionId, message: JSON.stringify({ id, method, params }) })
  const askNext = (sessionId: string): void => {
    const callFrameId = frames.get(sessionId)?.shift()
    const expression = `globalThis[Symbol.for('${STANDING}')]()`
    if (callFrameId !== undefined)
      send(sessionId, ASK, 'Debugger.evaluateOnCallFrame', { callFrameId, expression, returnByValue: true })
  }
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(found), ANSWER_MS)
    session.on('NodeWorker.attachedToWorker', ({ params }) => {
      if (!params.workerInfo.title.includes(THREAD_NAME)) return
      send(params.sessionId, ENABLE, 'Debugger.enable')
      send(params.sessionId, PAUSE, 'Debugger.pause')
    })
    session.on('NodeWorker.receivedMessageFromWorker', ({ params: { sessionId, message } }) => {
      const { id, method, params, result } = JSON.parse(message) as FromWorker
      if (method === 'Debugger.paused') {
        frames.set(
          sessionId,
          (params?.callFrames ?? []).map(({ callFrameId }) => callFrameId),
        )
        askNext(sessionId)
      } else if (id === ASK) {
        const value = result?.result?.value
        if (typeof value !== 'string') return askNext(sessionId)
        // The thread goes on: one that stays paused cannot be terminated.
        send(sessionId, DISABLE, 'Debugger.disable')
        found.push(JSON.parse(value) as Standing)
        if (found.length < count) return
        clearTimeout(timer)
        resolve(found)
      }
    })
    session.post('NodeWorker.enable', { waitForDebuggerOnStart: false })
  })
}
