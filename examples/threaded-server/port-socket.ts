/** A connection whose bytes come and go through a message port: the far end of a socket that lives on another thread. */
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { MessagePort } from 'node:worker_threads'

/** The last thing that comes through a port: nothing more will. */
const END = null

export class PortSocket extends Duplex {
  readonly #port: MessagePort

  constructor(port: MessagePort) {
    super()
    this.#port = port
    // A port that has closed has nobody at its other end.
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

/** Relays between a socket and the near end of a port, until either closes. */
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

/** A copy travels: a chunk is often a window on a large buffer, which would be cloned as a whole. */
function post(port: MessagePort, chunk: Buffer): void {
  const bytes = new Uint8Array(chunk)
  port.postMessage(bytes, [bytes.buffer])
}
