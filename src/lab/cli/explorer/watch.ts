/**
 * The thread that watches the explorer's main thread: how much memory the process takes, and where the main thread is when
 * the command asks. It asks a debugger, which answers also in an endless loop.
 */
import { Session } from 'node:inspector'
import { Socket } from 'node:net'
import { readLines } from './json-lines.ts'
import type { Place, Report, Request } from './messages.ts'

export interface Watching {
  /** Its first word becomes 1 when the search is to end. */
  readonly stop: Int32Array
  /** MiB. */
  readonly memory: number
}

/** The key of a global function that says where the thread is. */
export const WHEREABOUTS = 'racelab.whereabouts'

/** Descriptor of the pipe between the command and this thread. */
const COMMAND = 4
/** Milliseconds between two looks at the memory. They also keep the thread awake: an idle one does not see a debugger's answers. */
const LOOK_MS = 20
/** Milliseconds for the main thread to come to a statement: a native call may take its time. */
const PAUSE_MS = 400

export function watch({ stop, memory }: Watching): void {
  const command = new Socket({ fd: COMMAND, readable: true, writable: true })
  const say = (report: Report): void => void command.write(`${JSON.stringify(report)}\n`)
  // Without the command, even if it was killed, there is nothing to do.
  command.on('close', die).on('error', die)
  readLines(command, (line) => {
    const request = line as Request
    if (request === 'stop') Atomics.store(stop, 0, 1)
    else void locate().then((place) => say({ kind: 'place', place }))
  })
  let said = false
  setInterval(() => {
    if (said || process.memoryUsage.rss() <= memory * 2 ** 20) return
    said = true
    void locate().then((place) => say({ kind: 'memory', place }))
  }, LOOK_MS)
}

/** The main thread may be in an endless loop: it cannot be asked to end. */
function die(): void {
  process.kill(process.pid, 'SIGKILL')
}

type Post = (method: string, params?: object) => Promise<Evaluated>

interface Evaluated {
  readonly result?: { readonly value?: unknown }
  readonly exceptionDetails?: unknown
}

/** Pauses the main thread where it is, and asks it. It stays paused: it is about to be ended. */
async function locate(): Promise<Place> {
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
  // Not paused: no statement was run, and the question is not to be the one that it pauses at.
  if (frame === undefined) void ask('Debugger.disable')
  const inside = frame ? await ask('Debugger.evaluateOnCallFrame', { ...question, callFrameId: frame }) : {}
  // Where nothing runs, or something of Node's own, the frame knows no globals.
  const answer = inside.result?.value === undefined ? await ask('Runtime.evaluate', question) : inside
  return typeof answer.result?.value === 'string' ? (JSON.parse(answer.result.value) as Place) : {}
}

function afterwards(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, undefined))
}
