/**
 * Inspects the running thread with V8's own inspector: which code has come to an access, and the values of its
 * variables. A session of a thread with itself does not stop the thread: at a `debugger` statement the listener runs at
 * once, with all frames and scopes available, and then the thread continues.
 *
 * The inspector is opened when it is first needed, and closed a second after the last exploration. If a debugger is
 * attached to the process, it would stop at that statement, so `inspection` returns undefined.
 */
import inspector from 'node:inspector'
import { setFlagsFromString } from 'node:v8'
import { callbacksOf, isOwnPosition } from '../positions.ts'
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

/** How long the inspector stays open after an exploration, in milliseconds. */
const IDLE_MS = 1000
/** The most sources that an inspection keeps after an exploration. */
const MOST_SOURCES = 500
/** The scopes that every script can assign, as the inspector describes them. */
const GLOBAL: ReadonlySet<string> = new Set(['Global', 'Script'])
/** The property of the global object through which the session and this file exchange values. */
const EXCHANGE = '__racelabExchange'

/** The name of the function that calls an actor (subject/controlled-scenario.ts). */
const ACTOR_BODY = 'body'

/** The inspector's name for the objects of the frames that it has reported. */
const PAUSED = 'backtrace'

const nativeSetTimeout = setTimeout
const nativeClearTimeout = clearTimeout

/** An open session with the inspector. */
export class Inspection {
  readonly #session = new inspector.Session()
  /** Where the functions that were inspected last are. */
  #inspected: readonly inspector.Debugger.Location[] = []
  /** The positions of the breakpoints. */
  readonly #breakpoints = new Set<string>()
  readonly #scripts = new Map<string, inspector.Debugger.ScriptParsedEventDataType>()
  readonly #sources = new Map<string, Source | undefined>()
  /** What was found in the present inspection: the variables around a function change. */
  #origins = new WeakMap<object, Origin | undefined>()

  constructor() {
    // Before Node 22, a value that was optimised away reads as undefined without this flag, and would be taken for a
    // real undefined.
    if (Number.parseInt(process.versions.node, 10) < 22) setFlagsFromString('--experimental-value-unavailable')
    this.#session.connect()
    this.#session.on('Debugger.scriptParsed', ({ params }) => this.#scripts.set(params.scriptId, params))
    this.#post('Debugger.enable')
  }

  close(): void {
    this.#session.disconnect()
  }

  /** How many scripts the inspection has parsed. */
  get sources(): number {
    return this.#sources.size
  }

  /**
   * Calls `work` with the frames of the code under test that have led here, the outermost first. They can be inspected
   * while `work` runs. Returns the result of `work`; undefined if the source of a frame cannot be read.
   */
  inspect<Result>(work: (frames: readonly CallFrame[]) => Result): Result | undefined {
    let result: Result | undefined
    this.#origins = new WeakMap()
    // An error that the listener throws would be lost.
    let failure: { readonly error: unknown } | undefined
    const listener = ({ params }: { params: inspector.Debugger.PausedEventDataType }): void => {
      try {
        const frames = this.#framesOf(params.callFrames)
        if (frames !== undefined) result = work(frames)
      } catch (error) {
        failure = { error }
      }
    }
    this.#session.once('Debugger.paused', listener)
    this.#post('Debugger.setBreakpointsActive', { active: true })
    // oxlint-disable-next-line no-debugger -- the listener above runs here
    debugger
    this.#session.off('Debugger.paused', listener)
    this.#post('Debugger.setBreakpointsActive', { active: false })
    // The inspector keeps the scopes of all frames until a client resumes. No client does.
    this.#post('Runtime.releaseObjectGroup', { objectGroup: PAUSED })
    if (failure !== undefined) throw failure.error
    return result
  }

