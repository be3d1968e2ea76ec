/** A worker thread behind the listener. Each of its tasks is a connection. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { MessagePort } from 'node:worker_threads'
import { application } from './application.ts'
import { PortSocket } from './port-socket.ts'

export interface Connection {
  readonly memory: SharedArrayBuffer
  readonly port: MessagePort
}

let server: Server | undefined

/** Serves one connection. Resolves when the connection has closed. */
export default async function serve({ memory, port }: Connection): Promise<void> {
  server ??= createServer(application(memory))
  const socket = new PortSocket(port)
  server.emit('connection', socket)
  await once(socket, 'close')
}

/** Does nothing: a thread that runs this task has loaded this file. */
export function load(): void {}
