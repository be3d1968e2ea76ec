/**
 * Runs a job in the explorer's process until it is done, or until a time limit, the memory limit, a signal or a crash
 * ends it.
 */
import { onStop } from '../../../terminal/stop-cause.ts'
import type { StopCause } from '../../../terminal/stop-cause.ts'
import { ExplorerProcess } from './child.ts'
import type { ProcessExit } from './child.ts'
import type { Job, Message, Whereabouts } from './messages.ts'

/** Milliseconds by which a search may notice too late that its time is up. */
const SLACK_MS = 250
/** Milliseconds to record the failures after the search: a minimum, and an addition for each second of the time limit. */
const FINISH_MS = 3000
const FINISH_MS_A_SECOND = 100
/** Milliseconds for the turns after an exploration, which take about 5 if the file does nothing in them. */
const TURNS_MS = 1000
/** Milliseconds for an interrupted search to end by itself. */
const INTERRUPT_MS = 700
/** Milliseconds for a process that has done its job to end by itself. */
const EXIT_MS = 500

/** What ended a job. */
export type JobEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  /** `ms` is the time of the current scenario until then, in milliseconds. */
  | { readonly kind: 'time'; readonly whereabouts: Whereabouts; readonly ms: number }
  | { readonly kind: 'memory'; readonly whereabouts: Whereabouts }
  | { readonly kind: 'stopped'; readonly cause: StopCause; readonly whereabouts: Whereabouts }
  | { readonly kind: 'exited'; readonly exit: ProcessExit }

export interface JobOptions {
  /**
   * The time for each scenario, in seconds. The first scenario's time includes the loading of the file. For sampling: the time
   * until there is something new.
   */
  readonly timeout: number
  /** The limit of the process's memory, in MiB. */
  readonly memory: number
  readonly onMessage: (message: Message) => void
}

/** Runs a job and returns what ended it. The process has ended when this resolves. */
export async function runJob(job: Job, options: JobOptions): Promise<JobEnd> {
  const run = new JobRun(options)
  const offStop = onStop((cause) => run.interrupt(cause))
  try {
    run.explorer = await ExplorerProcess.start(job, {
      memory: options.memory,
      onMessage: (message) => run.handle(message),
      onMemory: (whereabouts) => run.settle({ kind: 'memory', whereabouts }),
    })
    void run.explorer.gone.then((exit) => run.settle({ kind: 'exited', exit }))
    const end = await run.ended
    if (end.kind === 'done' || end.kind === 'refused')
      await Promise.race([run.explorer.gone, new Promise((resolve) => setTimeout(resolve, EXIT_MS).unref())])
    return end
  } finally {
    offStop()
    run.stopClock()
    await run.explorer?.kill()
  }
}

class JobRun {
  explorer: ExplorerProcess | undefined
  readonly ended: Promise<JobEnd>
  settle: (end: JobEnd) => void = () => {}
  readonly #options: JobOptions
  #clock: NodeJS.Timeout | undefined
  #began = 0
  #first = true
  #cause: StopCause | undefined

  constructor(options: JobOptions) {
    this.#options = options
    this.ended = new Promise((resolve) => (this.settle = resolve))
  }

  handle(message: Message): void {
    const { timeout, onMessage } = this.#options
    onMessage(message)
    if (message.kind === 'done') return this.settle({ kind: 'done' })
    if (message.kind === 'refused') return this.settle(message)
    if (message.kind === 'explored' && this.#cause !== undefined) return this.interrupt(this.#cause)
    if (message.kind === 'ended') return this.#endAfter(FINISH_MS + timeout * FINISH_MS_A_SECOND)
    if (message.kind === 'recorded') return this.#endAfter(TURNS_MS)
    if (message.kind === 'sampling' || message.kind === 'sampled') return this.#sampled(message.kind)
    if (message.kind !== 'loading' && message.kind !== 'began') return
    if (this.#cause !== undefined) return this.interrupt(this.#cause)
    if (message.kind === 'loading' || !this.#first) this.#began = performance.now()
    if (message.kind === 'began') this.#first = false
    this.#endAfter(1000 * timeout - (performance.now() - this.#began) + (message.kind === 'began' ? SLACK_MS : 0))
  }

  /** Gives a sampling process the whole time again, because it has shown that it goes on. */
  #sampled(kind: 'sampling' | 'sampled'): void {
    this.#first = false
    if (this.#cause !== undefined) return kind === 'sampled' ? this.interrupt(this.#cause) : undefined
    this.#began = performance.now()
    this.#endAfter(1000 * this.#options.timeout)
  }

  /** Asks the search to end and to report what it found. A second call ends the job at once. */
  interrupt(cause: StopCause): void {
    if (this.#cause !== undefined || this.#first) return this.settle({ kind: 'stopped', cause, whereabouts: {} })
    this.#cause = cause
    this.explorer?.stop()
    this.#endAfter(INTERRUPT_MS, (whereabouts) => ({ kind: 'stopped', cause, whereabouts }))
  }

  stopClock(): void {
    clearTimeout(this.#clock)
  }

  /** Ends the job after this time, unless it is called again before. The end says where the process was. */
  #endAfter(milliseconds: number, end?: (whereabouts: Whereabouts) => JobEnd): void {
    this.stopClock()
    const timeUp = (whereabouts: Whereabouts): JobEnd => ({
      kind: 'time',
      whereabouts,
      ms: performance.now() - this.#began,
    })
    const over = async (): Promise<void> => this.settle((end ?? timeUp)((await this.explorer?.where()) ?? {}))
    this.#clock = setTimeout(() => void over(), Math.max(0, milliseconds))
  }
}
