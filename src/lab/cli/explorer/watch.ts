/**
 * The thread that watches the explorer's process. It reports when the process's memory reaches the limit, and, on request, where
 * the main thread is. To find out, it uses V8's debugger, which can pause even an endless loop.
 */
import { Session } from 'node:inspector'
import { Socket } from 'node:net'
import { readLines } from './json-lines.ts'
import type { Whereabouts, Report, Request } from './messages.ts'

/** What the thread is started with. */
export interface WatchTask {
  /** The first word becomes 1 when the search must end. */
  readonly stop: Int32Array
  /** The limit of the process's memory, in MiB. */
  readonly memory: number
}

/** The key of a global function that returns where its thread is. */
export const WHEREABOUTS = 'racelab.whereabouts'

/** Descriptor of the pipe between the command and this thread. */
const COMMAND = 4
/**
 * Milliseconds between two checks of the memory. The checks also keep the thread awake: an idle thread does not receive
 * the debugger's answers.
 */
const LOOK_MS = 20
/** Milliseconds within which the main thread must reach a statement. A native call may take longer. */
const PAUSE_MS = 400

/** Watches the process until the command ends, and then ends the process. */
export function watch({ stop, memory }: WatchTask): void {
  const command = new Socket({ fd: COMMAND, readable: true, writable: true })
  const say = (report: Report): void => void command.write(`${JSON.stringify(report)}\n`)
  // The pipe also closes if the command is killed.
  command.on('close', die).on('error', die)
  readLines(command, (line) => {
    const request = line as Request
    if (request === 'stop') Atomics.store(stop, 0, 1)
    else void locate().then((whereabouts) => say({ kind: 'whereabouts', whereabouts }))
  })
  let said = false
  setInterval(() => {
    if (said || process.memoryUsage.rss() <= memory * 2 ** 20) return
    said = true
    void locate().then((whereabouts) => say({ kind: 'memory', whereabouts }))
  }, LOOK_MS)
}

/** Ends the process by a signal, because the main thread may be in an endless loop. */
function die(): void {
  process.kill(process.pid, 'SIGKILL')
}

type Post = (method: string, params?: object) => Promise<Evaluated>

interface Evaluated {
  readonly result?: { readonly value?: unknown }
  readonly exceptionDetails?: unknown
}

/** Pauses the main thread and returns where it is. The thread stays paused, because its process is about to be ended. */
async function locate(): Promise<Whereabouts> {
  const session = new Session()
  session.connectToMainThread()
  const ask: Post = (method, params = {}) =>
    new Promise((resolve) => session.post(method, params, (_, answer) => resolve(answer ?? {})))
  const paused = new Promise<string>((resolve) =>
    session.once('Debugger.paused', ({ params }) => resolve(params.callFrames[0]?.callFrameId ?? '')),
  )
  void ask('Debugger.enable')
  void ask('Debugger.pause')
  const frame = await Promise.race([paused, afterwards(PAUSE_MS)])
  const question = { expression: `JSON.stringify(globalThis[Symbol.for('${WHEREABOUTS}')]())`, returnByValue: true }
  // If the thread did not pause, it ran no statement. The pause is cancelled, so that it does not happen in the evaluation below.
  if (frame === undefined) void ask('Debugger.disable')
  const inside = frame ? await ask('Debugger.evaluateOnCallFrame', { ...question, callFrameId: frame }) : {}
  // Without a frame, or in a frame of Node's own code, the question has no answer. It is then evaluated outside of a frame.
  const answer = inside.result?.value === undefined ? await ask('Runtime.evaluate', question) : inside
  return typeof answer.result?.value === 'string' ? (JSON.parse(answer.result.value) as Whereabouts) : {}
}

function afterwards(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, undefined))
}
