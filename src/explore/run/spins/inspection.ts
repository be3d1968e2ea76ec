/**
 * Inspects the running thread with V8's own inspector: which code has come to an access, and the values of its
 * variables. At a `debugger` statement all frames and scopes are available.
 */
import type inspector from 'node:inspector'
import { inspectorSession } from '../inspector.ts'
import type { InspectorSession } from '../inspector.ts'
import { callbacksIn, COVERED_CALL, isOwnPosition, wholeStack } from '../positions.ts'
import type { RawFrame } from '../positions.ts'
import { hasMisleadingScopes } from './misleading-scopes.ts'
import { Source } from './source.ts'

/** A function that is running, with its position and its variables. */
export interface CallFrame {
  readonly source: Source
  /** The offset in the source of the call or access that the function waits for. */
  readonly offset: number
  /** Whether the language has called the function from code of its own, such as Array.prototype.map. */
  readonly isCallback: boolean
  variables(): Variables
}

/** The variables that a running function can use. */
export interface Variables {
  /** The variables of the function, the innermost block first. */
  readonly own: readonly object[]
  /** The variables around the function, the innermost scope first, without the global ones. */
  readonly outer: readonly object[]
  /** The value of `this`. */
  readonly self: unknown
}

/** The source of a function, and the variables around it. */
export interface Origin {
  readonly source: Source
  readonly offset: number
  readonly outer: readonly object[]
  /** Whether the function belongs to the explorer. */
  readonly ours: boolean
}

/** The scopes that every script can assign, as the inspector describes them. */
const GLOBAL: ReadonlySet<string> = new Set(['Global', 'Script'])
/** The name of the function that calls an actor (subject/controlled-scenario.ts). */
const ACTOR_BODY = 'body'

/** The inspector's name for the objects of the frames that it has reported. */
const PAUSED = 'backtrace'

/** Inspects the thread through its session with the inspector. */
export class Inspection {
  readonly #session: InspectorSession
  /** Where the functions that were inspected last are. */
  #inspected: readonly inspector.Debugger.Location[] = []
  readonly #sources = new Map<string, Source | undefined>()
  /** Whether V8 may be wrong about scopes, by the positions of frames. */
  readonly #misleading = new Map<string, boolean>()
  /** What was found in the present inspection: the variables around a function change. */
  #origins = new WeakMap<object, Origin | undefined>()

  constructor(session: InspectorSession) {
    this.#session = session
  }

  /**
   * Calls `work` with the frames of the code under test that have led here, the outermost first. They can be inspected
   * while `work` runs. Returns the result of `work`; undefined if the source or the variables of a frame cannot be read.
   */
  inspect<Result>(work: (frames: readonly CallFrame[]) => Result): Result | undefined {
    const stack = wholeStack()
    // At a pause, V8 lists the scopes of all frames.
    if (stack.some((frame, depth) => this.#misleads(frame, stack[depth - 1]?.method ?? null))) return undefined
    let result: Result | undefined
    this.#origins = new WeakMap()
    // An error that the listener throws would be lost.
    let failure: { readonly error: unknown } | undefined
    const ended = this.#session.onPause(({ callFrames }) => {
      try {
        const frames = this.#framesOf(callFrames, callbacksIn(stack))
        if (frames !== undefined) result = work(frames)
      } catch (error) {
        failure = { error }
      }
    })
    // oxlint-disable-next-line no-debugger -- the listener above runs here
    debugger
    ended()
    // The inspector keeps the scopes of all frames until a client resumes. No client does.
    this.#session.post('Runtime.releaseObjectGroup', { objectGroup: PAUSED })
    if (failure !== undefined) throw failure.error
    return result
  }

  /**
   * Calls `work` and returns what it returns. Meanwhile the functions that were inspected last run without optimised code,
   * in which V8 drops variables that nothing reads again. They are slower, so this is only done where a variable is missed.
   */
  withUnoptimised<Result>(work: () => Result): Result {
    return this.#session.withUnoptimised(this.#inspected, work)
  }

