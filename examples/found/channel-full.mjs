/** multithreading: a channel whose memory is full when one thread sends and another receives. */
import { channel, receiverOf, senderOf, sent } from './multithreading.mjs'

export default {
  name: 'multithreading 0.3.52: a channel whose memory is full',
  memory() {
    // Room for the two slots of the channel and for two numbers, one of which has been received.
    const [sending, receiving] = channel(2, { size: 80 })
    sending.blockingSend(1)
    receiving.blockingRecv()
    sending.blockingSend(2)
    const started = new Int32Array(new SharedArrayBuffer(4))
    return { started, sending: sent(sending), receiving: sent(receiving) }
  },
  actors: {
    sender({ started, sending }) {
      // The receiver has its end before anything is sent.
      Atomics.wait(started, 0, 0)
      return senderOf(sending).blockingSend(3).ok
    },
    receiver({ started, receiving }) {
      const receiver = receiverOf(receiving)
      Atomics.store(started, 0, 1)
      Atomics.notify(started, 0)
      return receiver.blockingRecv().value
    },
  },
  observe: ({ receiving }, { sender: wasSent, receiver: received }) =>
    `${wasSent}, ${received}, then ${receiverOf(receiving).blockingRecv().value}`,
  outcomes: { 'true, 2, then 3': 'acceptable' },
}
