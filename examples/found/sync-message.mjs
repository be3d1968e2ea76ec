/** sync-message: a worker reads two messages, and the main thread writes each of them when it is asked for. */
// The package is for browsers.
globalThis.self ??= globalThis
const { makeAtomicsChannel, readMessage, writeMessageAtomics } = (await import('sync-message')).default

export default {
  name: 'sync-message 0.0.12: a message for each request',
  memory: () => ({ channel: makeAtomicsChannel({ bufferSize: 8 }), asked: new Int32Array(new SharedArrayBuffer(4)) }),
  actors: {
    main({ channel, asked }) {
      writeMessageAtomics(channel, 1)
      Atomics.wait(asked, 0, 0)
      writeMessageAtomics(channel, 2)
    },
    worker({ channel, asked }) {
      const first = readMessage(channel, 'the first')
      // In a browser, the worker asks with postMessage.
      Atomics.store(asked, 0, 1)
      Atomics.notify(asked, 0)
      return [first, readMessage(channel, 'the second')].join(', ')
    },
  },
  observe: (_, { worker }) => worker,
  outcomes: { '1, 2': 'acceptable' },
  names: ({ channel, asked }) => ({ size: [channel.meta, 0], ready: [channel.meta, 1], asked: [asked, 0] }),
}
