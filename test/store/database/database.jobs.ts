/** The jobs of threads on one database, each through a connection of its own. */
import type { Database } from '../../../src/store/database/database.ts'
import { openSharedDatabase } from '../../../src/lab/databases/shared.ts'
import { openSqlite } from '../../../src/store/database/sqlite.ts'
import { gather } from '../../threads.ts'
import { serveMemories } from '../stores.ts'
import { rowOf } from './row-of.ts'

/** Where a database is: the name of a file, or a memory. */
export type Place = string | SharedArrayBuffer

interface Task {
  readonly place: Place
  /** Words of 0, for the meeting points. */
  readonly words: Int32Array
  readonly rounds: number
}

export function open(place: Place): Database {
  return typeof place === 'string' ? openSqlite(place) : openSharedDatabase(place)
}

const jobs = {
  /**
   * In each round every thread stores a row of its own, meets the others, and fetches all rows. Returns how many rows were not as
   * stored.
   */
  showEachOther({ place, words, rounds }: Task, thread: number, count: number): number {
    const database = open(place)
    let wrong = 0
    let meetings = 0
    const meet = () => gather(words, 0, ++meetings * count)
    for (let round = 1; round <= rounds; round++) {
      database.store(`row ${thread}`, rowOf(round * 100 + thread))
      meet()
      for (let other = 0; other < count; other++)
        if (database.fetch(`row ${other}`)?.data.userId !== `version ${round * 100 + other}`) wrong++
      meet()
      if (thread === 0) for (let other = 0; other < count; other++) database.delete(`row ${other}`)
      meet()
      for (let other = 0; other < count; other++) if (database.fetch(`row ${other}`) !== undefined) wrong++
      meet()
    }
    database.close()
    return wrong
  },

  /** All threads store and fetch one row, and sometimes delete it. Returns the rows that mix the halves of two. */
  tear({ place, rounds }: Task, thread: number, count: number): string[] {
    const database = open(place)
    const torn: string[] = []
    for (let round = 0; round < rounds; round++) {
      database.store('row', rowOf(10 ** (round % 7) + round * count + thread))
      if (round % 5 === 4) database.delete('row')
      const row = database.fetch('row')
      if (row === undefined) continue
      const { data, version } = row
      const texts = new Set([data.userId, data.username, ...data.metadata.keys(), ...data.metadata.values()])
      if (texts.size !== 1 || !texts.has(`version ${version}`) || data.accessCount !== version)
        torn.push(JSON.stringify(row))
    }
    database.close()
    return torn
  },
}

export type Jobs = typeof jobs
serveMemories(jobs)
