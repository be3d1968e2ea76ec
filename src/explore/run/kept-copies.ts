/**
 * Kept copies: functions of Node that code kept in a variable before the globals were replaced, and that have an effect
 * outside the shared memory. Nothing can be put in their place. So each gets a breakpoint, whose condition tells of the call
 * and never holds: the thread does not pause.
 */
import { copiesAreReplaced } from '../globals/install.ts'
import { watcher } from '../globals/controller.ts'
import { refusal, refusedCalls } from '../globals/refused.ts'
import type { RefusedCall } from '../globals/refused.ts'
import { inspectorSession } from './inspector.ts'
import type { InspectorSession } from './inspector.ts'

/** The property of the global object that the conditions call. Another copy of this module has another one. */
const HOOK = `__racelabCalled${process.pid}${Math.random().toString(36).slice(2)}`

/** An actor may replace it. */
const arrayFrom = Array.from.bind(Array) as (args: ArrayLike<unknown>) => unknown[]

/** What is refused, by the numbers in the conditions. Functions with the same code have one breakpoint and one entry. */
let watched: RefusedCall[] = []
/** The session that has the breakpoints. */
let watching: InspectorSession | undefined
/** The functions that were looked at for this session, and the numbers of those that have a breakpoint, by their code. */
let known = new Set<object>()
let numbers = new Map<string, number>()
let watches = 0

/**
 * Refuses the calls of kept copies while code of a scenario runs, until the returned function is called. In a process
 * that is being debugged, they are not noticed.
 */
export function watchKeptCopies(): () => void {
  const session = copiesAreReplaced() ? undefined : inspectorSession()
  if (session === undefined) return () => {}
  if (watching !== session) [watching, watched, known, numbers] = [session, [], new Set(), new Map()]
  if (known.size < refusedCalls.size) setBreakpoints(session)
  if (watches++ === 0) Object.defineProperty(globalThis, HOOK, { value: noteCall, configurable: true })
  const unwatch = session.watch()
  return () => {
    unwatch()
    if (--watches === 0) Reflect.deleteProperty(globalThis, HOOK)
  }
}

/** Called by the condition of a breakpoint. The call itself goes on: nothing that a condition does could end it. */
function noteCall(index: number, args: ArrayLike<unknown>): false {
  const { what, why, when } = watched[index]!
  const controller = watcher()
  if (controller !== undefined && (when === undefined || when(arrayFrom(args), undefined)))
    controller.refuseLater(refusal(what, why))
  return false
}

/** Sets the breakpoints of the functions that have come into `refusedCalls` since it was called last. */
function setBreakpoints(session: InspectorSession): void {
  for (const [target, call] of refusedCalls) {
    const source = Function.prototype.toString.call(target)
    if (known.has(target) || !isWatchable(session, target, source)) continue
    const number = numbers.get(source)
    if (number === undefined) {
      watch(session, target, watched.length)
      numbers.set(source, watched.length)
      watched.push(call)
    } else watched[number] = { ...watched[number]!, what: `${watched[number]!.what} or ${call.what}` }
  }
  known = new Set(refusedCalls.keys())
  session.release()
}

function watch(session: InspectorSession, target: object, number: number): void {
  const condition = `${HOOK}(${number}, arguments)`
  session.post('Debugger.setBreakpointOnFunctionCall', { objectId: session.idOf(target), condition })
}

/**
 * Whether a function is Node's own: what code puts in its place may share its code with other functions. For a breakpoint in
 * a function that is not JavaScript, V8 goes through its whole heap; of these only `postMessage` is worth the
 * milliseconds, because the others end the process, or make no difference to a schedule.
 */
function isWatchable(session: InspectorSession, target: object, source: string): boolean {
  if (source.endsWith('{ [native code] }')) return Reflect.get(target, 'name') === 'postMessage'
  return session.scriptOf(target)?.startsWith('node:') === true
}
