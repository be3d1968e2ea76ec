/**
 * Positions: where in the source an access is. The frames of interest are those between the actor's function and the
 * replaced global, the outermost last.
 */
import { findSourceMap } from 'node:module'

/** A frame of a stack. */
export interface Frame {
  /** The function's name; empty at the top of a module or in a function without a name. */
  readonly name: string
  readonly file: string
  readonly line: number
  readonly column: number
}

/** The folders whose frames do not belong to the code under test, as URLs and as paths. */
const ownFolders: string[] = []
leaveOut(folderInStacks(new Error('here'), '..'))

/** Leaves the frames of a folder out of all positions. A program that calls the explorer leaves its own frames out. */
export function leaveOut({ href, pathname }: URL): void {
  ownFolders.push(href, pathname)
}

/**
 * Returns the URL of a folder as it appears in stacks. `folder` is relative to the file that made `here`. In a bundle
 * with a source map, this file differs from the location of the bundle.
 */
export function folderInStacks(here: Error, folder: string): URL {
  const file = parse((here.stack ?? '').split('\n')[1] ?? '')?.file ?? import.meta.url
  return new URL(folder, file.startsWith('/') ? `file://${file}` : file)
}

/**
 * Returns an error that keeps the present stack. V8 makes the text of the stack when `stack` is first read, which costs
 * far more.
 */
export function captureError(): Error {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 60
  const error = new Error('position')
  Error.stackTraceLimit = limit
  return error
}

/** Returns what `prepare` makes of the present stack, of at most `limit` frames. */
function presentStack<Result>(limit: number, prepare: (error: Error, sites: NodeJS.CallSite[]) => Result): Result {
  const { stackTraceLimit, prepareStackTrace } = Error
  Error.stackTraceLimit = limit
  Error.prepareStackTrace = prepare
  const made = Reflect.get(new Error('position'), 'stack') as unknown as Result
  Error.stackTraceLimit = stackTraceLimit
  Error.prepareStackTrace = prepareStackTrace
  return made
}

/** Returns the present stack as text. */
export function captureStack(): string {
  return captureError().stack ?? ''
}

/** How many frames a raw stack has, including those of the explorer. */
const RAW_DEPTH = 24

/**
 * Returns the position of the code under test as a text for comparison: its innermost frames, as V8 runs them, without
 * source maps.
 */
export function rawStack(): string {
  return presentStack(RAW_DEPTH, rawPositions)
}

function rawPositions(_: Error, sites: NodeJS.CallSite[]): string {
  const positions: string[] = []
  for (const site of sites) {
    const file = site.getScriptNameOrSourceURL() ?? ''
    const [line, column] = [site.getLineNumber() ?? 0, site.getColumnNumber() ?? 0]
    if (!isOwnPosition(file, line, column)) positions.push(`${scriptOf(site, file)}:${line}:${column}`)
    else if (positions.length > 0) break
  }
  return positions.join()
}

/** Returns the name of a script. Scripts that are no files may have the same name, so they are told apart by a hash. */
function scriptOf(site: NodeJS.CallSite, file: string): string {
  return /^(?:file:|node:|\/)/.test(file) ? file : `${file} ${site.getScriptHash()}`
}

/** A frame of the whole stack, as V8 runs it. */
export interface RawFrame {
  /** The name of the script; undefined for code of the language. */
  readonly script: string | undefined
  /** V8's hash of the script's source. */
  readonly hash: string
  /** Both count from 1. */
  readonly line: number
  readonly column: number
  /** The name of the property that holds the function; null if it is not known. */
  readonly method: string | null
}

/** The name of the function that stands between a covered method and its caller (globals/covered-calls.ts). */
export const COVERED_CALL = 'coveredCall'

/** Returns all frames of the present stack, the innermost first. */
export function wholeStack(): RawFrame[] {
  return presentStack(Infinity, rawFrames)
}

function rawFrames(_: Error, sites: NodeJS.CallSite[]): RawFrame[] {
  return sites.filter((site) => !isCoveredCall(site)).map(rawFrame)
}

function isCoveredCall(site: NodeJS.CallSite): boolean {
  if (site.getFunctionName() !== COVERED_CALL) return false
  const { script, line, column } = rawFrame(site)
  return isOwnPosition(script ?? '', line, column)
}

function rawFrame(site: NodeJS.CallSite): RawFrame {
  const [file, line, column] = [site.getScriptNameOrSourceURL(), site.getLineNumber(), site.getColumnNumber()]
  const script = typeof file !== 'string' && line === null ? undefined : (file ?? '')
  return { script, hash: site.getScriptHash(), line: line ?? 0, column: column ?? 0, method: site.getMethodName() }
}

/**
 * Returns, for each frame of the code under test, the innermost first, whether code of the language has called it, such
 * as Array.prototype.map.
 */
