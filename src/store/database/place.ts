/**
 * Where a database is, as plain data: what is made once, travels to the workers, and is opened by each with a connection of
 * its own.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Database } from './database.ts'
import { allocateSharedDatabase, openSharedDatabase } from './shared.ts'
import { openSqlite } from './sqlite.ts'

export type DatabaseKind = 'memory' | 'sqlite'

export type DatabasePlace =
  | { readonly kind: 'memory'; readonly memory: SharedArrayBuffer }
  | { readonly kind: 'sqlite'; readonly path: string }

/** A connection for each file that was made and is not removed. */
const kept = new Map<string, Database>()

/** Makes a database for at most so many rows; remove it when it is no longer needed. */
export function makeDatabase(kind: DatabaseKind, rows: number): DatabasePlace {
  if (kind === 'memory') return { kind, memory: allocateSharedDatabase({ rows }) }
  const path = join(mkdtempSync(join(tmpdir(), 'racelab-')), 'sessions.db')
  // One connection stays open: the last to close would take the log away, and those that open then would be in each other's way.
  kept.set(path, openSqlite(path))
  return { kind, path }
}

export function openDatabase(place: DatabasePlace): Database {
  return place.kind === 'memory' ? openSharedDatabase(place.memory) : openSqlite(place.path)
}

/** Removes what `makeDatabase` made. All connections are closed, or their threads are gone. */
export function removeDatabase(place: DatabasePlace): void {
  if (place.kind !== 'sqlite') return
  kept.get(place.path)?.close()
  kept.delete(place.path)
  rmSync(dirname(place.path), { recursive: true, force: true })
}
