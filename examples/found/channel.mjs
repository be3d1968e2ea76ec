/** multithreading: a channel, through which one thread sends while another receives. */
import { channel, receiverOf, senderOf, sent } from './multithreading.mjs'

export default {
  name: 'multithreading 0.3.52: a channel',
  memory() {
    const [sending, receiving] = channel(2)
    sending.blockingSend('a')
    return { sending: sent(sending), receiving: sent(receiving) }
  },
  actors: {
    sender: ({ sending }) => senderOf(sending).blockingSend('b').ok,
    receiver: ({ receiving }) => receiverOf(receiving).blockingRecv().value,
  },
  observe: ({ receiving }, { sender: wasSent, receiver: received }) =>
    `${wasSent}, ${received}, then ${receiverOf(receiving).blockingRecv().value}`,
  outcomes: { 'true, a, then b': 'acceptable' },
}
