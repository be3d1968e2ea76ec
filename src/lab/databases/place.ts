/**
 * Where a database is, as plain data. The main thread makes a database once and sends its place to the workers; each worker opens a
 * connection of its own.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Database } from '../../store/database/database.ts'
import { allocateSharedDatabase, openSharedDatabase } from './shared.ts'
import { openSqlite } from '../../store/database/sqlite.ts'

export type DatabaseKind = 'memory' | 'sqlite'

/** Where a database is: in shared memory, or in a file. */
export type DatabasePlace =
  | { readonly kind: 'memory'; readonly memory: SharedArrayBuffer }
  | { readonly kind: 'sqlite'; readonly path: string }

/** One open connection for each file that `makeDatabase` has made and `removeDatabase` has not removed. */
const kept = new Map<string, Database>()

/**
 * Makes a database and returns its place. In shared memory it holds at most `rows` rows. The caller must pass the place to
 * `removeDatabase` at the end.
 */
export function makeDatabase(kind: DatabaseKind, rows: number): DatabasePlace {
  if (kind === 'memory') return { kind, memory: allocateSharedDatabase({ rows }) }
  const path = join(mkdtempSync(join(tmpdir(), 'racelab-')), 'sessions.db')
  // One connection stays open. Without it, the last connection to close would delete the write-ahead log, and the next ones
  // to open would block each other while they create it.
  kept.set(path, openSqlite(path))
  return { kind, path }
}

/** Opens a connection to the database at a place. */
export function openDatabase(place: DatabasePlace): Database {
  return place.kind === 'memory' ? openSharedDatabase(place.memory) : openSqlite(place.path)
}

/** Removes what `makeDatabase` made. All connections must be closed, or their threads must have ended. */
export function removeDatabase(place: DatabasePlace): void {
  if (place.kind !== 'sqlite') return
  kept.get(place.path)?.close()
  kept.delete(place.path)
  rmSync(dirname(place.path), { recursive: true, force: true })
}
