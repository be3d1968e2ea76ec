/**
 * A job in the explorer's process, from its start to whatever ends it: its own end, the time, the memory, a signal, or the
 * process's death. The process is gone when this is done.
 */
import { onStop, type StopCause } from '../stop-cause.ts'
import { Explorer, type Death } from './child.ts'
import type { Job, Message, Place } from './messages.ts'

/** Milliseconds by which a search may be late to see that its time is over. */
const SLACK_MS = 250
/** Milliseconds to say what was found, after the search: at least, and for each second of its time. */
const FINISH_MS = 3000
const FINISH_MS_A_SECOND = 100
/** Milliseconds for an interrupted search to end by itself. */
const INTERRUPT_MS = 700
/** Milliseconds for a process that has said all to end by itself. */
const EXIT_MS = 500

export type JobEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | { readonly kind: 'time'; readonly place: Place }
  | { readonly kind: 'memory'; readonly place: Place }
  | { readonly kind: 'stopped'; readonly cause: StopCause; readonly place: Place }
  | { readonly kind: 'died'; readonly death: Death }

export interface JobOptions {
  /** Seconds for each scenario; the first one's include the loading of its file. */
  readonly timeout: number
  /** MiB. */
  readonly memory: number
  readonly hear: (message: Message) => void
}

export async function runJob(job: Job, options: JobOptions): Promise<JobEnd> {
  const run = new JobRun(options)
  const offStop = onStop((cause) => run.interrupt(cause))
  try {
    run.explorer = await Explorer.start(job, {
      memory: options.memory,
      onMessage: (message) => run.hear(message),
      onMemory: (place) => run.settle({ kind: 'memory', place }),
    })
    void run.explorer.gone.then((death) => run.settle({ kind: 'died', death }))
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
  explorer: Explorer | undefined
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

  hear(message: Message): void {
    const { timeout, hear } = this.#options
    hear(message)
    if (message.kind === 'done') return this.settle({ kind: 'done' })
    if (message.kind === 'refused') return this.settle(message)
    if (message.kind === 'explored' && this.#cause !== undefined) return this.interrupt(this.#cause)
    if (message.kind === 'ended') return this.#allow(FINISH_MS + timeout * FINISH_MS_A_SECOND)
    if (message.kind !== 'loading' && message.kind !== 'began') return
    if (this.#cause !== undefined) return this.interrupt(this.#cause)
    if (message.kind === 'loading' || !this.#first) this.#began = performance.now()
    if (message.kind === 'began') this.#first = false
    this.#allow(1000 * timeout - (performance.now() - this.#began) + (message.kind === 'began' ? SLACK_MS : 0))
  }

  /** The first time, the search is asked to end and say what it has; the second time, that is that. */
  interrupt(cause: StopCause): void {
    if (this.#cause !== undefined || this.#first) return this.settle({ kind: 'stopped', cause, place: {} })
    this.#cause = cause
    this.explorer?.stop()
    this.#allow(INTERRUPT_MS, (place) => ({ kind: 'stopped', cause, place }))
  }

  stopClock(): void {
    clearTimeout(this.#clock)
  }

  /** Ends the job after that time; where the process was then is part of the end. */
  #allow(milliseconds: number, end = (place: Place): JobEnd => ({ kind: 'time', place })): void {
    this.stopClock()
    const over = async (): Promise<void> => this.settle(end((await this.explorer?.where()) ?? {}))
    this.#clock = setTimeout(() => void over(), Math.max(0, milliseconds))
  }
}
