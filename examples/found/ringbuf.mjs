/** ringbuf.js: its queue for one producer and one consumer, which is right. */
import { RingBuffer } from 'ringbuf.js'

const over = (buffer) => new RingBuffer(buffer, Uint8Array)

export default {
  name: 'ringbuf.js 0.4.0: one producer, one consumer',
  memory: () => new Uint8Array(RingBuffer.getStorageForCapacity(2, Uint8Array)),
  actors: {
    producer: ({ buffer }) => [1, 2, 3].filter((value) => over(buffer).push(Uint8Array.of(value)) === 1).join(''),
    consumer({ buffer }) {
      const taken = new Uint8Array(1)
      return [1, 2, 3].flatMap(() => (over(buffer).pop(taken) === 1 ? [taken[0]] : [])).join('')
    },
  },
  // What was taken is what was pushed, in order and without a gap, as far as it was taken.
  invariant: (_, { producer, consumer }) => producer.startsWith(consumer),
}
