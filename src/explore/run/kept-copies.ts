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

/** What is refused, by the numbers in the conditions. */
let watched: readonly RefusedCall[] = []
/** The session that has the breakpoints. */
let watching: InspectorSession | undefined
let watches = 0

/**
 * Refuses the calls of kept copies while code of a scenario runs, until the returned function is called. In a process
 * that is being debugged, they are not noticed.
 */
export function watchKeptCopies(): () => void {
  const session = copiesAreReplaced() ? undefined : inspectorSession()
  if (session === undefined) return () => {}
  if (watching !== session) setBreakpoints(session)
  watching = session
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

function setBreakpoints(session: InspectorSession): void {
  const found = watchable(session)
  watched = [...found.values()]
  for (const [index, target] of [...found.keys()].entries()) {
    const condition = `${HOOK}(${index}, arguments)`
    session.post('Debugger.setBreakpointOnFunctionCall', { objectId: session.idOf(target), condition })
  }
  session.release()
}

/** Returns the functions to watch. Functions with the same code have one breakpoint, so they are one entry. */
function watchable(session: InspectorSession): Map<object, RefusedCall> {
  const bySource = new Map<string, object>()
  const found = new Map<object, RefusedCall>()
  for (const [target, calls] of refusedCalls) {
    const [call] = calls.values()
    const source = Function.prototype.toString.call(target)
    if (call === undefined || !isWatchable(session, target, source)) continue
    const same = bySource.get(source)
    const before = same && found.get(same)
    if (same === undefined || before === undefined) {
      bySource.set(source, target)
      found.set(target, call)
    } else found.set(same, { ...before, what: `${before.what} or ${call.what}` })
  }
  return found
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
