/**
 * One port, and every thread listens on it itself: the system shares the connections out, and no thread carries bytes for
 * another. Takes `reusePort`, which Node has since 22.12, on Linux and some others. With one thread it is any server.
 */
import { once } from 'node:events'
import { type AddressInfo, type ListenOptions, type Server, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { bundle } from '../../src/stress/worker-file.ts'
import type { Listening } from './listening-thread.ts'
import type { ThreadedServer } from './server.ts'

export class OnOnePort implements ThreadedServer {
  readonly url: string
  readonly #workers: readonly Worker[]

  private constructor(port: number, workers: readonly Worker[]) {
    this.url = `http://127.0.0.1:${port}`
    this.#workers = workers
  }

  /** More threads than one where `canSharePort` says no: rejects with EADDRINUSE. */
  static async open(memory: SharedArrayBuffer | undefined, threads: number): Promise<OnOnePort> {
    const file = await bundle(fileURLToPath(new URL('listening-thread.ts', import.meta.url)))
    const workers: Worker[] = []
    let port = 0
    try {
      // One after the other: the first is given the port, and none is still loading when another fails.
      while (workers.length < threads) {
        const workerData: Listening = { memory, address: addressOf(port, threads > 1) }
        const worker = new Worker(file, { workerData, execArgv: [] })
        workers.push(worker)
        ;[port] = (await once(worker, 'message')) as [number]
      }
    } catch (failure) {
      await end(workers)
      throw failure
    }
    return new OnOnePort(port, workers)
  }

  close(): Promise<void> {
    return end(this.#workers)
  }
}

/** Found out by trying: a Node that does not know the option ignores it, and on some systems it is an error. */
export async function canSharePort(): Promise<boolean> {
  const [one, other] = [createServer(), createServer()]
  try {
    await listen(one, 0)
    await listen(other, (one.address() as AddressInfo).port)
    return true
  } catch {
    return false
  } finally {
    one.close()
    other.close()
  }
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(addressOf(port, true))
  await once(server, 'listening')
}

/** The types are those of Node 20, which has no such option. */
function addressOf(port: number, reusePort: boolean): ListenOptions & { readonly reusePort: boolean } {
  return { port, host: '127.0.0.1', reusePort }
}

async function end(workers: readonly Worker[]): Promise<void> {
  await Promise.all(workers.map((worker) => worker.terminate()))
}
