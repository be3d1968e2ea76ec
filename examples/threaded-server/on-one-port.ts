/**
 * Every thread listens on the same port. The operating system distributes the connections, and no thread forwards bytes for
 * another one. It needs the option `reusePort` of Node 22.12 or later, on Linux and some other systems. A single thread needs no
 * such option.
 */
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, ListenOptions, Server } from 'node:net'
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

  /**
   * Starts `threads` threads that listen on one free port. Rejects with EADDRINUSE when `threads` is more than 1 and threads cannot
   * share a port (see `canSharePort`).
   */
  static async open(memory: SharedArrayBuffer | undefined, threads: number): Promise<OnOnePort> {
    const file = await bundle(fileURLToPath(new URL('listening-thread.ts', import.meta.url)))
    const workers: Worker[] = []
    let port = 0
    try {
      // Threads start one after the other: the first gets the port from the system, and no thread is still loading when one fails.
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

/**
 * Resolves to whether several threads can listen on one port. It tries, because an older Node ignores the option, and some systems
 * reject it.
 */
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

/** Returns the options of `listen`. The types of Node 20 lack `reusePort`. */
function addressOf(port: number, reusePort: boolean): ListenOptions & { readonly reusePort: boolean } {
  return { port, host: '127.0.0.1', reusePort }
}

async function end(workers: readonly Worker[]): Promise<void> {
  await Promise.all(workers.map((worker) => worker.terminate()))
}
