/** absurd-sql: the channel through which its worker asks the thread that has IndexedDB. */
import { Reader, Writer } from 'absurd-sql/src/indexeddb/shared-channel.js'

export default {
  name: 'absurd-sql 0.0.54: a channel, a request and its end',
  memory: () => new Int32Array(new SharedArrayBuffer(32)),
  actors: {
    asker({ buffer }) {
      const writer = new Writer(buffer)
      writer.string('a')
      writer.finalize()
    },
    answerer({ buffer }) {
      const reader = new Reader(buffer)
      return [reader.string(), reader.done()].join()
    },
  },
  observe: (_, { answerer }) => answerer,
  outcomes: { 'a,true': 'acceptable' },
}
