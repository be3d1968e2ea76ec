/** A ceiling: one atomic addition to a word, which is all that a session has. */
import type { Client, Implementation } from './implementation.ts'
import { newSession } from './sessions.ts'

export const rawAdd: Implementation = {
  name: 'raw Atomics.add',
  role: 'ceiling',
  operations: ['increment'],
  note: 'only a counter for each session',
  version: () => process.version,

  open({ sessions }) {
    const words = new Int32Array(new SharedArrayBuffer(4 * sessions))
    return { data: () => ({ data: words }) }
  },

  attach(data): Client<number> {
    const words = data as Int32Array
    return {
      handle: (_, index) => index,
      create() {},
      increment(cells) {
        for (const cell of cells) Atomics.add(words, cell, 1)
      },
      get(cells, onSession) {
        for (const cell of cells) onSession({ ...newSession(''), accessCount: Atomics.load(words, cell) })
      },
    }
  },
}
