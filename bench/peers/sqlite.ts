/** SQLite in /dev/shm with a write-ahead log: a connection for each thread. Each operation is one statement and one transaction. */
import { mkdtempSync, rmSync } from 'node:fs'
import { sqliteDriver } from '../../src/store/database/sqlite-driver.ts'
import type { Connection } from '../../src/store/database/sqlite-driver.ts'
import { OPERATIONS } from './implementation.ts'
import type { Client, Implementation } from './implementation.ts'
import { METADATA, USERNAME, USER_ID } from './sessions.ts'

interface Row {
  readonly id: string
  readonly userId: string
  readonly username: string
  readonly accessCount: number
  readonly metadata: string
}

const TABLE = `create table if not exists session (id text primary key, userId text, username text, accessCount integer,
  version integer, isAuthenticated integer, lastActivity integer, metadata text) without rowid`
const COUNT = 'accessCount = accessCount + 1, version = version + 1, lastActivity = ?'

export const sqlite: Implementation = {
  name: 'SQLite in RAM',
  role: 'peer',
  operations: OPERATIONS,
  note: 'write-ahead log; unlike racelab it works across processes and, on a disk, survives a crash',
  version: () => `SQLite ${versionOfSqlite()}, ${sqliteDriver().name}`,

  open() {
    const folder = mkdtempSync('/dev/shm/racelab-sqlite-')
    connect(folder).close()
    return { data: () => ({ data: folder }), close: () => rmSync(folder, { recursive: true, force: true }) }
  },

  attach: (folder) => clientOf(connect(folder as string)),
}

function versionOfSqlite(): string {
  const connection = sqliteDriver().open(':memory:')
  const { version } = connection.prepare('select sqlite_version() as version').get() as { version: string }
  connection.close()
  return version
}

function connect(folder: string): Connection {
  const connection = sqliteDriver().open(`${folder}/sessions.db`)
  connection.exec('pragma busy_timeout = 10000; pragma journal_mode = wal; pragma synchronous = normal')
  connection.exec(TABLE)
  return connection
}

function clientOf(connection: Connection): Client {
  const insert = connection.prepare('insert into session values (?, ?, ?, 0, 1, 1, ?, ?)')
  const remove = connection.prepare('delete from session where id = ?')
  const count = connection.prepare(`update session set ${COUNT} where id = ?`)
  const select = connection.prepare('select * from session where id = ?')
  const change = connection.prepare(`update session set metadata = json_set(metadata, ?, ?), ${COUNT} where id = ?`)
  return {
    create(ids) {
      for (const id of ids) insert.run(id, USER_ID, USERNAME, Date.now(), JSON.stringify(METADATA))
    },
    delete(ids) {
      for (const id of ids) remove.run(id)
    },
    increment(ids) {
      for (const id of ids) count.run(Date.now(), id)
    },
    get(ids, onSession) {
      for (const id of ids) {
        const row = select.get(id) as Row | undefined
        onSession(row && { ...row, metadata: JSON.parse(row.metadata) as Record<string, string> })
      }
    },
    set(ids, key, values) {
      ids.forEach((id, index) => change.run(`$.${key}`, values[index]!, Date.now(), id))
    },
    close: () => connection.close(),
  }
}