export function callbacksIn(stack: readonly RawFrame[]): boolean[] {
  const callbacks: boolean[] = []
  for (const { script, line, column } of stack) {
    if (script === undefined) {
      if (callbacks.length > 0) callbacks[callbacks.length - 1] = true
    } else if (!isOwnPosition(script, line, column)) {
      if (callbacks.length > 0 || !script.startsWith('node:')) callbacks.push(false)
    } else if (callbacks.length > 0) break
  }
  return callbacks
}

/** Returns the frames of the code under test, the innermost first. */
export function framesOf(stack: string): Frame[] {
  const frames: Frame[] = []
  for (const line of stack.split('\n')) {
    const frame = parse(line)
    if (frame === undefined || (frame.name.endsWith(COVERED_CALL) && isOwn(frame.file))) continue
    // The explorer's frames stand above the code under test and below it. A run may be nested in another, so the second
    // group of its frames ends the list.
    if (isOwn(frame.file)) {
      if (frames.length > 0) break
    } else if (!OF_NODE.test(frame.file)) {
      frames.push(frame)
    }
  }
  return frames
}

/** The files of Node, and what a breakpoint in them evaluates. */
const OF_NODE = /^node:|^<anonymous>$|^eval at .* \(node:/

function isOwn(file: string): boolean {
  return ownFolders.some((folder) => file.startsWith(folder))
}

/** The name that V8 has for the script of this file. A bundle may contain the code under test as well. */
const OWN_SCRIPT = scriptOfThis()
const ownPositions = new Map<string, boolean>()

function scriptOfThis(): string {
  const { prepareStackTrace } = Error
  Error.prepareStackTrace = (_, [site]) => site?.getScriptNameOrSourceURL() ?? ''
  const { stack = '' } = new Error('here')
  Error.prepareStackTrace = prepareStackTrace
  return stack
}

/** Whether a position in a script belongs to the explorer. `line` and `column` count from 1, as V8 does. */
export function isOwnPosition(script: string, line: number, column: number): boolean {
  if (isOwn(script)) return true
  if (script !== OWN_SCRIPT) return false
  const key = `${line}:${column}`
  let own = ownPositions.get(key)
  if (own === undefined) ownPositions.set(key, (own = isOwnInBundle(line, column)))
  return own
}

function isOwnInBundle(line: number, column: number): boolean {
  const entry = findSourceMap(OWN_SCRIPT)?.findEntry(line - 1, column - 1)
  return entry === undefined || !('originalSource' in entry) || isOwn(entry.originalSource)
}

function parse(line: string): Frame | undefined {
  const match = /^\s*at (?:(?:async )?(?:new )?(.*?) (?:\[as [^\]]*\] )?\()?(?:async )?(.*?):(\d+):(\d+)\)?$/.exec(line)
  if (match === null) return undefined
  const [, name = '', file = '', row, column] = match
  return { name: name.replace(/^Object\./, ''), file: plainFile(file), line: Number(row), column: Number(column) }
}

/**
 * Returns the plain name of a file. TypeScript that is loaded as CommonJS has a data: URL that names the file; a module
 * that is imported again has a query.
 */
function plainFile(file: string): string {
  const inside = /^data:.*?__filename(?:=|%3D)(?:"|%22)?(.*?)(?:"|%22|\?|%3F|&|,|;)/.exec(file)?.[1]
  return (inside === undefined ? file : decodeURIComponent(inside)).replace(/\?.*$/, '')
}

/** Returns a position as text: `file:line:column`, the file relative to the working directory. */
export function formatFrame(frame: Frame): string {
  const path = frame.file.startsWith('file:') ? decodeURIComponent(new URL(frame.file).pathname) : frame.file
  const folder = `${process.cwd()}/`
  return `${path.startsWith(folder) ? path.slice(folder.length) : path}:${frame.line}:${frame.column}`
}

/** The functions of a scenario that are not actors. */
const OUTSIDE_ACTORS: ReadonlySet<string> = new Set(['memory', 'setup', 'names', 'observe', 'invariant'])

/**
 * Returns the name of the scenario's function, other than an actor, that the frames are in, such as `memory()`;
 * undefined if there is none.
 */
export function functionIn(frames: readonly Frame[]): string | undefined {
  const name = frames.findLast((frame) => OUTSIDE_ACTORS.has(frame.name))?.name
  return name === undefined ? undefined : `${name}()`
}

/** Returns a frame as a line of a stack: `at name file:line:column`, without the name if there is none. */
export function frameLine(frame: Frame): string {
  return `at ${frame.name === '' ? '' : `${frame.name} `}${formatFrame(frame)}`
}

/**
 * Returns the innermost position of a stack as the end of a sentence; empty if the stack has none. Default: the present
 * stack.
 */
export function atLine(stack: string = captureStack()): string {
  const [frame] = framesOf(stack)
  return frame === undefined ? '' : `\n    at ${formatFrame(frame)}`
}
