/** Checks a history in a thread of its own, so that a time limit and a memory limit always hold. */
import { Worker } from 'node:worker_threads'
import { workerFile } from '../../stress/worker-file.ts'
import type { CheckTask } from './check-task.ts'
import type { CheckedDocument } from './checked-document.ts'

/** How long the thread may take beyond the time limit, in milliseconds: to load the model, and to post its result. */
const GRACE_MS = 1000

/**
 * Returns what the check has found. Rejects with the signal's reason when the signal is aborted.
 *
 * @param memory In MiB.
 */
export async function checkInThread(task: CheckTask, memory: number, signal: AbortSignal): Promise<CheckedDocument> {
  const { file, model, timeout } = task
  const began = performance.now()
  const worker = new Worker(await workerFile('check'), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: memory },
  })
  const done = new AbortController()
  try {
    const stopped = await new Promise<CheckedDocument | string>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { signal: done.signal })
      const timer = setTimeout(resolve, timeout * 1000 + GRACE_MS, `gave up after ${timeout} s, in the model`)
      done.signal.addEventListener('abort', () => clearTimeout(timer))
      worker.once('message', resolve)
      worker.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') resolve(`gave up at ${memory} MiB of memory (--memory)`)
        else reject(error)
      })
    })
    if (typeof stopped !== 'string') return stopped
    const elapsedMs = performance.now() - began
    return { schema: 1, file, model, verdict: 'unknown', operations: 0, partitions: 0, stopped, elapsedMs }
  } finally {
    done.abort()
    await worker.terminate()
  }
}
