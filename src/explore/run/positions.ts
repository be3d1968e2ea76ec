/**
 * Where in the source an access is: the frames between the actor's function and the replaced global, outermost last.
 */
import { findSourceMap } from 'node:module'

export interface Frame {
  /** The function's name; empty at the top of a module or in a nameless function. */
  readonly name: string
  readonly file: string
  readonly line: number
  readonly column: number
}

/** This file as stacks name it: in a bundle with a source map, that is not where the bundle is. */
const OWN_FILE = parse((new Error('here').stack ?? '').split('\n')[1] ?? '')?.file ?? import.meta.url
/** The explorer and the command that calls it, as addresses and as paths. */
const OWN_FOLDERS = ['..', '../../lab/cli/'].flatMap((folder) => {
  const { href, pathname } = ownFolder(folder)
  return [href, pathname]
})

/** A folder beside this file, as stacks name it. */
export function ownFolder(folder: string): URL {
  return new URL(folder, OWN_FILE.startsWith('/') ? `file://${OWN_FILE}` : OWN_FILE)
}

/** An error that keeps the present stack. V8 makes the text when `stack` is first read, which costs far more. */
export function captureError(): Error {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 60
  const error = new Error('position')
  Error.stackTraceLimit = limit
  return error
}

/** The present stack as text. */
export function captureStack(): string {
  return captureError().stack ?? ''
}

/** How many frames a raw stack has, with the explorer's own. */
const RAW_DEPTH = 24

/** Where the code under test is, as text to compare: its innermost frames, not mapped back to any source. */
export function rawStack(): string {
  const { stackTraceLimit, prepareStackTrace } = Error
  Error.stackTraceLimit = RAW_DEPTH
  Error.prepareStackTrace = rawPositions
  const { stack = '' } = new Error('position')
  Error.stackTraceLimit = stackTraceLimit
  Error.prepareStackTrace = prepareStackTrace
  return stack
}

function rawPositions(_: Error, sites: NodeJS.CallSite[]): string {
  const places: string[] = []
  for (const site of sites) {
    const file = site.getScriptNameOrSourceURL() ?? ''
    const [line, column] = [site.getLineNumber() ?? 0, site.getColumnNumber() ?? 0]
    if (!isOwnPlace(file, line, column)) places.push(`${file}:${line}:${column}`)
    else if (places.length > 0) break
  }
  return places.join()
}

/** The frames of the code under test, the innermost first. */
export function framesOf(stack: string): Frame[] {
  const frames: Frame[] = []
  for (const line of stack.split('\n')) {
    const frame = parse(line)
    if (frame === undefined) continue
    // The explorer stands above the code under test and below it; a run may be nested in another.
    if (isOwn(frame.file)) {
      if (frames.length > 0) break
    } else if (!frame.file.startsWith('node:') && frame.file !== '<anonymous>') {
      frames.push(frame)
    }
  }
  return frames
}

function isOwn(file: string): boolean {
  return OWN_FOLDERS.some((folder) => file.startsWith(folder))
}

/** The script that this code is in, as V8 names it: a bundle may have the code under test in it as well. */
const OWN_SCRIPT = scriptOfThis()
const ownPlaces = new Map<string, boolean>()

function scriptOfThis(): string {
  const { prepareStackTrace } = Error
  Error.prepareStackTrace = (_, [site]) => site?.getScriptNameOrSourceURL() ?? ''
  const { stack = '' } = new Error('here')
  Error.prepareStackTrace = prepareStackTrace
  return stack
}

/** Whether a place in a script is the explorer's own; line and column from 1, as V8 has them. */
export function isOwnPlace(script: string, line: number, column: number): boolean {
  if (isOwn(script)) return true
  if (script !== OWN_SCRIPT) return false
  const key = `${line}:${column}`
  let own = ownPlaces.get(key)
  if (own === undefined) ownPlaces.set(key, (own = isOwnInBundle(line, column)))
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

/** TypeScript that is loaded as CommonJS comes as a data: URL that names the file; what is imported anew has a query. */
function plainFile(file: string): string {
  const inside = /^data:.*?__filename(?:=|%3D)(?:"|%22)?(.*?)(?:"|%22|\?|%3F|&|,|;)/.exec(file)?.[1]
  return (inside === undefined ? file : decodeURIComponent(inside)).replace(/\?.*$/, '')
}

/** A position for people: relative to where they are. */
export function formatFrame(frame: Frame): string {
  const path = frame.file.startsWith('file:') ? decodeURIComponent(new URL(frame.file).pathname) : frame.file
  const here = `${process.cwd()}/`
  return `${path.startsWith(here) ? path.slice(here.length) : path}:${frame.line}:${frame.column}`
}

/** The scenario's functions that are no actors. */
const APART: ReadonlySet<string> = new Set(['memory', 'names', 'observe', 'invariant'])

/** Which of the scenario's functions that are no actors the frames are in: `memory()`. */
export function partIn(frames: readonly Frame[]): string | undefined {
  const name = frames.findLast((frame) => APART.has(frame.name))?.name
  return name === undefined ? undefined : `${name}()`
}

/** The line that is running now, as the end of a sentence. */
export function callSite(): string {
  const [frame] = framesOf(captureStack())
  return frame === undefined ? '' : `\n    at ${formatFrame(frame)}`
}