  /** Returns the origin of a function; undefined for a native one. */
  originOf(target: object): Origin | undefined {
    if (!this.#origins.has(target)) this.#origins.set(target, this.#findOrigin(target))
    return this.#origins.get(target)
  }

  /** Returns the private fields and methods of an object. */
  privateFields(target: object): { readonly name: string; readonly value: unknown }[] {
    const { privateProperties = [] } = this.#propertiesOf(target)
    const fields = privateProperties.map(({ name, value }) => ({ name, value: this.#session.valueOf(value) }))
    this.#session.release()
    return fields
  }

  /**
   * Returns the value of a private field, in an array; undefined if the object has no field of this name, or more than
   * one.
   */
  privateField(target: object, name: string): [value: unknown] | undefined {
    const { privateProperties = [] } = this.#propertiesOf(target)
    const [found, another] = privateProperties.filter((property) => property.name === name)
    const value = found?.value === undefined ? undefined : this.#session.valueOf(found.value)
    this.#session.release()
    return found?.value === undefined || another !== undefined ? undefined : [value]
  }

  /** Whether V8 may be wrong about the scopes of a frame. */
  #misleads({ script, hash, line, column }: RawFrame, calls: string | null): boolean {
    if (script === undefined || hash === '' || script.startsWith('node:')) return false
    const key = `${hash} ${line} ${column} ${calls === 'return'}`
    let known = this.#misleading.get(key)
    if (known === undefined) {
      // Scripts of the same text may start at different positions.
      const scripts = [...this.#session.scripts.values()].filter((each) => each.hash === hash)
      const sources = scripts.map(({ scriptId }) => this.#sourceOf(scriptId))
      known = sources.length === 0 || sources.some((source) => this.#mayMislead(source, line, column, calls))
      this.#misleading.set(key, known)
    }
    return known
  }

  #mayMislead(source: Source | undefined, line: number, column: number, calls: string | null): boolean {
    return source === undefined || hasMisleadingScopes(source, source.offsetOf(line - 1, column - 1), calls)
  }

  #framesOf(
    allFrames: readonly inspector.Debugger.CallFrame[],
    callbacks: readonly boolean[],
  ): CallFrame[] | undefined {
    const callFrames = allFrames.filter((frame) => frame.functionName !== COVERED_CALL || !this.#isOurs(frame.location))
    const ours = callFrames.map(({ location }) => this.#isOurs(location))
    const first = ours.indexOf(false)
    const length = ours.slice(first).indexOf(true)
    if (first < 0 || length < 0) return undefined
    // Other frames of the actor may stand around: those that wait for a conversion that the explorer carries out.
    if (callFrames[first + length]!.functionName !== ACTOR_BODY) return undefined
    this.#inspected = callFrames.slice(first, first + length).map(({ location }) => location)
    if (callbacks.length !== length) return undefined
    const frames = callFrames
      .slice(first, first + length)
      .map((frame, depth) => this.#frameOf(frame, callbacks[depth] === true))
    return frames.every((frame) => frame !== undefined) ? frames.toReversed() : undefined
  }

  #isOurs({ scriptId, lineNumber, columnNumber = 0 }: inspector.Debugger.Location): boolean {
    return isOwnPosition(this.#session.scripts.get(scriptId)?.url ?? '', lineNumber + 1, columnNumber + 1)
  }

  #frameOf(
    { location, scopeChain, this: self }: inspector.Debugger.CallFrame,
    isCallback: boolean,
  ): CallFrame | undefined {
    const source = this.#sourceOf(location.scriptId)
    if (source === undefined || scopeChain.some(({ type }) => type === 'with')) return undefined
    // The blocks of a function come before its local scope in the chain; the scopes after it are around the function.
    const around = scopeChain.findIndex(({ type }) => type === 'local') + 1
    const [own, outer] = [scopeChain.slice(0, around), scopeChain.slice(around)]
    const offset = source.offsetOf(location.lineNumber, location.columnNumber ?? 0)
    let variables: Variables | undefined
    return { source, offset, isCallback, variables: () => (variables ??= this.#variables(own, outer, self)) }
  }

  /** All variables come in one call, since a call costs more than the values that it returns. */
  #variables(own: readonly Scopes[], outer: readonly Scopes[], self: inspector.Runtime.RemoteObject): Variables {
    const around = outer.filter(({ type }) => type !== 'global' && type !== 'script')
    const objects = [...own, ...around].map(({ object: { objectId = '' } }) => ({ objectId }))
    const { type, value, unserializableValue, objectId } = self
    const last =
      objectId === undefined
        ? type === 'undefined'
          ? {}
          : { value: value as unknown, unserializableValue }
        : { objectId }
    const all = (objects.length === 0 ? [] : this.#session.valuesOf([...objects, last])) as object[]
    return { own: all.slice(0, own.length), outer: all.slice(own.length, objects.length), self: all.at(-1) }
  }

  #findOrigin(target: object): Origin | undefined {
    const { internalProperties = [] } = this.#propertiesOf(target)
    const internal = (name: string): inspector.Runtime.RemoteObject | undefined =>
      internalProperties.find((property) => property.name === name)?.value
    const location = internal('[[FunctionLocation]]')?.value as inspector.Debugger.Location | undefined
    const source = location === undefined ? undefined : this.#sourceOf(location.scriptId)
    if (location === undefined || source === undefined) return undefined
    const scopes = (this.#session.valueOf(internal('[[Scopes]]')) ?? []) as ArrayLike<{
      description: string
      object: object
    }>
    this.#session.release()
    if (Array.from(scopes).some(({ description }) => description.startsWith('With'))) return undefined
    return {
      source,
      offset: source.offsetOf(location.lineNumber, location.columnNumber ?? 0),
      ours: this.#isOurs(location),
      outer: Array.from(scopes).flatMap(({ description, object }) => (GLOBAL.has(description) ? [] : [object])),
    }
  }

  #propertiesOf(target: object): Properties {
    return this.#session.post('Runtime.getProperties', { objectId: this.#session.idOf(target), ownProperties: true })
  }

  #sourceOf(scriptId: string): Source | undefined {
    if (!this.#sources.has(scriptId)) {
      const source = Source.parse(this.#session.sourceOf(scriptId), this.#session.scripts.get(scriptId))
      this.#sources.set(scriptId, source)
    }
    return this.#sources.get(scriptId)
  }
}

type Scopes = inspector.Debugger.Scope
type Properties = ReturnType<typeof InspectorSession.prototype.post<'Runtime.getProperties'>>

const inspections = new WeakMap<InspectorSession, Inspection>()

/**
 * Returns the inspection of this thread; undefined if the process is being debugged or the runtime has no inspector.
 */
export function inspection(): Inspection | undefined {
  const session = inspectorSession()
  if (session === undefined) return undefined
  const known = inspections.get(session) ?? new Inspection(session)
  inspections.set(session, known)
  return known
}
