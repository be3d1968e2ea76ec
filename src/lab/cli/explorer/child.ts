/** The command's side of the explorer's process: starts the process, receives its messages, and ends it whatever it does. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { workerFile } from '../../../stress/worker-file.ts'
import { readLines } from './json-lines.ts'
import type { Job, Message, Whereabouts, Report, Request, ProcessTask } from './messages.ts'

/** Milliseconds within which the watching thread must say where the main thread is, also on a machine with too much to do. */
const ANSWER_MS = 8000

/** Whether the system has groups of processes. On Windows, a detached process would open a window instead. */
const GROUPS = process.platform !== 'win32'

export interface ExplorerProcessOptions {
  /** The limit of the process's memory, in MiB. */
  readonly memory: number
  readonly onMessage: (message: Message) => void
  /** Called when the process's memory has reached the limit. */
  readonly onMemory: (whereabouts: Whereabouts) => void
}

/** How the process ended. */
export interface ProcessExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Whether V8 reported that its heap was full. */
  readonly outOfHeap: boolean
}

/** A running process of the explorer. */
export class ExplorerProcess {
  readonly #child: ChildProcess
  readonly #gone: Promise<ProcessExit>
  #onWhereabouts: ((whereabouts: Whereabouts) => void) | undefined
  #outOfHeap = false

  private constructor(child: ChildProcess, options: ExplorerProcessOptions) {
    this.#child = child
    const [, stdout, stderr, messages, reports] = child.stdio as [null, Readable, Readable, Readable, Readable]
    // A killed process resets its pipes. Its end is reported by the event `exit`.
    for (const stream of [messages, reports]) stream.on('error', () => {})
    const heard = new Promise((resolve) =>
      readLines(messages, (line) => options.onMessage(line as Message)).once('close', resolve),
    )
    readLines(reports, (line) => {
      const report = line as Report
      if (report.kind === 'memory') options.onMemory(report.whereabouts)
      else this.#onWhereabouts?.(report.whereabouts)
    })
    this.#pass([stdout, stderr])
    const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
    this.#gone = Promise.all([exited, heard]).then(([[code, signal]]) => ({ code, signal, outOfHeap: this.#outOfHeap }))
  }

  /** Starts a process that does the job. */
  static async start(job: Job, options: ExplorerProcessOptions): Promise<ExplorerProcess> {
    const [file, watch, replay, sample, search] = await Promise.all([
      workerFile('explore'),
      workerFile('watch'),
      job.kind === 'replay' ? workerFile('replay') : '',
      job.kind === 'stress' ? workerFile('sample') : '',
      job.kind === 'explore' && job.workers > 1 ? workerFile('search') : '',
    ])
    const task: ProcessTask = { job, memory: options.memory, files: { watch, replay, sample, search } }
    // V8's own limit is higher: it applies only if the watching thread is too late.
    const limits = ['--enable-source-maps', `--max-old-space-size=${Math.ceil(options.memory * 1.25)}`]
    const child = spawn(process.execPath, [...inherited(process.execArgv), ...limits, file, JSON.stringify(task)], {
      // The scenario's output goes to stderr, because stdout belongs to the command.
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
      // The process leads a group of its own, so that the child processes of the file are ended with it.
      detached: GROUPS,
    })
    await once(child, 'spawn')
    return new ExplorerProcess(child, options)
  }

  /** Resolves when the process has ended and all its messages are received. */
  get gone(): Promise<ProcessExit> {
    return this.#gone
  }

  /** Asks the search to end and to report what it found. */
  stop(): void {
    this.#ask('stop')
  }

  /** Resolves to where the process's main thread is; to `unanswered` if it cannot be paused, as in a native call. */
  async where(): Promise<Whereabouts> {
    this.#ask('where')
    const answer = new Promise<Whereabouts>((resolve) => (this.#onWhereabouts = resolve))
    const none = new Promise<Whereabouts>((resolve) => setTimeout(resolve, ANSWER_MS, { unanswered: true }).unref())
    return Promise.race([answer, none, this.#gone.then(() => ({}))])
  }

  /** Ends the process and the child processes that the file started, and resolves when the process has ended. */
  async kill(): Promise<void> {
    if (GROUPS) killGroup(this.#child.pid!)
    else this.#child.kill('SIGKILL')
    await this.#gone
  }

  #ask(request: Request): void {
    const commands = this.#child.stdio[4] as Writable
    commands.write(`${JSON.stringify(request)}\n`)
  }

  /** Forwards the scenario's output to stderr, except V8's report of a full heap: for that the command prints one line itself. */
  #pass(streams: readonly Readable[]): void {
    for (const stream of streams) {
      stream.on('data', (bytes: Buffer) => {
        this.#outOfHeap ||= /<--- Last few GCs --->|heap out of memory/.test(bytes.toString('latin1'))
        if (!this.#outOfHeap) process.stderr.write(bytes)
      })
    }
  }
}

/** Ends all processes of a group. The group exists as long as it has a process, even if its leader has ended. */
function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL')
  } catch {
    // No process is left in the group.
  }
}

/**
 * Returns the options of this Node process that the scenario may need. Left out are the debugger and the TypeScript
 * loader, which the bundled process does not need.
 */
function inherited(options: readonly string[]): string[] {
  return options.filter(
    (option, index) =>
      !option.startsWith('--inspect') &&
      !(option === '--import' && options[index + 1] === 'tsx') &&
      !(option === 'tsx' && options[index - 1] === '--import'),
  )
}
