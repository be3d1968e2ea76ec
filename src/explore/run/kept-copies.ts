/**
 * Kept copies: functions of Node that code kept in a variable before the globals were replaced, and that have an effect
 * outside the shared memory. Nothing can be put in their place, so V8 is asked to tell of each call.
 */
import { copiesAreReplaced } from '../globals/install.ts'
import { watcher } from '../globals/controller.ts'
import { refusedCalls } from '../globals/refused.ts'
import type { RefusedCall } from '../globals/refused.ts'
import { inspectorSession } from './inspector.ts'
import type { InspectorSession } from './inspector.ts'

/** What is refused of each function with a breakpoint, by the breakpoint's name. */
type Breakpoints = ReadonlyMap<string, readonly RefusedCall[]>

const watched = new WeakMap<InspectorSession, Breakpoints>()

/**
 * Refuses the calls of kept copies while code of a scenario runs, until the returned function is called. They are not
 * noticed in a process that is being debugged, nor after an inspection has kept V8 from optimising a function.
 */
export function watchKeptCopies(): () => void {
  const session = copiesAreReplaced() ? undefined : inspectorSession()
  if (session === undefined) return () => {}
  const breakpoints = watched.get(session) ?? breakpointsIn(session)
  watched.set(session, breakpoints)
  return session.watch(({ hitBreakpoints = [], callFrames }) => {
    const refused = hitBreakpoints.flatMap((id) => breakpoints.get(id) ?? [])
    const controller = refused.length === 0 ? undefined : watcher()
    if (controller === undefined) return
    const call = refused.find(({ when }) => when === undefined || when(session.argumentsOf(callFrames[0]!), undefined))
    // The call itself goes on: nothing that a listener does could end it.
    if (call !== undefined) controller.refuseLater(call.message)
  })
}

function breakpointsIn(session: InspectorSession): Breakpoints {
  const breakpoints = new Map<string, readonly RefusedCall[]>()
  const sources = new Set<string>()
  for (const [target, calls] of refusedCalls) {
    const source = Function.prototype.toString.call(target)
    // Functions with the same code share a breakpoint.
    if (isSlow(target, source) || sources.has(source)) continue
    sources.add(source)
    const { breakpointId } = session.post('Debugger.setBreakpointOnFunctionCall', { objectId: session.idOf(target) })
    breakpoints.set(breakpointId, [...calls.values()])
  }
  session.release()
  return breakpoints
}

/**
 * For a breakpoint in a function that is not JavaScript, V8 goes through its whole heap. Of these functions only
 * `postMessage` is worth the milliseconds: the others end the process, or make no difference to a schedule.
 */
function isSlow(target: object, source: string): boolean {
  return source.endsWith('{ [native code] }') && Reflect.get(target, 'name') !== 'postMessage'
}
