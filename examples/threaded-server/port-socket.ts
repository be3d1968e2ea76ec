/** A connection over a message port: the worker's end of a socket that belongs to the listening thread. */
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { MessagePort } from 'node:worker_threads'

/** The last message through a port. It says that the sender will write no more bytes. */
const END = null

export class PortSocket extends Duplex {
  readonly #port: MessagePort

  constructor(port: MessagePort) {
    super()
    this.#port = port
    // The port closes when the other end has closed, so the connection is over.
    port.on('message', (bytes: Uint8Array | typeof END) => this.push(bytes)).on('close', () => this.destroy())
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    post(this.#port, chunk)
    done()
  }

  override _final(done: () => void): void {
    this.#port.postMessage(END)
    done()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#port.close()
    done(error)
  }
}

/** Forwards bytes between a socket and the listening thread's end of a port, until one of them closes. */
export function relay(socket: Socket, port: MessagePort): void {
  socket.setNoDelay(true)
  socket
    .on('data', (chunk) => post(port, chunk))
    .on('end', () => port.postMessage(END))
    .on('close', () => port.close())
    .on('error', () => port.close())
  port.on('message', (bytes: Uint8Array | typeof END) => void (bytes === END ? socket.end() : socket.write(bytes)))
  port.on('close', () => socket.destroy())
}

/** Sends a copy of the chunk. A chunk is often part of a large buffer, and posting it would clone the whole buffer. */
function post(port: MessagePort, chunk: Buffer): void {
  const bytes = new Uint8Array(chunk)
  port.postMessage(bytes, [bytes.buffer])
}
