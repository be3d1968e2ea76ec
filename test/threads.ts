/**
 * Real threads for tests. A fixture module ends with `serve({ … })`: the jobs that threads can do, by name. A test takes
 * `threads<Jobs>(file)`, runs a job on so many threads over one shared memory, and ends them in an `afterAll`.
 *
 * All threads of a run start together, through a gate that is written here on bare Atomics: a test of sync must not need
 * sync to be right. Nothing is ordered by time. The only clocks are watchdogs, which make an error of a hang.
 */
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Worker, parentPort } from 'node:worker_threads'
import { bundle } from '../src/stress/worker-file.ts'

/** What a thread does: over the shared words, as one of so many. */
export type Job = (words: Int32Array, thread: number, count: number) => unknown

export interface Threads<Jobs extends Record<string, Job>> {
  /** Does a job on so many threads at once, and something else here meanwhile; resolves to what each thread returned. */
  readonly run: <Name extends keyof Jobs & string>(
    job: Name,
    count: number,
    words: Int32Array,
    meanwhile?: () => Promise<void> | void,
  ) => Promise<ReturnType<Jobs[Name]>[]>
  /** Ends all threads. */
  readonly end: () => Promise<void>
}

interface Task {
  readonly job: string
  readonly words: Int32Array
  readonly gate: Int32Array
  readonly thread: number
  readonly count: number
}

/** No run takes nearly as long; one that does hangs. */
const HANGS_AFTER = 10_000

/** The last line of a fixture: does the jobs that it is told. On the test's own thread, which imports names, does nothing. */
export function serve(jobs: Record<string, Job>): void {
  parentPort?.on('message', ({ job, words, gate, thread, count }: Task) => {
    gather(gate, 0, count)
    parentPort?.postMessage(jobs[job]!(words, thread, count))
  })
}

/** Waits until so many arrivals have been counted in a word. */
export function gather(words: Int32Array, at: number, arrivals: number): void {
  if (Atomics.add(words, at, 1) + 1 === arrivals) Atomics.notify(words, at)
  for (let seen = 0; (seen = Atomics.load(words, at)) < arrivals;) Atomics.wait(words, at, seen)
}

/** Threads for the jobs of a fixture. They start when first needed, and are kept for the next run unless one failed. */
export function threads<Jobs extends Record<string, Job>>(fixture: URL): Threads<Jobs> {
  const bundled = bundle(fileURLToPath(fixture))
  let workers: Worker[] = []

  async function end(): Promise<void> {
    const ended = workers
    workers = []
    await Promise.all(ended.map((worker) => worker.terminate()))
  }

  async function run<Name extends keyof Jobs & string>(
    job: Name,
    count: number,
    words: Int32Array,
    meanwhile: () => Promise<void> | void = () => {},
  ): Promise<ReturnType<Jobs[Name]>[]> {
    const path = await bundled
    while (workers.length < count) workers.push(new Worker(path))
    const gate = freshWords(1)
    let watchdog: NodeJS.Timeout | undefined
    let done = false
    try {
      const hang = new Promise<never>((_, reject) => {
        watchdog = setTimeout(() => reject(new Error(`${job} on ${count} threads hangs`)), HANGS_AFTER)
      })
      const answers = Promise.all(
        workers.slice(0, count).map((worker, thread) => ask(worker, { job, words, gate, thread, count })),
      )
      await Promise.race([Promise.all([answers, Promise.resolve(meanwhile())]), hang])
      const results = (await answers) as ReturnType<Jobs[Name]>[]
      done = true
      return results
    } finally {
      clearTimeout(watchdog)
      if (!done) await end()
    }
  }

  return { run, end }
}

/** Fresh words, all zero. */
export function freshWords(count: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(4 * count))
}

/** Waits, without blocking the event loop, until something can be seen in memory. */
export async function until(seen: () => boolean): Promise<void> {
  const start = performance.now()
  while (!seen()) {
    if (performance.now() - start > HANGS_AFTER) throw new Error(`It never came to this: ${seen.toString()}`)
    await setImmediate()
  }
}

function ask(worker: Worker, task: Task): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const exited = (code: number) => reject(new Error(`A thread exited with code ${code} before it answered`))
    worker.once('error', reject).once('exit', exited)
    worker.once('message', (result) => {
      worker.off('error', reject).off('exit', exited)
      resolve(result)
    })
    worker.postMessage(task)
  })
}
