/**
 * A database in shared memory: for tests and for exploration, where a real one would be a thing that cannot be controlled.
 * A few rows, searched one by one, under one mutex.
 */
import { RacelabError } from '../../errors.ts'
import { lines, struct, table, word, words } from '../../memory/layout.ts'
import { copyIn, copyOut, decodeText, encodeText, textWords } from '../../memory/text.ts'
import { Mutex } from '../../sync/mutex.ts'
import { type Database, type Row, decodeRowData, encodeRowData } from './database.ts'

/** The database in shared memory has no room for a row. Nothing was stored. */
export class SharedDatabaseFullError extends RacelabError {
  readonly code = 'ERR_RACELAB_SHARED_DATABASE_FULL'

  constructor(what: string) {
    super(`The shared database has no room: ${what}. Allocate it larger, or use SQLite.`)
  }
}

export interface SharedDatabaseOptions {
  /** How many rows fit. Default 16. */
  readonly rows?: number
  /** How many bytes of JSON and id a row may have. Default 1,024. */
  readonly rowBytes?: number
}

/** Allocates the memory of a shared database; any number of agents may open it. */
export function allocateSharedDatabase({ rows = 16, rowBytes = 1024 }: SharedDatabaseOptions = {}): SharedArrayBuffer {
  const rowWords = Math.ceil(rowBytes / 4)
  const memory = new SharedArrayBuffer(4 * layout(rows, rowWords).words)
  new Int32Array(memory).set([rows, rowWords])
  return memory
}

function layout(rows: number, rowWords: number) {
  const row = struct({ isUsed: word, version: word, textWords: word, text: words(rowWords) })
  return struct({ rows: word, rowWords: word, mutex: lines(words(Mutex.WORDS)), row: table(row, rows) })
}

/** Attaches to an allocated shared database. */
export function openSharedDatabase(memory: SharedArrayBuffer): Database {
  const shared = new Int32Array(memory)
  const count = shared[0]!
  const { at, fields } = layout(count, shared[1]!)
  const mutex = new Mutex(shared, at.mutex)
  const rows = fields.row
  const { element } = rows
  const text = new Int32Array(element.fields.text.words)

  /** Where the id's row begins; its text is in `text` afterwards. */
  const find = (id: string): number | undefined => {
    for (let index = 0; index < count; index++) {
      const start = at.row + rows.at(index)
      if (Atomics.load(shared, start + element.at.isUsed) === 0) continue
      copyOut(text, shared, start + element.at.text, Atomics.load(shared, start + element.at.textWords))
      if (decodeText(text, 0) === id) return start
    }
    return undefined
  }

  const free = (): number => {
    for (let index = 0; index < count; index++) {
      const start = at.row + rows.at(index)
      if (Atomics.load(shared, start + element.at.isUsed) === 0) return start
    }
    throw new SharedDatabaseFullError(`all ${count} rows are taken`)
  }

  const store = (id: string, { data, version }: Row): void => {
    const start = find(id) ?? free()
    const json = encodeRowData(data)
    const needed = textWords(id) + textWords(json)
    if (needed > text.length)
      throw new SharedDatabaseFullError(`a row takes ${needed * 4} bytes, ${text.length * 4} fit`)
    const used = encodeText(text, 0, id)
    copyIn(shared, start + element.at.text, text, used + encodeText(text, used, json))
    Atomics.store(shared, start + element.at.textWords, needed)
    Atomics.store(shared, start + element.at.version, version)
    Atomics.store(shared, start + element.at.isUsed, 1)
  }

  const fetch = (id: string): Row | undefined => {
    const start = find(id)
    if (start === undefined) return undefined
    const json = decodeText(text, textWords(id))
    return { version: Atomics.load(shared, start + element.at.version), data: decodeRowData(json) }
  }

  const remove = (id: string): void => {
    const start = find(id)
    if (start !== undefined) Atomics.store(shared, start + element.at.isUsed, 0)
  }

  return {
    fetch: (id) => mutex.holding(() => fetch(id)),
    store: (id, row) => mutex.holding(() => store(id, row)),
    delete: (id) => mutex.holding(() => remove(id)),
    close: () => {},
  }
}