  /**
   * Keeps V8 from optimising the functions that were inspected last: it drops the variables of optimised code that
   * nothing reads again. V8 does not optimise a function with a breakpoint, and breakpoints are active only in
   * `inspect`. Such a function is slower, so this is only done where a variable is missed.
   */
  keepUnoptimised(): void {
    for (const location of this.#inspected) {
      const key = `${location.scriptId}:${location.lineNumber}:${location.columnNumber}`
      if (this.#breakpoints.has(key)) continue
      this.#breakpoints.add(key)
      this.#post('Debugger.setBreakpoint', { location })
    }
  }

  /** Returns the origin of a function; undefined for a native one. */
  originOf(target: object): Origin | undefined {
    if (!this.#origins.has(target)) this.#origins.set(target, this.#findOrigin(target))
    return this.#origins.get(target)
  }

  /** Returns the private fields and methods of an object. */
  privateFields(target: object): { readonly name: string; readonly value: unknown }[] {
    const { privateProperties = [] } = this.#propertiesOf(target)
    const fields = privateProperties.map(({ name, value }) => ({ name, value: this.#real(value) }))
    this.#release()
    return fields
  }

  /**
   * Returns the value of a private field, in an array; undefined if the object has no field of this name, or more than
   * one.
   */
  privateField(target: object, name: string): [value: unknown] | undefined {
    const { privateProperties = [] } = this.#propertiesOf(target)
    const [found, another] = privateProperties.filter((property) => property.name === name)
    const value = found?.value === undefined ? undefined : this.#real(found.value)
    this.#release()
    return found?.value === undefined || another !== undefined ? undefined : [value]
  }

  #framesOf(callFrames: readonly inspector.Debugger.CallFrame[]): CallFrame[] | undefined {
    const ours = callFrames.map(({ location }) => this.#isOurs(location))
    const first = ours.indexOf(false)
    const length = ours.slice(first).indexOf(true)
    if (first < 0 || length < 0) return undefined
    // Other frames of the actor may stand around: those that wait for a conversion that the explorer carries out.
    if (callFrames[first + length]!.functionName !== ACTOR_BODY) return undefined
    this.#inspected = callFrames.slice(first, first + length).map(({ location }) => location)
    const callbacks = callbacksOf()
    if (callbacks.length !== length) return undefined
    const frames = callFrames
      .slice(first, first + length)
      .map((frame, depth) => this.#frameOf(frame, callbacks[depth] === true))
    return frames.every((frame) => frame !== undefined) ? frames.toReversed() : undefined
  }

  #isOurs({ scriptId, lineNumber, columnNumber = 0 }: inspector.Debugger.Location): boolean {
    return isOwnPosition(this.#scripts.get(scriptId)?.url ?? '', lineNumber + 1, columnNumber + 1)
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
    const functionDeclaration = `function (...all) { ${EXCHANGE} = all }`
    const [first] = objects
    if (first !== undefined)
      this.#post('Runtime.callFunctionOn', { ...first, functionDeclaration, arguments: [...objects, last] })
    const all = (first === undefined ? [] : Reflect.get(globalThis, EXCHANGE)) as object[]
    return { own: all.slice(0, own.length), outer: all.slice(own.length, objects.length), self: all.at(-1) }
  }

  #findOrigin(target: object): Origin | undefined {
    const { internalProperties = [] } = this.#propertiesOf(target)
    const internal = (name: string): inspector.Runtime.RemoteObject | undefined =>
      internalProperties.find((property) => property.name === name)?.value
    const location = internal('[[FunctionLocation]]')?.value as inspector.Debugger.Location | undefined
    const source = location === undefined ? undefined : this.#sourceOf(location.scriptId)
    if (location === undefined || source === undefined) return undefined
    const scopes = (this.#real(internal('[[Scopes]]')) ?? []) as ArrayLike<{ description: string; object: object }>
    this.#release()
    if (Array.from(scopes).some(({ description }) => description.startsWith('With'))) return undefined
    return {
      source,
      offset: source.offsetOf(location.lineNumber, location.columnNumber ?? 0),
      ours: this.#isOurs(location),
      outer: Array.from(scopes).flatMap(({ description, object }) => (GLOBAL.has(description) ? [] : [object])),
    }
  }

  #propertiesOf(target: object): Properties {
    Reflect.set(globalThis, EXCHANGE, target)
    const { result } = this.#post('Runtime.evaluate', { expression: `globalThis.${EXCHANGE}`, objectGroup: EXCHANGE })
    const { objectId = '' } = result
    return this.#post('Runtime.getProperties', { objectId, ownProperties: true })
  }

  /** Releases the objects that the inspector keeps. */
  #release(): void {
    this.#post('Runtime.releaseObjectGroup', { objectGroup: EXCHANGE })
  }

  /** Returns the value that a remote object of the inspector stands for. */
  #real(remote: inspector.Runtime.RemoteObject | undefined): unknown {
    if (remote === undefined) return undefined
    if (remote.objectId === undefined) return primitiveOf(remote)
    const { objectId } = remote
    this.#post('Runtime.callFunctionOn', { objectId, functionDeclaration: `function () { ${EXCHANGE} = this }` })
    return Reflect.get(globalThis, EXCHANGE)
  }

  #sourceOf(scriptId: string): Source | undefined {
    if (!this.#sources.has(scriptId)) {
      const { scriptSource } = this.#post('Debugger.getScriptSource', { scriptId })
      this.#sources.set(scriptId, Source.parse(scriptSource, this.#scripts.get(scriptId)))
    }
    return this.#sources.get(scriptId)
  }

  #post<Method extends keyof Answers>(method: Method, params: object = {}): Answers[Method] {
    let answer: Answers[Method] | undefined
    this.#session.post(method, params, (error, result) => {
      if (error !== null) throw new Error(`the inspector refused ${method}: ${error.message}`)
      answer = result as Answers[Method]
    })
    return answer!
  }
}

type Scopes = inspector.Debugger.Scope

/** The types of Node leave out what the protocol marks as experimental. */
interface Properties extends inspector.Runtime.GetPropertiesReturnType {
  readonly privateProperties?: readonly { readonly name: string; readonly value?: inspector.Runtime.RemoteObject }[]
}

interface Answers {
  'Debugger.enable': unknown
  'Debugger.setBreakpoint': unknown
  'Debugger.setBreakpointsActive': unknown
  'Debugger.getScriptSource': inspector.Debugger.GetScriptSourceReturnType
  'Runtime.evaluate': inspector.Runtime.EvaluateReturnType
  'Runtime.getProperties': Properties
  'Runtime.callFunctionOn': unknown
  'Runtime.releaseObjectGroup': unknown
}

function primitiveOf({ type, value, unserializableValue }: inspector.Runtime.RemoteObject): unknown {
  if (unserializableValue === undefined) return type === 'undefined' ? undefined : value
  return type === 'bigint' ? BigInt(unserializableValue.slice(0, -1)) : Number(unserializableValue)
}

let present: Inspection | undefined
let closing: NodeJS.Timeout | undefined

/**
 * Returns the inspection of this thread; undefined if the process is being debugged or the runtime has no inspector.
 */
export function inspection(): Inspection | undefined {
  if (inspector.url() !== undefined) return undefined
  try {
    present ??= new Inspection()
  } catch {
    return undefined
  }
  return present
}

/** Closes the inspection soon, unless another exploration follows. To be called when an exploration is over. */
export function closeInspectionSoon(): void {
  nativeClearTimeout(closing)
  if (present === undefined) return
  // An inspection keeps every source that it has parsed, even of scripts that are gone.
  if (present.sources > MOST_SOURCES) close()
  else closing = nativeSetTimeout(close, IDLE_MS).unref()
}

function close(): void {
  present?.close()
  present = undefined
}
