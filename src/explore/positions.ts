/**
 * Where in the source an access is: the frames between the actor's function and the replaced global, outermost last.
 */
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
const OWN_FOLDERS = ['.', '../cli/'].flatMap((folder) => {
  const { href, pathname } = new URL(folder, OWN_FILE.startsWith('/') ? `file://${OWN_FILE}` : OWN_FILE)
  return [href, pathname]
})

/** The stack as text; reading it apart waits until somebody wants to see it. */
export function captureStack(): string {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 60
  const { stack = '' } = new Error('position')
  Error.stackTraceLimit = limit
  return stack
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

/** The line that is running now, as the end of a sentence. */
export function callSite(): string {
  const [frame] = framesOf(captureStack())
  return frame === undefined ? '' : `\n    at ${formatFrame(frame)}`
}
