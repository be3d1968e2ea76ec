/** The command's side of the explorer's process: starts it, hears it, and ends it whatever it does. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { workerFile } from '../../../stress/worker-file.ts'
import { readLines } from './json-lines.ts'
import type { Job, Message, Place, Report, Request, Task } from './messages.ts'

/** Milliseconds for the watching thread to say where the main thread is; it waits for a statement itself. */
const ANSWER_MS = 2000

export interface ExplorerOptions {
  /** MiB. */
  readonly memory: number
  readonly onMessage: (message: Message) => void
  /** Its memory has reached the limit. */
  readonly onMemory: (place: Place) => void
}

/** How a process ended that was not ended on purpose. */
export interface Death {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly outOfHeap: boolean
}

export class Explorer {
  readonly #child: ChildProcess
  readonly #gone: Promise<Death>
  #onPlace: ((place: Place) => void) | undefined
  #outOfHeap = false

  private constructor(child: ChildProcess, options: ExplorerOptions) {
    this.#child = child
    const [, stdout, stderr, messages, reports] = child.stdio as [null, Readable, Readable, Readable, Readable]
    // A process that is killed resets its pipes; that it is gone is heard otherwise.
    for (const stream of [messages, reports]) stream.on('error', () => {})
    const heard = new Promise((resolve) =>
      readLines(messages, (line) => options.onMessage(line as Message)).once('close', resolve),
    )
    readLines(reports, (line) => {
      const report = line as Report
      if (report.kind === 'memory') options.onMemory(report.place)
      else this.#onPlace?.(report.place)
    })
    this.#pass([stdout, stderr])
    const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
    this.#gone = Promise.all([exited, heard]).then(([[code, signal]]) => ({ code, signal, outOfHeap: this.#outOfHeap }))
  }

  static async start(job: Job, options: ExplorerOptions): Promise<Explorer> {
    const [file, watch, replay] = await Promise.all([
      workerFile('explore'),
      workerFile('watch'),
      job.kind === 'replay' ? workerFile('replay') : '',
    ])
    const task: Task = { job, memory: options.memory, files: { watch, replay } }
    // V8 comes to its own limit only where the watching thread is too late.
    const limits = ['--enable-source-maps', `--max-old-space-size=${Math.ceil(options.memory * 1.25)}`]
    const child = spawn(process.execPath, [...inherited(process.execArgv), ...limits, file, JSON.stringify(task)], {
      // What the scenario prints goes to stderr: stdout is the command's own.
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    })
    await once(child, 'spawn')
    return new Explorer(child, options)
  }

  /** Resolves when the process has ended and all that it said was heard. */
  get gone(): Promise<Death> {
    return this.#gone
  }

  /** Asks the search to end, and to say what it has. */
  stop(): void {
    this.#ask('stop')
  }

  /** Where its main thread is. Nothing, if the watching thread does not answer either. */
  async where(): Promise<Place> {
    this.#ask('where')
    const answer = new Promise<Place>((resolve) => (this.#onPlace = resolve))
    const none = new Promise<Place>((resolve) => setTimeout(resolve, ANSWER_MS, {}).unref())
    return Promise.race([answer, none, this.#gone.then(() => ({}))])
  }

  /** Ends the process. Resolves when it is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#gone
  }

  #ask(request: Request): void {
    const commands = this.#child.stdio[4] as Writable
    commands.write(`${JSON.stringify(request)}\n`)
  }

  /** Passes on what the scenario prints, but not V8's account of a full heap: that becomes one line of ours. */
  #pass(streams: readonly Readable[]): void {
    for (const stream of streams) {
      stream.on('data', (bytes: Buffer) => {
        this.#outOfHeap ||= /<--- Last few GCs --->|heap out of memory/.test(bytes.toString('latin1'))
        if (!this.#outOfHeap) process.stderr.write(bytes)
      })
    }
  }
}

/** The options of this Node that the scenario may need. The loader for TypeScript is not: the process is plain JavaScript. */
function inherited(options: readonly string[]): string[] {
  return options.filter(
    (option, index) =>
      !option.startsWith('--inspect') &&
      !(option === '--import' && options[index + 1] === 'tsx') &&
      !(option === 'tsx' && options[index - 1] === '--import'),
  )
}
