/** supersonic-scsynth: two threads send to the audio thread, each through a channel of its own. */
import { OscChannel } from 'supersonic-scsynth/osc-channel'

// A layout as the package's WebAssembly module tells it, smaller.
const bufferConstants = {
  MESSAGE_MAGIC: 0xdeadbeef,
  MESSAGE_HEADER_SIZE: 16,
  CONTROL_START: 0,
  METRICS_START: 64,
  METRICS_SIZE: 0,
  IN_BUFFER_START: 64,
  IN_BUFFER_SIZE: 64,
}
const [HEAD, LOCK] = [0, 10]

const send = (words, sourceId) =>
  OscChannel.createSAB({
    sharedBuffer: words.buffer,
    ringBufferBase: 0,
    bufferConstants,
    sourceId,
    blocking: false,
  }).sendDirect(Uint8Array.of(sourceId, 0, 0, 0))

/** Returns what is in the ring: the sequence number and the content of each message. */
function sent(words) {
  const found = []
  for (let at = 16; at < 16 + Atomics.load(words, HEAD) / 4; at += 5) found.push(`${words[at + 2]}:${words[at + 4]}`)
  return found.join(' ')
}

export default {
  name: 'supersonic-scsynth 0.59.0: two senders that do not block',
  memory: () => new Int32Array(new SharedArrayBuffer(128)),
  actors: {
    alice: (words) => send(words, 1),
    bob: (words) => send(words, 2),
  },
  observe: (words, { alice, bob }) => `${alice}, ${bob}, ${sent(words)}`,
  outcomes: {
    'true, true, 0:1 1:2': 'acceptable',
    'true, true, 0:2 1:1': 'acceptable',
    'true, false, 0:1': ['acceptable', 'not sent, and sendDirect says so'],
    'false, true, 0:2': ['acceptable', 'not sent, and sendDirect says so'],
  },
  names: (words) => ({ head: [words, HEAD], lock: [words, LOCK] }),
}
