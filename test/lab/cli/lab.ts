/** Runs a command as a child process, as a user does: the lab, or another script. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { compiledLab } from './compiled.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

const LAB = 'src/lab/cli/main.ts'

let bundle: string | undefined

/** Node's arguments for a script: the lab compiled, as its user has it; a bench from source. */
function running(script: string): string[] {
  return script === LAB ? [(bundle ??= compiledLab())] : fromSource(script)
}

/** Node's arguments for a script of the checkout, as `npm run lab` has them. */
function fromSource(script: string): string[] {
  return ['--import', 'tsx', script]
}

export function start(
  args: readonly string[],
  script: string = LAB,
  env: Record<string, string> = {},
  stdout: 'pipe' | number = 'pipe',
): ChildProcess {
  return startNode([...running(script), ...args], env, stdout)
}

function startNode(args: readonly string[], env: Record<string, string>, stdout: 'pipe' | number): ChildProcess {
  return spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['pipe', stdout, 'pipe'],
  })
}

/** The command from a checkout, as `npm run lab` starts it. */
export function labFromSource(...args: readonly string[]): Promise<Ended> {
  return ended(startNode([...fromSource(LAB), ...args], {}, 'pipe'))
}

const HIDING = `
  export function resolve(specifier, context, next) {
    if (!/^express(-session)?$/.test(specifier)) return next(specifier, context)
    throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })
  }`
const REGISTERING = `
  import { register } from 'node:module'
  register(${JSON.stringify(moduleOf(HIDING))})`

/** Starts the command as if express and express-session were not installed. */
export function startWithoutExpress(args: readonly string[], script: string = LAB): ChildProcess {
  // Node 26 prints a warning for `register`, but Node 20 does not have its replacement.
  return start(args, script, { NODE_OPTIONS: `--disable-warning=DEP0205 --import ${moduleOf(REGISTERING)}` })
}

const HIDING_SQLITE = `
  import Module from 'node:module'
  const { getBuiltinModule } = process
  process.getBuiltinModule = (id) => (id === 'node:sqlite' ? undefined : getBuiltinModule(id))
  const { _resolveFilename } = Module
  Module._resolveFilename = (request, ...rest) => {
    if (!request.startsWith('better-sqlite3')) return _resolveFilename(request, ...rest)
    throw Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' })
  }`

/** Starts the command as on a Node without a SQLite of its own, where better-sqlite3 is not installed. */
export function startWithoutSqlite(args: readonly string[]): ChildProcess {
  return start(args, LAB, { NODE_OPTIONS: `--import ${moduleOf(HIDING_SQLITE)}` })
}

function moduleOf(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`
}

export function ended(child: ChildProcess): Promise<Ended> {
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
}

export function lab(...args: readonly string[]): Promise<Ended> {
  return ended(start(args))
}

export const HIDE_CURSOR = '\u001b[?25l'
export const SHOW_CURSOR = '\u001b[?25h'

export interface Terminal {
  readonly pid: number
  /** Types on the terminal's keyboard. */
  type(keys: string): void
}

/**
 * Runs the command on a pseudo-terminal, calls `whenRunning` once the screen shows `running`, and resolves to the exit
 * code and the screen.
 */
export async function onTerminal(
  args: readonly string[],
  whenRunning: (terminal: Terminal) => void,
  env: Record<string, string> = {},
  script: string = LAB,
  whenSeen: RegExp = /\((?:repetition )?1 of /,
): Promise<{ code: number | null; screen: string }> {
  // The shell prints its process id and then becomes the command.
  const command = `stty columns 100; echo pid=$$; exec ${process.execPath} ${[...running(script), ...args].join(' ')}`
  // Removes what a test runner or a CI adds to the environment: a user at a terminal does not have it.
  const person = { ...process.env, TERM: 'xterm', CI: undefined, FORCE_COLOR: undefined, NO_COLOR: undefined, ...env }
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], { cwd: root, env: person })
  let screen = ''
  let asked = false
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text
    const pid = /pid=(\d+)/.exec(screen)?.[1]
    if (asked || pid === undefined || !whenSeen.test(screen)) return
    asked = true
    whenRunning({ pid: Number(pid), type: (keys) => void child.stdin.write(keys) })
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve({ code, screen }))
  })
}
