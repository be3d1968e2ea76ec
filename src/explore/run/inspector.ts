/**
 * The running thread's session with V8's own inspector. A session of a thread with itself does not stop the thread: at a
 * pause the listeners run at once, and then the thread continues.
 *
 * The session is opened when it is first needed, and closed a second after the last exploration. If a debugger is
 * attached to the process, it would stop at the pauses, so there is no session then.
 */
import inspector from 'node:inspector'
import { setFlagsFromString } from 'node:v8'

/** How long the session stays open after an exploration, in milliseconds. */
const IDLE_MS = 1000
/** The most scripts of which a session keeps the source after an exploration. */
const MOST_SOURCES = 500
/** The property of the global object through which the session and this file exchange values. */
const EXCHANGE = '__racelabExchange'

const nativeSetTimeout = setTimeout
const nativeClearTimeout = clearTimeout

type Paused = inspector.Debugger.PausedEventDataType
type Remote = inspector.Runtime.RemoteObject

/** An open session with the inspector. */
export class InspectorSession {
  /** The scripts that V8 has compiled, by their numbers. */
  readonly scripts = new Map<string, inspector.Debugger.ScriptParsedEventDataType>()
  readonly #session = new inspector.Session()
  /** Whether breakpoints are active, and how many callers need them to be. */
  #active = false
  #pausing = 0
  #watching = 0
  #isQuiet = false
  #read = 0

  constructor() {
    // Before Node 22, a value that was optimised away reads as undefined without this flag, and would be taken for a
    // real undefined.
    if (Number.parseInt(process.versions.node, 10) < 22) setFlagsFromString('--experimental-value-unavailable')
    this.#session.connect()
    this.#session.on('Debugger.scriptParsed', ({ params }) => this.scripts.set(params.scriptId, params))
    this.post('Debugger.enable')
    this.post('Debugger.setBreakpointsActive', { active: false })
  }

  close(): void {
    this.#session.disconnect()
  }

  /** Whether the inspector keeps the sources of too many scripts: it keeps each one that it has parsed. */
  get isLarge(): boolean {
    return this.#read > MOST_SOURCES
  }

  /** Calls `listener` at each pause, with breakpoints active, until the returned function is called. */
  onPause(listener: (paused: Paused) => void): () => void {
    const listening = ({ params }: { params: Paused }): void => listener(params)
    this.#session.on('Debugger.paused', listening)
    this.#pausing++
    this.#activate()
    return () => {
      this.#session.off('Debugger.paused', listening)
      this.#pausing--
      this.#activate()
    }
  }

  /** Makes the breakpoints active until the returned function is called, except within `withUnoptimised`. */
  watch(): () => void {
    this.#watching++
    this.#activate()
    return () => {
      this.#watching--
      this.#activate()
    }
  }

  /**
   * Calls `work` and returns what it returns. Meanwhile V8 runs the functions at these places without optimised code: it does
   * not optimise a function with a breakpoint. Breakpoints are active only within `onPause`: each pass through one takes
   * time.
   */
  withUnoptimised<Result>(locations: readonly inspector.Debugger.Location[], work: () => Result): Result {
    const set = locations.flatMap((location) => this.tryPost('Debugger.setBreakpoint', { location }) ?? [])
    this.#isQuiet = true
    this.#activate()
    try {
      return work()
    } finally {
      for (const { breakpointId } of set) this.post('Debugger.removeBreakpoint', { breakpointId })
      this.#isQuiet = false
      this.#activate()
    }
  }

  #activate(): void {
    const active = this.#pausing > 0 || (this.#watching > 0 && !this.#isQuiet)
    if (active !== this.#active) this.post('Debugger.setBreakpointsActive', { active })
    this.#active = active
  }

  /** Sends a request to the inspector and returns its answer. */
  post<Method extends keyof Answers>(method: Method, params: object = {}): Answers[Method] {
    let refusal = ''
    const answer = this.tryPost(method, params, (message) => (refusal = message))
    if (answer === undefined) throw new Error(`the inspector refused ${method}: ${refusal}`)
    return answer
  }

