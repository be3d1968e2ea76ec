/** multithreading: a channel, through which one thread sends while another receives. */
import { channel } from './multithreading.mjs'

// How the package sends an object to a thread, and makes it again there.
const [sender] = channel(1)
const [serialize] = Object.getOwnPropertySymbols(Object.getPrototypeOf(Object.getPrototypeOf(sender)))
const [deserialize] = Object.getOwnPropertySymbols(sender.constructor)
const { constructor: Sender } = sender
const { constructor: Receiver } = channel(1)[1]

export default {
  name: 'multithreading 0.3.52: a channel',
  memory() {
    const [sending, receiving] = channel(2)
    sending.blockingSend('a')
    return { sending: sending[serialize]()[0], receiving: receiving[serialize]()[0] }
  },
  actors: {
    sender: ({ sending }) => Sender[deserialize](sending).blockingSend('b').ok,
    receiver: ({ receiving }) => Receiver[deserialize](receiving).blockingRecv().value,
  },
  observe: ({ receiving }, { sender: sent, receiver: received }) =>
    `${sent}, ${received}, then ${Receiver[deserialize](receiving).blockingRecv().value}`,
  outcomes: { 'true, a, then b': 'acceptable' },
}
