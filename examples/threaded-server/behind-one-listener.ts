/**
 * One thread listens, and a pool of threads serves the connections. The listening thread only forwards bytes; the workers do the
 * HTTP, Express and session work. It works on every version of Node.
 */
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
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

  /** Starts `threads` workers and a listener on a free port. Resolves when all workers have loaded the application. */
  static async open(memory: SharedArrayBuffer, threads: number): Promise<BehindOneListener> {
    const pool = new Piscina({
      filename: await bundle(fileURLToPath(new URL('connection-thread.ts', import.meta.url))),
      minThreads: threads,
      maxThreads: threads,
      // Each connection is a task. A thread serves many connections at the same time, and must not block while it has none.
      concurrentTasksPerWorker: 1000,
      atomics: 'disabled',
      idleTimeout: Infinity,
      execArgv: [],
    })
    // piscina gives a task to the thread with the fewest tasks, so each thread gets one of these.
    await Promise.all(Array.from({ length: threads }, () => pool.run(undefined, { name: 'load' }) as Promise<void>))
    const sockets = new Set<Socket>()
    const listener = createServer((socket) => {
      sockets.add(socket.on('close', () => sockets.delete(socket)))
      const { port1, port2 } = new MessageChannel()
      relay(socket, port1)
      const connection: Connection = { memory, port: port2 }
      // When the thread fails or the server closes, the connection is closed too.
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
