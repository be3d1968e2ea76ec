/**
 * Real threads for tests. A fixture module ends with `serve({ … })`, which names the jobs that its threads can do. A test calls
 * `threads<Jobs>(file)`, runs a job on `count` threads over one shared memory, and ends the threads in an `afterAll`.
 *
 * All threads of a run start together, through a gate that is written here with Atomics only: a test of `sync` must not depend on
 * `sync`. Threads are never ordered by time. The only clocks are watchdogs, which turn a hang into an error.
 */
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Worker, parentPort } from 'node:worker_threads'
import { bundle } from '../src/stress/worker-file.ts'

/** What a thread does with the shared words: the thread with index `thread` out of `count` threads. */
export type Job = (words: Int32Array, thread: number, count: number) => unknown

/** Threads that run the jobs of a fixture. */
export interface Threads<Jobs extends Record<string, Job>> {
  /** Runs a job on `count` threads, and `meanwhile` on this thread; resolves to what each thread returned. */
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

/** Milliseconds. Every run is much faster, so a run that takes this long hangs. */
const HANGS_AFTER = 10_000

/** Does the jobs that the test asks for. A fixture calls it in its last line. On the test's own thread it does nothing. */
export function serve(jobs: Record<string, Job>): void {
  parentPort?.on('message', ({ job, words, gate, thread, count }: Task) => {
    gather(gate, 0, count)
    parentPort?.postMessage(jobs[job]!(words, thread, count))
  })
}

/** Counts an arrival in a word, and waits until `arrivals` of them are counted. */
export function gather(words: Int32Array, at: number, arrivals: number): void {
  if (Atomics.add(words, at, 1) + 1 === arrivals) Atomics.notify(words, at)
  for (let seen = 0; (seen = Atomics.load(words, at)) < arrivals;) Atomics.wait(words, at, seen)
}

/**
 * Returns threads for the jobs of a fixture. They start when they are first needed, and are kept for the next run unless
 * a run fails.
 */
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

/** Returns new shared words, all zero. */
export function freshWords(count: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(4 * count))
}

/** Waits until `seen` returns true, without blocking the event loop. */
export async function until(seen: () => boolean): Promise<void> {
  const start = performance.now()
  while (!seen()) {
    if (performance.now() - start > HANGS_AFTER)
      throw new Error(`This did not become true in ${HANGS_AFTER} ms: ${seen.toString()}`)
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
