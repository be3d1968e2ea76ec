/**
 * The thread that watches the explorer's process. It reports when the process's memory reaches the limit, and, on request, where
 * the main thread is. To find out, it uses V8's debugger, which can pause even an endless loop.
 */
import { Session } from 'node:inspector'
import { Socket } from 'node:net'
import { readLines } from './json-lines.ts'
import type { Whereabouts, Report, Request } from './messages.ts'
import { within } from './patience.ts'

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
/** Milliseconds of work within which the main thread must reach a statement. A native call may take longer. */
const PAUSE_MS = 800
/** Milliseconds within which a main thread that waits for events must answer. */
const EVALUATE_MS = 400
/** How many statements the main thread may take until it comes to one of the file. */
const PAUSES = 300

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

/**
 * Ends the process by a signal, because the main thread may be in an endless loop; and with it the child processes of the
 * file, which are in the process's group.
 */
function die(): void {
  if (process.platform !== 'win32') process.kill(-process.pid, 'SIGKILL')
  process.kill(process.pid, 'SIGKILL')
}

type Post = (method: string, params?: object) => Promise<Evaluated>

interface Evaluated {
  readonly result?: { readonly value?: unknown }
  readonly exceptionDetails?: unknown
}

/**
 * Pauses the main thread and returns where it is. The thread stays paused, because its process is about to be ended. A thread
 * that is in Node's own code, between two calls of the file, is moved on statement by statement.
 */
async function locate(): Promise<Whereabouts> {
  const session = new Session()
  session.connectToMainThread()
  const ask: Post = (method, params = {}) =>
    new Promise((resolve) => session.post(method, params, (_, answer) => resolve(answer ?? {})))
  const question = { expression: `JSON.stringify(globalThis[Symbol.for('${WHEREABOUTS}')]())`, returnByValue: true }
  void ask('Debugger.enable')
  for (let pauses = 0; pauses < PAUSES; pauses++) {
    const paused = new Promise<string[]>((resolve) =>
      session.once('Debugger.paused', ({ params }) => resolve(params.callFrames.map((frame) => frame.callFrameId))),
    )
    void ask(pauses === 0 ? 'Debugger.pause' : 'Debugger.stepInto')
    const frames = await within(PAUSE_MS, paused)
    if (frames === undefined) break
    // In a frame of Node's own code the question has no answer: a frame of the file, further out, is asked instead.
    for (const callFrameId of frames) {
      const { result } = await ask('Debugger.evaluateOnCallFrame', { ...question, callFrameId })
      const whereabouts = answered(result)
      if (whereabouts?.at !== undefined) return whereabouts
    }
  }
  // A thread that did not pause ran no statement. The pause is cancelled, so that it does not happen in the evaluation.
  void ask('Debugger.disable')
  const evaluated = await within(EVALUATE_MS, ask('Runtime.evaluate', question))
  return evaluated === undefined ? { unanswered: true } : (answered(evaluated.result) ?? {})
}

function answered(result: Evaluated['result']): Whereabouts | undefined {
  return typeof result?.value === 'string' ? (JSON.parse(result.value) as Whereabouts) : undefined
}
