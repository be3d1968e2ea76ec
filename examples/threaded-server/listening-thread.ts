/** A thread that listens on a port, alone or together with other threads, and posts the number of the port to its parent. */
import { createServer } from 'node:http'
import type { AddressInfo, ListenOptions } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { application } from './application.ts'

export interface Listening {
  readonly memory: SharedArrayBuffer | undefined
  readonly address: ListenOptions
}

const { memory, address } = workerData as Listening
const server = createServer(application(memory))
server.listen(address, () => parentPort!.postMessage((server.address() as AddressInfo).port))