  /** Sends a request and returns its answer; undefined if the inspector refuses it. */
  tryPost<Method extends keyof Answers>(
    method: Method,
    params: object,
    onRefusal: (message: string) => void = () => {},
  ): Answers[Method] | undefined {
    let answer: Answers[Method] | undefined
    this.#session.post(method, params, (error, result) => {
      if (error === null) answer = result as Answers[Method]
      else onRefusal(error.message)
    })
    return answer
  }

  /** Returns the source of a script. */
  sourceOf(scriptId: string): string {
    this.#read++
    return this.post('Debugger.getScriptSource', { scriptId }).scriptSource
  }

  /** Returns the URL of the script that a function is in; undefined for a native function. */
  scriptOf(target: object): string | undefined {
    const { internalProperties = [] } = this.post('Runtime.getProperties', { objectId: this.idOf(target) })
    const location = internalProperties.find(({ name }) => name === '[[FunctionLocation]]')?.value
    const { scriptId = '' } = (location?.value ?? {}) as Partial<inspector.Debugger.Location>
    return this.scripts.get(scriptId)?.url
  }

  /** Returns the inspector's number for an object. `release` ends it. */
  idOf(target: object): string {
    Reflect.set(globalThis, EXCHANGE, target)
    const { result } = this.post('Runtime.evaluate', { expression: `globalThis.${EXCHANGE}`, objectGroup: EXCHANGE })
    return result.objectId ?? ''
  }

  /** Releases the objects that have got numbers. */
  release(): void {
    this.post('Runtime.releaseObjectGroup', { objectGroup: EXCHANGE })
  }

  /** Returns the value that a remote object of the inspector stands for. */
  valueOf(remote: Remote | undefined): unknown {
    if (remote?.objectId === undefined) return remote === undefined ? undefined : primitiveOf(remote)
    return this.valuesOf([{ objectId: remote.objectId }])[0]
  }

  /** Returns the values that remote objects stand for, the first of which is an object. All come in one call. */
  valuesOf(remotes: readonly (Partial<Remote> | Record<string, never>)[]): unknown[] {
    const [first] = remotes
    const functionDeclaration = `function (...all) { ${EXCHANGE} = all }`
    this.post('Runtime.callFunctionOn', { objectId: first?.objectId, functionDeclaration, arguments: remotes })
    return Reflect.get(globalThis, EXCHANGE) as unknown[]
  }
}

/** The types of Node leave out what the protocol marks as experimental. */
interface Properties extends inspector.Runtime.GetPropertiesReturnType {
  readonly privateProperties?: readonly { readonly name: string; readonly value?: Remote }[]
}

interface Answers {
  'Debugger.enable': unknown
  'Debugger.removeBreakpoint': unknown
  'Debugger.setBreakpoint': { readonly breakpointId: string }
  'Debugger.setBreakpointOnFunctionCall': { readonly breakpointId: string }
  'Debugger.setBreakpointsActive': unknown
  'Debugger.getScriptSource': inspector.Debugger.GetScriptSourceReturnType
  'Runtime.evaluate': inspector.Runtime.EvaluateReturnType
  'Runtime.getProperties': Properties
  'Runtime.callFunctionOn': unknown
  'Runtime.releaseObjectGroup': unknown
}

function primitiveOf({ type, value, unserializableValue }: Remote): unknown {
  if (unserializableValue === undefined) return type === 'undefined' ? undefined : value
  return type === 'bigint' ? BigInt(unserializableValue.slice(0, -1)) : Number(unserializableValue)
}

let present: InspectorSession | undefined
let closing: NodeJS.Timeout | undefined

/** Returns the session of this thread; undefined if the process is being debugged or the runtime has no inspector. */
export function inspectorSession(): InspectorSession | undefined {
  if (inspector.url() !== undefined) return undefined
  try {
    present ??= new InspectorSession()
  } catch {
    return undefined
  }
  return present
}

/** Closes the session soon, unless another exploration follows. To be called when an exploration is over. */
export function closeSessionSoon(): void {
  nativeClearTimeout(closing)
  if (present === undefined) return
  if (present.isLarge) close()
  else closing = nativeSetTimeout(close, IDLE_MS).unref()
}

function close(): void {
  present?.close()
  present = undefined
}
