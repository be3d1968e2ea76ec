/** multithreading: a channel whose memory is full when one thread sends and another receives. */
import { channel } from './multithreading.mjs'

// How the package sends an object to a thread, and makes it again there.
const [sender] = channel(1)
const [serialize] = Object.getOwnPropertySymbols(Object.getPrototypeOf(Object.getPrototypeOf(sender)))
const [deserialize] = Object.getOwnPropertySymbols(sender.constructor)
const { constructor: Sender } = sender
const { constructor: Receiver } = channel(1)[1]

export default {
  name: 'multithreading 0.3.52: a channel whose memory is full',
  memory() {
    // Room for the two slots of the channel and for two numbers, one of which has been received.
    const [sending, receiving] = channel(2, { size: 80 })
    sending.blockingSend(1)
    receiving.blockingRecv()
    sending.blockingSend(2)
    const started = new Int32Array(new SharedArrayBuffer(4))
    return { started, sending: sending[serialize]()[0], receiving: receiving[serialize]()[0] }
  },
  actors: {
    sender({ started, sending }) {
      // The receiver has its end before anything is sent.
      Atomics.wait(started, 0, 0)
      return Sender[deserialize](sending).blockingSend(3).ok
    },
    receiver({ started, receiving }) {
      const receiver = Receiver[deserialize](receiving)
      Atomics.store(started, 0, 1)
      Atomics.notify(started, 0)
      return receiver.blockingRecv().value
    },
  },
  observe: ({ receiving }, { sender: sent, receiver: received }) =>
    `${sent}, ${received}, then ${Receiver[deserialize](receiving).blockingRecv().value}`,
  outcomes: { 'true, 2, then 3': 'acceptable' },
}
