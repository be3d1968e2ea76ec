/**
 * One listener, and behind it a pool of threads that serve its connections. The listener's thread only carries bytes; HTTP,
 * Express and the sessions are the workers' affair. Works on every Node.
 */
import { once } from 'node:events'
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { MessageChannel } from 'node:worker_threads'
import { Piscina } from 'piscina'
import { bundle } from '../../src/stress/worker-file.ts'
import type { Connection } from './connection-thread.ts'
import { relay } from './port-socket.ts'
import type { ThreadedServer } from './server.ts'

export class BehindOneListener implements ThreadedServer {
  readonly url: string
  readonly #listener: Server
  readonly #pool: Piscina
  readonly #sockets: Set<Socket>

  private constructor(listener: Server, pool: Piscina, sockets: Set<Socket>) {
    this.#listener = listener
    this.#pool = pool
    this.#sockets = sockets
    this.url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`
  }

  /** All threads have loaded what they need when it is done. */
  static async open(memory: SharedArrayBuffer, threads: number): Promise<BehindOneListener> {
    const pool = new Piscina({
      filename: await bundle(fileURLToPath(new URL('connection-thread.ts', import.meta.url))),
      minThreads: threads,
      maxThreads: threads,
      // A connection is a task; a thread serves many at once, and must not sleep while it has none.
      concurrentTasksPerWorker: 1000,
      atomics: 'disabled',
      idleTimeout: Infinity,
      execArgv: [],
    })
    // Tasks that are given at once go to the threads with the fewest, so each gets one.
    await Promise.all(Array.from({ length: threads }, () => pool.run(undefined, { name: 'load' }) as Promise<void>))
    const sockets = new Set<Socket>()
    const listener = createServer((socket) => {
      sockets.add(socket.on('close', () => sockets.delete(socket)))
      const { port1, port2 } = new MessageChannel()
      relay(socket, port1)
      const connection: Connection = { memory, port: port2 }
      // A thread that fails closes the connection; so does the end of the server.
      pool.run(connection, { transferList: [port2] }).catch(() => socket.destroy())
    })
    listener.listen(0, '127.0.0.1')
    await once(listener, 'listening')
    return new BehindOneListener(listener, pool, sockets)
  }

  async close(): Promise<void> {
    this.#listener.close()
    for (const socket of this.#sockets) socket.destroy()
    await this.#pool.destroy()
  }
}
