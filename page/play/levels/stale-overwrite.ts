import type { Level } from '../level.ts'

export const staleOverwrite: Level = {
  id: 'stale-overwrite',
  title: 'Stale overwrite',
  story:
    'The editor changes an address from 4 to 7, first in the database’s row, then in the session, which gets a new version. A refresh copies the row to the session, if it has not become older in the meantime. In the end the session must have the address 7.',
  code: `const VERSION = 0, ADDRESS = 1, ROW = 2

const refresh = (words: Int32Array) => {
  const version = Atomics.load(words, VERSION)
  const row = Atomics.load(words, ROW)
  if (Atomics.load(words, VERSION) >= version) Atomics.store(words, ADDRESS, row)
}

const editor = (words: Int32Array) => {
  Atomics.store(words, ROW, 7)
  Atomics.store(words, ADDRESS, 7)
  Atomics.add(words, VERSION, 1)
}

export default {
  name: 'a session and its row',
  memory: () => {
    const words = new Int32Array(new SharedArrayBuffer(12))
    words.set([1, 4, 4])
    return words
  },
  actors: { refresh, editor },
  observe: (words: Int32Array) => words[ADDRESS],
  outcomes: { 7: 'acceptable', 4: ['forbidden', 'the refresh overwrote the new address with an old row'] },
  names: (words: Int32Array) => ({ version: [words, VERSION], address: [words, ADDRESS], row: [words, ROW] }),
}
`,
  best: 1,
  lesson:
    'Versions only grow, so >= is always true, and true above all when the session has changed. And even === would leave a gap between the check and the store.',
  fix: {
    story:
      'Version and address share a word, 10 · version + address. The refresh writes it by compareExchange, only if nothing has changed since it looked; the editor tries again if the refresh came first.',
    code: `const SESSION = 0, ROW = 1

const refresh = (words: Int32Array) => {
  const seen = Atomics.load(words, SESSION)
  const row = Atomics.load(words, ROW)
  Atomics.compareExchange(words, SESSION, seen, seen - (seen % 10) + 10 + row)
}

const editor = (words: Int32Array) => {
  Atomics.store(words, ROW, 7)
  for (let tries = 0; tries < 2; tries++) {
    const seen = Atomics.load(words, SESSION)
    if (Atomics.compareExchange(words, SESSION, seen, seen - (seen % 10) + 17) === seen) return
  }
}

export default {
  name: 'a session of one word and its row',
  memory: () => {
    const words = new Int32Array(new SharedArrayBuffer(8))
    words.set([14, 4])
    return words
  },
  actors: { refresh, editor },
  observe: (words: Int32Array) => words[SESSION] % 10,
  outcomes: { 7: 'acceptable', 4: ['forbidden', 'the refresh overwrote the new address with an old row'] },
  names: (words: Int32Array) => ({ session: [words, SESSION], row: [words, ROW] }),
}
`,
    lesson:
      'The decision and the write are one step, so an old row is written only over an old session, before the edit. The version makes sure that an edit back and forth is noticed too.',
  },
}
