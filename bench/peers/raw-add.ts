/** A ceiling: nothing but one atomic addition to a word a session. */
import type { Client, Contestant } from './contestant.ts'
import { newSession } from './sessions.ts'

export const rawAdd: Contestant = {
  name: 'raw Atomics.add',
  role: 'ceiling',
  operations: ['increment'],
  note: 'a counter a session and nothing else',
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
      get(cells, look) {
        for (const cell of cells) look({ ...newSession(''), accessCount: Atomics.load(words, cell) })
      },
    }
  },
}
